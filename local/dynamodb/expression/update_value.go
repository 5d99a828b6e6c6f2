package expression

import (
	"slices"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// expression is the right side of a SET action. It always reads the item as it
// was before the update.
type expression interface {
	value(it attribute.Item) (attribute.Value, error)
}

type (
	given     struct{ literal attribute.Value }
	copied    struct{ path Path }
	ifMissing struct {
		path     Path
		fallback expression
	}
	appended struct{ left, right expression }
	sum      struct {
		left, right expression
		subtract    bool
	}
)

var (
	errNoSuchAttribute = protocol.Invalid("The provided expression refers to an attribute that does not exist in the item")
	errOperandType     = protocol.Invalid("An operand in the update expression has an incorrect data type")
	errPath            = protocol.Invalid("The document path provided in the update expression is invalid for update")
)

func (e given) value(attribute.Item) (attribute.Value, error) { return e.literal, nil }

func (e copied) value(it attribute.Item) (attribute.Value, error) {
	v, found := e.path.in(it)
	if !found {
		return attribute.Value{}, errNoSuchAttribute
	}
	return v, nil
}

func (e ifMissing) value(it attribute.Item) (attribute.Value, error) {
	if v, found := e.path.in(it); found {
		return v, nil
	}
	return e.fallback.value(it)
}

func (e appended) value(it attribute.Item) (attribute.Value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return attribute.Value{}, err
	case left.Kind != attribute.List || right.Kind != attribute.List:
		return attribute.Value{}, errOperandType
	}
	return attribute.Value{Kind: attribute.List, Elements: slices.Concat(left.Elements, right.Elements)}, nil
}

func (e sum) value(it attribute.Item) (attribute.Value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return attribute.Value{}, err
	case left.Kind != attribute.Number || right.Kind != attribute.Number:
		return attribute.Value{}, errOperandType
	}
	total, err := attribute.Add(left.Text, right.Text, e.subtract)
	return attribute.Value{Kind: attribute.Number, Text: total}, err
}

func both(left, right expression, it attribute.Item) (l, r attribute.Value, err error) {
	if l, err = left.value(it); err == nil {
		r, err = right.value(it)
	}
	return l, r, err
}

// addTo is what ADD makes of the present value.
func (m memberChange) addTo(present attribute.Value, found bool) (attribute.Value, error) {
	switch {
	case !found:
		return m.value, nil
	case present.Kind != m.value.Kind:
		return attribute.Value{}, errOperandType
	case present.Kind == attribute.Number:
		total, err := attribute.Add(present.Text, m.value.Text, false)
		return attribute.Value{Kind: attribute.Number, Text: total}, err
	}
	merged := slices.Clone(present.Elements)
	for _, member := range m.value.Elements {
		if !present.HasMember(member) {
			merged = append(merged, member)
		}
	}
	set, _ := attribute.NewSet(present.Kind, merged)
	return set, nil
}

// takeFrom is what DELETE leaves of the present set; an empty set is none.
func (m memberChange) takeFrom(present attribute.Value) (left attribute.Value, some bool, err error) {
	if present.Kind != m.value.Kind {
		return attribute.Value{}, false, errOperandType
	}
	rest := slices.DeleteFunc(slices.Clone(present.Elements), m.value.HasMember)
	return attribute.Value{Kind: present.Kind, Elements: rest}, len(rest) > 0, nil
}
