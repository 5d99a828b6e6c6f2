package dynamodb

import "slices"

// expression is the right side of a SET action. It always reads the item as it
// was before the update.
type expression interface {
	value(it item) (value, error)
}

type (
	given     struct{ literal value }
	copied    struct{ path path }
	ifMissing struct {
		path     path
		fallback expression
	}
	appended struct{ left, right expression }
	sum      struct {
		left, right expression
		subtract    bool
	}
)

var (
	errNoSuchAttribute = invalid("The provided expression refers to an attribute that does not exist in the item")
	errOperandType     = invalid("An operand in the update expression has an incorrect data type")
	errPath            = invalid("The document path provided in the update expression is invalid for update")
)

func (e given) value(item) (value, error) { return e.literal, nil }

func (e copied) value(it item) (value, error) {
	v, found := e.path.in(it)
	if !found {
		return value{}, errNoSuchAttribute
	}
	return v, nil
}

func (e ifMissing) value(it item) (value, error) {
	if v, found := e.path.in(it); found {
		return v, nil
	}
	return e.fallback.value(it)
}

func (e appended) value(it item) (value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return value{}, err
	case left.kind != kindList || right.kind != kindList:
		return value{}, errOperandType
	}
	return value{kind: kindList, elements: slices.Concat(left.elements, right.elements)}, nil
}

func (e sum) value(it item) (value, error) {
	left, right, err := both(e.left, e.right, it)
	switch {
	case err != nil:
		return value{}, err
	case left.kind != kindNumber || right.kind != kindNumber:
		return value{}, errOperandType
	}
	total, err := add(left.text, right.text, e.subtract)
	return value{kind: kindNumber, text: total}, err
}

func both(left, right expression, it item) (l, r value, err error) {
	if l, err = left.value(it); err == nil {
		r, err = right.value(it)
	}
	return l, r, err
}

// addTo is what ADD makes of the present value.
func (m memberChange) addTo(present value, found bool) (value, error) {
	switch {
	case !found:
		return m.value, nil
	case present.kind != m.value.kind:
		return value{}, errOperandType
	case present.kind == kindNumber:
		total, err := add(present.text, m.value.text, false)
		return value{kind: kindNumber, text: total}, err
	}
	merged := slices.Clone(present.elements)
	for _, member := range m.value.elements {
		if !present.hasMember(member) {
			merged = append(merged, member)
		}
	}
	set, _ := newSet(present.kind, merged)
	return set, nil
}

// takeFrom is what DELETE leaves of the present set; an empty set is none.
func (m memberChange) takeFrom(present value) (left value, some bool, err error) {
	if present.kind != m.value.kind {
		return value{}, false, errOperandType
	}
	rest := slices.DeleteFunc(slices.Clone(present.elements), m.value.hasMember)
	return value{kind: present.kind, elements: rest}, len(rest) > 0, nil
}
