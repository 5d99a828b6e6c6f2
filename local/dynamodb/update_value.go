package dynamodb

import "slices"

// expression is the right side of a SET action. It always reads the item as it
// was before the update.
type expression interface {
	value(it Item) (Value, error)
}

type (
	given     struct{ literal Value }
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
	errNoSuchAttribute = Invalid("The provided expression refers to an attribute that does not exist in the item")
	errOperandType     = Invalid("An operand in the update expression has an incorrect data type")
	errPath            = Invalid("The document path provided in the update expression is invalid for update")
)

func (e given) value(Item) (Value, error) { return e.literal, nil }

func (e copied) value(it Item) (Value, error) {
	v, found := e.path.in(it)
	if !found {
		return Value{}, errNoSuchAttribute
	}
	return v, nil
}

func (e ifMissing) value(it Item) (Value, error) {
	if v, found := e.path.in(it); found {
		return v, nil
	}
	return e.fallback.value(it)
}

func (e appended) value(it Item) (Value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return Value{}, err
	case left.Kind != List || right.Kind != List:
		return Value{}, errOperandType
	}
	return Value{Kind: List, Elements: slices.Concat(left.Elements, right.Elements)}, nil
}

func (e sum) value(it Item) (Value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return Value{}, err
	case left.Kind != Number || right.Kind != Number:
		return Value{}, errOperandType
	}
	total, err := Add(left.Text, right.Text, e.subtract)
	return Value{Kind: Number, Text: total}, err
}

func both(left, right expression, it Item) (l, r Value, err error) {
	if l, err = left.value(it); err == nil {
		r, err = right.value(it)
	}
	return l, r, err
}

// addTo is what ADD makes of the present value.
func (m memberChange) addTo(present Value, found bool) (Value, error) {
	switch {
	case !found:
		return m.value, nil
	case present.Kind != m.value.Kind:
		return Value{}, errOperandType
	case present.Kind == Number:
		total, err := Add(present.Text, m.value.Text, false)
		return Value{Kind: Number, Text: total}, err
	}
	merged := slices.Clone(present.Elements)
	for _, member := range m.value.Elements {
		if !present.HasMember(member) {
			merged = append(merged, member)
		}
	}
	set, _ := NewSet(present.Kind, merged)
	return set, nil
}

// takeFrom is what DELETE leaves of the present set; an empty set is none.
func (m memberChange) takeFrom(present Value) (left Value, some bool, err error) {
	if present.Kind != m.value.Kind {
		return Value{}, false, errOperandType
	}
	rest := slices.DeleteFunc(slices.Clone(present.Elements), m.value.HasMember)
	return Value{Kind: present.Kind, Elements: rest}, len(rest) > 0, nil
}
