package expression

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

// KeyCondition is a parsed KeyConditionExpression: one partition, and bounds on
// the positions in it.
type KeyCondition struct {
	Hash   attribute.Value
	Within keys.Bounds
}

// ParseKeyCondition reads the expression and holds it against the key of the
// table or index that is queried.
func ParseKeyCondition(text string, given *Placeholders, schema keys.Schema) (KeyCondition, error) {
	parsed, _, err := ParseCondition("KeyConditionExpression", text, given)
	if err != nil {
		return KeyCondition{}, err
	}
	var k keyReader
	k.schema = schema
	if err := k.read(parsed); err != nil {
		return KeyCondition{}, err
	}
	if !k.hasHash {
		return KeyCondition{}, protocol.Invalid("Query condition missed key schema element: %s", schema.Hash.Name)
	}
	return k.found, nil
}

type keyReader struct {
	schema           keys.Schema
	found            KeyCondition
	hasHash, hasSort bool
}

var errKeyOperator = protocol.Invalid("Invalid operator used in KeyConditionExpression: only =, <, <=, >, >=, BETWEEN and begins_with, joined by AND")

func (k *keyReader) read(c Condition) error {
	switch c := c.(type) {
	case and:
		if err := k.read(c.left); err != nil {
			return err
		}
		return k.read(c.right)
	case comparison:
		if c.operator == "<>" {
			return errKeyOperator
		}
		left, right, operator := c.left, c.right, c.operator
		if left.isLiteral() {
			left, right = right, left
			operator = mirrored[operator]
		}
		return k.compare(operator, left, right)
	case between:
		return k.compare("BETWEEN", c.tested, c.low, c.high)
	case beginsWith:
		return k.compare("begins_with", c.tested, c.prefix)
	}
	return errKeyOperator
}

// mirrored is the operator that says the same with its sides exchanged.
var mirrored = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (k *keyReader) compare(operator string, key operand, operands ...operand) error {
	if key.isLiteral() || key.size || len(key.path) != 1 {
		return errKeyOperator
	}
	part, err := k.part(operator, key.path[0].name)
	if err != nil {
		return err
	}
	values := make([]attribute.Value, len(operands))
	for i, o := range operands {
		if !o.isLiteral() {
			return protocol.Invalid("Invalid KeyConditionExpression: key attributes can only be compared with expression attribute values")
		}
		if o.literal.Kind != part.Kind {
			return protocol.InvalidValue("Condition parameter type does not match schema type")
		}
		if o.literal.Text == "" {
			return protocol.InvalidValue("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
				part.Kind.Word(), part.Name)
		}
		values[i] = o.literal
	}
	if part == k.schema.Hash {
		k.found.Hash = values[0]
		return nil
	}
	if operator == "begins_with" && part.Kind == attribute.Number {
		return protocol.InvalidValue("begins_with does not apply to a key of type N")
	}
	k.found.Within = keys.BoundsFor(operator, values...)
	return nil
}

// part finds which half of the key is meant and refuses to have it twice.
func (k *keyReader) part(operator, name string) (keys.Part, error) {
	switch {
	case name == k.schema.Hash.Name:
		if operator != "=" {
			return keys.Part{}, protocol.Invalid("Query key condition not supported")
		}
		if k.hasHash {
			return keys.Part{}, protocol.Invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
		}
		k.hasHash = true
		return k.schema.Hash, nil
	case k.schema.Sort.Name != "" && name == k.schema.Sort.Name:
		if k.hasSort {
			return keys.Part{}, protocol.Invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
		}
		k.hasSort = true
		return k.schema.Sort, nil
	}
	return keys.Part{}, protocol.Invalid("Query condition missed key schema element: %s", k.schema.Parts()[len(k.schema.Parts())-1].Name)
}
