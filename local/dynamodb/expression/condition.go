package expression

import (
	"slices"
	"strings"

	"windfall/local/dynamodb/attribute"
)

// Condition is a parsed condition or filter expression, or a part of one.
type Condition interface {
	// Holds evaluates the condition; an item that does not exist is nil.
	Holds(it attribute.Item) bool
}

type (
	and struct{ left, right Condition }
	or  struct{ left, right Condition }
	not struct{ inner Condition }

	comparison struct {
		operator    string // = <> < <= > >=
		left, right operand
	}
	between struct{ tested, low, high operand }
	oneOf   struct {
		tested  operand
		choices []operand
	}
	exists     struct{ path Path }
	missing    struct{ path Path }
	hasType    struct{ path, kind operand }
	beginsWith struct{ tested, prefix operand }
	contains   struct{ tested, part operand }
)

func (c and) Holds(it attribute.Item) bool { return c.left.Holds(it) && c.right.Holds(it) }
func (c or) Holds(it attribute.Item) bool  { return c.left.Holds(it) || c.right.Holds(it) }
func (c not) Holds(it attribute.Item) bool { return !c.inner.Holds(it) }

func (c comparison) Holds(it attribute.Item) bool {
	left, foundLeft := c.left.resolve(it)
	right, foundRight := c.right.resolve(it)
	both := foundLeft && foundRight
	switch c.operator {
	case "=":
		return both && attribute.Equal(left, right)
	case "<>":
		return !both || !attribute.Equal(left, right)
	}
	return both && inOrder(c.operator, left, right)
}

// inOrder is false for values without a common order.
func inOrder(operator string, left, right attribute.Value) bool {
	order, comparable := attribute.Compare(left, right)
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

func (c between) Holds(it attribute.Item) bool {
	tested, ok := c.tested.resolve(it)
	low, okLow := c.low.resolve(it)
	high, okHigh := c.high.resolve(it)
	return ok && okLow && okHigh && inOrder(">=", tested, low) && inOrder("<=", tested, high)
}

func (c oneOf) Holds(it attribute.Item) bool {
	tested, ok := c.tested.resolve(it)
	return ok && slices.ContainsFunc(c.choices, func(o operand) bool {
		choice, found := o.resolve(it)
		return found && attribute.Equal(tested, choice)
	})
}

func (c exists) Holds(it attribute.Item) bool {
	_, found := c.path.in(it)
	return found
}

func (c missing) Holds(it attribute.Item) bool {
	_, found := c.path.in(it)
	return !found
}

func (c hasType) Holds(it attribute.Item) bool {
	tested, found := c.path.resolve(it)
	wanted, _ := c.kind.resolve(it)
	return found && tested.Kind == attribute.KindOf(wanted.Text)
}

func (c beginsWith) Holds(it attribute.Item) bool {
	tested, ok := c.tested.resolve(it)
	prefix, okPrefix := c.prefix.resolve(it)
	return ok && okPrefix && tested.Kind == prefix.Kind &&
		(tested.Kind == attribute.String || tested.Kind == attribute.Binary) &&
		strings.HasPrefix(tested.Text, prefix.Text)
}

func (c contains) Holds(it attribute.Item) bool {
	tested, ok := c.tested.resolve(it)
	part, okPart := c.part.resolve(it)
	if !ok || !okPart {
		return false
	}
	switch {
	case tested.Kind == attribute.String || tested.Kind == attribute.Binary:
		return part.Kind == tested.Kind && strings.Contains(tested.Text, part.Text)
	case tested.Kind.IsSet():
		return part.Kind == tested.Kind.MemberKind() && tested.HasMember(part)
	case tested.Kind == attribute.List:
		return slices.ContainsFunc(tested.Elements, func(v attribute.Value) bool { return attribute.Equal(v, part) })
	}
	return false
}
