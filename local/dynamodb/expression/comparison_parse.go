package expression

import "windfall/local/dynamodb/attribute"

// checkComparison refuses operands that the operator cannot take.
func (p *parser) checkComparison(c comparison) {
	p.countOperator()
	if c.left.same(c.right) {
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: [%s]",
			c.operator, c.left.path)
	}
	if c.operator == "=" || c.operator == "<>" || p.err != nil {
		return
	}
	for _, o := range []operand{c.left, c.right} {
		if !o.couldBe(attribute.String, attribute.Number, attribute.Binary) {
			p.wrongOperand(c.operator, o)
		}
	}
}

func (p *parser) between(tested operand) Condition {
	p.countOperator()
	low := p.operand()
	if !p.took("AND") {
		p.syntaxError()
	}
	c := between{tested, low, p.operand()}
	for _, o := range []operand{tested, c.low, c.high} {
		if p.err == nil && !o.couldBe(attribute.String, attribute.Number, attribute.Binary) {
			p.wrongOperand("BETWEEN", o)
		}
	}
	if p.err != nil || !c.low.isLiteral() || !c.high.isLiteral() {
		return c
	}
	switch order, comparable := attribute.Compare(c.low.literal, c.high.literal); {
	case !comparable:
		p.fail("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {%s}, upper bound operand: AttributeValue: {%s}",
			c.low.kindName(), c.high.kindName())
	case order > 0:
		p.fail("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s",
			c.low.literal.Text, c.high.literal.Text)
	}
	return c
}

func (p *parser) in(tested operand) Condition {
	p.countOperator()
	p.take("(")
	c := oneOf{tested: tested, choices: []operand{p.operand()}}
	for p.token.kind == "," {
		p.advance()
		c.choices = append(c.choices, p.operand())
	}
	p.take(")")
	if len(c.choices) > 100 {
		p.fail("The IN operator is provided with too many operands; number of operands: %d", len(c.choices))
	}
	return c
}
