package dynamodb

import (
	"slices"
	"strings"
)

// checkUsed refuses placeholders that no expression has used.
func (p *placeholders) checkUsed() error {
	var unused []string
	for i := range p.names {
		if !p.names[i].used {
			unused = append(unused, p.names[i].key)
		}
	}
	if unused != nil {
		slices.Sort(unused)
		return invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", strings.Join(unused, ", "))
	}
	for i := range p.values {
		if !p.values[i].used {
			unused = append(unused, p.values[i].key)
		}
	}
	if unused != nil {
		slices.Sort(unused)
		return invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", strings.Join(unused, ", "))
	}
	return nil
}

// hasValues tells whether the request gives any value.
func (p *placeholders) hasValues() bool { return len(p.values) > 0 }

// appendNames writes the ExpressionAttributeNames as they were given, for an
// answer that repeats them; nothing when there are none.
func (p *placeholders) appendNames(out []byte) []byte {
	if len(p.names) == 0 {
		return out
	}
	out = append(member(out, "ExpressionAttributeNames"), '{')
	for i, n := range p.names {
		out = appendText(comma(out, i), n.key)
		out = appendText(append(out, ':'), n.name)
	}
	return append(out, '}')
}

// appendSorted writes all names and values in the order of their placeholders:
// equal texts for equal maps.
func (p *placeholders) appendSorted(out []byte) []byte {
	names := slices.SortedFunc(slices.Values(p.names), func(a, b namePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, n := range names {
		out = appendText(appendText(out, n.key), n.name)
	}
	values := slices.SortedFunc(slices.Values(p.values), func(a, b valuePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, v := range values {
		out = appendValue(appendText(out, v.key), v.value)
	}
	return out
}
