package expression

import (
	"regexp"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// Placeholders are a request's ExpressionAttributeNames and -Values. Each must
// be used by some expression of the request.
type Placeholders struct {
	names       []namePlaceholder
	values      []valuePlaceholder
	namesGiven  bool
	valuesGiven bool
}

type namePlaceholder struct {
	key  string // "#n"
	name string
	used bool
}

type valuePlaceholder struct {
	key   string // ":v"
	value attribute.Value
	used  bool
}

// ReadNames reads ExpressionAttributeNames.
func (p *Placeholders) ReadNames(r *protocol.Reader) {
	p.namesGiven = true
	r.Object(func(key string) {
		p.names = append(p.names, namePlaceholder{key: key, name: r.Text()})
	})
}

// ReadValues reads ExpressionAttributeValues.
func (p *Placeholders) ReadValues(r *protocol.Reader) {
	p.valuesGiven = true
	r.Object(func(key string) {
		p.values = append(p.values, valuePlaceholder{key: key, value: attribute.ReadValue(r)})
	})
}

func (p *Placeholders) name(key string) (string, bool) {
	for i := range p.names {
		if p.names[i].key == key {
			p.names[i].used = true
			return p.names[i].name, true
		}
	}
	return "", false
}

func (p *Placeholders) value(key string) (attribute.Value, bool) {
	for i := range p.values {
		if p.values[i].key == key {
			p.values[i].used = true
			return p.values[i].value, true
		}
	}
	return attribute.Value{}, false
}

var (
	nameKey  = regexp.MustCompile(`^#[A-Za-z0-9_]+$`)
	valueKey = regexp.MustCompile(`^:[A-Za-z0-9_]+$`)
)

// Check refuses maps that are empty, badly keyed, or given without any
// expression that could use them.
func (p *Placeholders) Check(anyExpression bool) error {
	switch {
	case p.namesGiven && !anyExpression:
		return protocol.Invalid("ExpressionAttributeNames can only be specified when using expressions")
	case p.valuesGiven && !anyExpression:
		return protocol.Invalid("ExpressionAttributeValues can only be specified when using expressions")
	case p.namesGiven && len(p.names) == 0:
		return protocol.Invalid("ExpressionAttributeNames must not be empty")
	case p.valuesGiven && len(p.values) == 0:
		return protocol.Invalid("ExpressionAttributeValues must not be empty")
	}
	for i := range p.names {
		if n := &p.names[i]; !nameKey.MatchString(n.key) {
			return protocol.Invalid("ExpressionAttributeNames contains invalid key: Syntax error; key: %q", n.key)
		} else if n.name == "" {
			return protocol.Invalid("ExpressionAttributeNames contains invalid value: Attribute name must not be empty for key %s", n.key)
		}
	}
	for i := range p.values {
		if v := &p.values[i]; !valueKey.MatchString(v.key) {
			return protocol.Invalid("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", v.key)
		}
	}
	return nil
}
