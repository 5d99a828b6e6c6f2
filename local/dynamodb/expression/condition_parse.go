package expression

import "windfall/local/dynamodb/attribute"

// Grammar, loosest binding first: OR, AND, NOT, then comparisons, functions and
// parentheses.

// ParseCondition reads a ConditionExpression or a FilterExpression.
func ParseCondition(expression, text string, given *Placeholders) (Condition, []Path, error) {
	p := newParser(expression, text, given)
	c := p.or()
	if err := p.finish(); err != nil {
		return nil, nil, err
	}
	return c, p.paths, nil
}

func (p *parser) or() Condition {
	left := p.and()
	for p.took("OR") {
		p.countOperator()
		left = or{left, p.and()}
	}
	return left
}

func (p *parser) and() Condition {
	left := p.not()
	for p.took("AND") {
		p.countOperator()
		left = and{left, p.not()}
	}
	return left
}

func (p *parser) not() Condition {
	if !p.took("NOT") {
		return p.predicate()
	}
	p.countOperator()
	if !p.nest() {
		return nil
	}
	defer func() { p.depth-- }()
	return not{p.not()}
}

func (p *parser) predicate() Condition {
	switch {
	case p.token.kind == "(":
		return p.parenthesised()
	case p.call() && p.token.text != "size":
		return p.function()
	}
	left := p.operand()
	operator := p.token.kind
	switch {
	case p.took("BETWEEN"):
		return p.between(left)
	case p.took("IN"):
		return p.in(left)
	case operator == "=" || operator == "<>" || operator == "<" || operator == "<=" || operator == ">" || operator == ">=":
		p.advance()
		c := comparison{operator, left, p.operand()}
		p.checkComparison(c)
		return c
	}
	p.syntaxError()
	return nil
}

func (p *parser) parenthesised() Condition {
	if !p.nest() {
		return nil
	}
	defer func() { p.depth-- }()
	opened := p.at
	p.advance()
	doubled := p.token.kind == "("
	inner := p.or()
	if doubled && p.err == nil && p.closes(opened) {
		p.fail("The expression has redundant parentheses;")
	}
	p.take(")")
	return inner
}

// closes tells whether the parenthesis that begins right at or after a byte is
// closed by the token before the one at hand, so that both pairs hold the same.
func (p *parser) closes(from int) bool {
	open := 0
	for at := from; ; {
		t, end := scan(p.text, at)
		switch t.kind {
		case "(":
			open++
		case ")":
			if open--; open == 0 {
				following, past := scan(p.text, end)
				return following.kind == ")" && past == p.at
			}
		case tokenEnd:
			return false
		}
		at = end
	}
}

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
