package dynamodb

import (
	"slices"
	"strings"
)

// Condition is a parsed condition or filter expression, or a part of one.
type Condition interface {
	// Holds evaluates the condition; an item that does not exist is nil.
	Holds(it Item) bool
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

func (c and) Holds(it Item) bool { return c.left.Holds(it) && c.right.Holds(it) }
func (c or) Holds(it Item) bool  { return c.left.Holds(it) || c.right.Holds(it) }
func (c not) Holds(it Item) bool { return !c.inner.Holds(it) }

func (c comparison) Holds(it Item) bool {
	left, foundLeft := c.left.resolve(it)
	right, foundRight := c.right.resolve(it)
	both := foundLeft && foundRight
	switch c.operator {
	case "=":
		return both && Equal(left, right)
	case "<>":
		return !both || !Equal(left, right)
	}
	return both && inOrder(c.operator, left, right)
}

// inOrder is false for values that cannot be ordered against each other.
func inOrder(operator string, left, right Value) bool {
	order, comparable := Compare(left, right)
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

func (c between) Holds(it Item) bool {
	tested, ok := c.tested.resolve(it)
	low, okLow := c.low.resolve(it)
	high, okHigh := c.high.resolve(it)
	return ok && okLow && okHigh && inOrder(">=", tested, low) && inOrder("<=", tested, high)
}

func (c oneOf) Holds(it Item) bool {
	tested, ok := c.tested.resolve(it)
	return ok && slices.ContainsFunc(c.choices, func(o operand) bool {
		choice, found := o.resolve(it)
		return found && Equal(tested, choice)
	})
}

func (c exists) Holds(it Item) bool {
	_, found := c.path.in(it)
	return found
}

func (c missing) Holds(it Item) bool {
	_, found := c.path.in(it)
	return !found
}

func (c hasType) Holds(it Item) bool {
	tested, found := c.path.resolve(it)
	wanted, _ := c.kind.resolve(it)
	return found && tested.Kind == KindOf(wanted.Text)
}

func (c beginsWith) Holds(it Item) bool {
	tested, ok := c.tested.resolve(it)
	prefix, okPrefix := c.prefix.resolve(it)
	return ok && okPrefix && tested.Kind == prefix.Kind &&
		(tested.Kind == String || tested.Kind == Binary) &&
		strings.HasPrefix(tested.Text, prefix.Text)
}

func (c contains) Holds(it Item) bool {
	tested, ok := c.tested.resolve(it)
	part, okPart := c.part.resolve(it)
	if !ok || !okPart {
		return false
	}
	switch {
	case tested.Kind == String || tested.Kind == Binary:
		return part.Kind == tested.Kind && strings.Contains(tested.Text, part.Text)
	case tested.Kind.IsSet():
		return part.Kind == tested.Kind.MemberKind() && tested.HasMember(part)
	case tested.Kind == List:
		return slices.ContainsFunc(tested.Elements, func(v Value) bool { return Equal(v, part) })
	}
	return false
}
