package expression

import (
	"slices"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// CheckUsed refuses placeholders that no expression has used.
func (p *Placeholders) CheckUsed() error {
	var unused []string
	for i := range p.names {
		if !p.names[i].used {
			unused = append(unused, p.names[i].key)
		}
	}
	if unused != nil {
		slices.Sort(unused)
		return protocol.Invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", strings.Join(unused, ", "))
	}
	for i := range p.values {
		if !p.values[i].used {
			unused = append(unused, p.values[i].key)
		}
	}
	if unused != nil {
		slices.Sort(unused)
		return protocol.Invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", strings.Join(unused, ", "))
	}
	return nil
}

// HasValues tells whether the request gives any value.
func (p *Placeholders) HasValues() bool { return len(p.values) > 0 }

// AppendNames writes the ExpressionAttributeNames as they were given, for an
// answer that repeats them; nothing when there are none.
func (p *Placeholders) AppendNames(out []byte) []byte {
	if len(p.names) == 0 {
		return out
	}
	out = append(protocol.Member(out, "ExpressionAttributeNames"), '{')
	for i, n := range p.names {
		out = protocol.AppendText(protocol.Comma(out, i), n.key)
		out = protocol.AppendText(append(out, ':'), n.name)
	}
	return append(out, '}')
}

// AppendSorted writes all names and values in the order of their placeholders:
// equal texts for equal maps.
func (p *Placeholders) AppendSorted(out []byte) []byte {
	names := slices.SortedFunc(slices.Values(p.names), func(a, b namePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, n := range names {
		out = protocol.AppendText(protocol.AppendText(out, n.key), n.name)
	}
	values := slices.SortedFunc(slices.Values(p.values), func(a, b valuePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, v := range values {
		out = attribute.AppendValue(protocol.AppendText(out, v.key), v.value)
	}
	return out
}
