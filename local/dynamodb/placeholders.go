package dynamodb

import "regexp"

// placeholders are a request's ExpressionAttributeNames and -Values. Each must
// be used by some expression of the request.
type placeholders struct {
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
	value value
	used  bool
}

func (p *placeholders) readNames(r *jsonReader) {
	p.namesGiven = true
	r.object(func(key string) {
		p.names = append(p.names, namePlaceholder{key: key, name: r.text()})
	})
}

func (p *placeholders) readValues(r *jsonReader) {
	p.valuesGiven = true
	r.object(func(key string) {
		p.values = append(p.values, valuePlaceholder{key: key, value: readValue(r)})
	})
}

func (p *placeholders) name(key string) (string, bool) {
	for i := range p.names {
		if p.names[i].key == key {
			p.names[i].used = true
			return p.names[i].name, true
		}
	}
	return "", false
}

func (p *placeholders) value(key string) (value, bool) {
	for i := range p.values {
		if p.values[i].key == key {
			p.values[i].used = true
			return p.values[i].value, true
		}
	}
	return value{}, false
}

var (
	nameKey  = regexp.MustCompile(`^#[A-Za-z0-9_]+$`)
	valueKey = regexp.MustCompile(`^:[A-Za-z0-9_]+$`)
)

// check refuses maps that are empty, badly keyed, or given without any
// expression that could use them.
func (p *placeholders) check(anyExpression bool) error {
	switch {
	case p.namesGiven && !anyExpression:
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	case p.valuesGiven && !anyExpression:
		return invalid("ExpressionAttributeValues can only be specified when using expressions")
	case p.namesGiven && len(p.names) == 0:
		return invalid("ExpressionAttributeNames must not be empty")
	case p.valuesGiven && len(p.values) == 0:
		return invalid("ExpressionAttributeValues must not be empty")
	}
	for i := range p.names {
		if n := &p.names[i]; !nameKey.MatchString(n.key) {
			return invalid("ExpressionAttributeNames contains invalid key: Syntax error; key: %q", n.key)
		} else if n.name == "" {
			return invalid("ExpressionAttributeNames contains invalid value: Attribute name must not be empty for key %s", n.key)
		}
	}
	for i := range p.values {
		if v := &p.values[i]; !valueKey.MatchString(v.key) {
			return invalid("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", v.key)
		}
	}
	return nil
}
