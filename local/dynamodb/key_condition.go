package dynamodb

// keyCondition is a parsed KeyConditionExpression: one partition, and bounds on
// the positions in it.
type keyCondition struct {
	hash   value
	within bounds
}

// parseKeyCondition reads the expression and holds it against the key of the
// table or index that is queried.
func parseKeyCondition(text string, given *placeholders, schema keySchema) (keyCondition, error) {
	parsed, _, err := parseCondition("KeyConditionExpression", text, given)
	if err != nil {
		return keyCondition{}, err
	}
	var k keyReader
	k.schema = schema
	if err := k.read(parsed); err != nil {
		return keyCondition{}, err
	}
	if !k.hasHash {
		return keyCondition{}, invalid("Query condition missed key schema element: %s", schema.hash.name)
	}
	return k.found, nil
}

type keyReader struct {
	schema           keySchema
	found            keyCondition
	hasHash, hasSort bool
}

var errKeyOperator = invalid("Invalid operator used in KeyConditionExpression: only =, <, <=, >, >=, BETWEEN and begins_with, joined by AND")

func (k *keyReader) read(c condition) error {
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
	values := make([]value, len(operands))
	for i, o := range operands {
		if !o.isLiteral() {
			return invalid("Invalid KeyConditionExpression: key attributes can only be compared with expression attribute values")
		}
		if o.literal.kind != part.kind {
			return invalidValue("Condition parameter type does not match schema type")
		}
		if o.literal.text == "" {
			return invalidValue("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
				part.kind.word(), part.name)
		}
		values[i] = o.literal
	}
	if part == k.schema.hash {
		k.found.hash = values[0]
		return nil
	}
	if operator == "begins_with" && part.kind == kindNumber {
		return invalidValue("begins_with does not apply to a key of type N")
	}
	k.found.within = boundsFor(operator, values...)
	return nil
}

// part finds which half of the key is meant and refuses to have it twice.
func (k *keyReader) part(operator, name string) (keyAttribute, error) {
	switch {
	case name == k.schema.hash.name:
		if operator != "=" {
			return keyAttribute{}, invalid("Query key condition not supported")
		}
		if k.hasHash {
			return keyAttribute{}, invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
		}
		k.hasHash = true
		return k.schema.hash, nil
	case k.schema.sort.name != "" && name == k.schema.sort.name:
		if k.hasSort {
			return keyAttribute{}, invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
		}
		k.hasSort = true
		return k.schema.sort, nil
	}
	return keyAttribute{}, invalid("Query condition missed key schema element: %s", k.schema.parts()[len(k.schema.parts())-1].name)
}
