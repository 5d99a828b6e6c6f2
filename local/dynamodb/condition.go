package dynamodb

import (
	"slices"
	"strings"
)

// condition is a parsed condition or filter expression, or a part of one.
type condition interface {
	// holds evaluates the condition; an item that does not exist is nil.
	holds(it item) bool
}

type (
	and struct{ left, right condition }
	or  struct{ left, right condition }
	not struct{ inner condition }

	comparison struct {
		operator    string // = <> < <= > >=
		left, right operand
	}
	between struct{ tested, low, high operand }
	oneOf   struct {
		tested  operand
		choices []operand
	}
	exists     struct{ path path }
	missing    struct{ path path }
	hasType    struct{ path, kind operand }
	beginsWith struct{ tested, prefix operand }
	contains   struct{ tested, part operand }
)

func (c and) holds(it item) bool { return c.left.holds(it) && c.right.holds(it) }
func (c or) holds(it item) bool  { return c.left.holds(it) || c.right.holds(it) }
func (c not) holds(it item) bool { return !c.inner.holds(it) }

func (c comparison) holds(it item) bool {
	left, foundLeft := c.left.resolve(it)
	right, foundRight := c.right.resolve(it)
	both := foundLeft && foundRight
	switch c.operator {
	case "=":
		return both && equal(left, right)
	case "<>":
		return !both || !equal(left, right)
	}
	return both && inOrder(c.operator, left, right)
}

// inOrder is false for values that cannot be ordered against each other.
func inOrder(operator string, left, right value) bool {
	order, comparable := compare(left, right)
	if !comparable {
		return false
	}
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

func (c between) holds(it item) bool {
	tested, ok := c.tested.resolve(it)
	low, okLow := c.low.resolve(it)
	high, okHigh := c.high.resolve(it)
	return ok && okLow && okHigh && inOrder(">=", tested, low) && inOrder("<=", tested, high)
}

func (c oneOf) holds(it item) bool {
	tested, ok := c.tested.resolve(it)
	return ok && slices.ContainsFunc(c.choices, func(o operand) bool {
		choice, found := o.resolve(it)
		return found && equal(tested, choice)
	})
}

func (c exists) holds(it item) bool {
	_, found := c.path.in(it)
	return found
}

func (c missing) holds(it item) bool {
	_, found := c.path.in(it)
	return !found
}

func (c hasType) holds(it item) bool {
	tested, found := c.path.resolve(it)
	wanted, _ := c.kind.resolve(it)
	return found && tested.kind == kindOf(wanted.text)
}

func (c beginsWith) holds(it item) bool {
	tested, ok := c.tested.resolve(it)
	prefix, okPrefix := c.prefix.resolve(it)
	return ok && okPrefix && tested.kind == prefix.kind &&
		(tested.kind == kindString || tested.kind == kindBinary) &&
		strings.HasPrefix(tested.text, prefix.text)
}

func (c contains) holds(it item) bool {
	tested, ok := c.tested.resolve(it)
	part, okPart := c.part.resolve(it)
	if !ok || !okPart {
		return false
	}
	switch {
	case tested.kind == kindString || tested.kind == kindBinary:
		return part.kind == tested.kind && strings.Contains(tested.text, part.text)
	case tested.kind.isSet():
		return part.kind == tested.kind.memberKind() && tested.hasMember(part)
	case tested.kind == kindList:
		return slices.ContainsFunc(tested.elements, func(v value) bool { return equal(v, part) })
	}
	return false
}
