package expression

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
