package expression

import (
	"slices"

	"windfall/local/dynamodb/attribute"
)

// operand is one side of a comparison: a path, a given value, or the size of the
// value at a path.
type operand struct {
	path    Path
	size    bool
	literal attribute.Value
}

func (o operand) isLiteral() bool { return o.path == nil }

func (o operand) same(other operand) bool {
	return !o.isLiteral() && o.size == other.size && slices.Equal(o.path, other.path)
}

func (o operand) resolve(it attribute.Item) (attribute.Value, bool) {
	if o.isLiteral() {
		return o.literal, true
	}
	v, found := o.path.in(it)
	if !found || !o.size {
		return v, found
	}
	size, measurable := measure(v)
	return attribute.Integer(int64(size)), measurable
}

// measure is the result of the function size: bytes of texts and binaries, the
// number of elements of everything that has elements.
func measure(v attribute.Value) (size int, measurable bool) {
	switch v.Kind {
	case attribute.String, attribute.Binary:
		return len(v.Text), true
	case attribute.Map:
		return len(v.Fields), true
	case attribute.StringSet, attribute.NumberSet, attribute.BinarySet, attribute.List:
		return len(v.Elements), true
	default: // numbers, booleans and null have no size
		return 0, false
	}
}

// couldBe tells whether the operand might turn out to be of one of the kinds.
func (o operand) couldBe(kinds ...attribute.Kind) bool {
	if o.size {
		return slices.Contains(kinds, attribute.Number)
	}
	return !o.isLiteral() || slices.Contains(kinds, o.literal.Kind)
}

func (o operand) kindName() string {
	if o.size {
		return attribute.Number.String()
	}
	return o.literal.Kind.String()
}

// operand reads a path, a value or size(path).
func (p *parser) operand() operand {
	switch {
	case p.token.kind == tokenValue:
		return operand{literal: p.literal()}
	case p.call() && p.token.text == "size":
		p.advance()
		p.advance()
		if p.token.kind == tokenValue {
			return p.sizeOfLiteral()
		}
		if p.call() {
			p.fail("The function is not allowed to be used this way in an expression; function: %s", p.token.text)
		}
		measured := operand{path: p.path(), size: true}
		p.take(")")
		return measured
	case p.call():
		p.fail("The function is not allowed to be used this way in an expression; function: %s", p.token.text)
	}
	return operand{path: p.path()}
}

// sizeOfLiteral allows size(:v), which is a number known beforehand.
func (p *parser) sizeOfLiteral() operand {
	v := p.literal()
	size, measurable := measure(v)
	if !measurable && p.err == nil {
		p.wrongOperand("size", operand{literal: v})
	}
	p.take(")")
	return operand{literal: attribute.Integer(int64(size))}
}

// wrongOperand refuses an operand whose kind the operator cannot take.
func (p *parser) wrongOperand(operator string, o operand) {
	p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", operator, o.kindName())
}
