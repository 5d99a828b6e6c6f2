package expression

import "windfall/local/dynamodb/attribute"

// ParseUpdate reads an UpdateExpression. Each of the four clauses may come once,
// in any order.
func ParseUpdate(text string, given *Placeholders) (*Update, error) {
	p := newParser("UpdateExpression", text, given)
	u := &Update{}
	clauses := []struct {
		word string
		read func()
		seen bool
	}{
		{word: "SET", read: func() { u.sets = append(u.sets, p.assignment()) }},
		{word: "REMOVE", read: func() { u.removes = append(u.removes, p.path()) }},
		{word: "ADD", read: func() { u.adds = append(u.adds, p.memberChange("ADD")) }},
		{word: "DELETE", read: func() { u.deletes = append(u.deletes, p.memberChange("DELETE")) }},
	}
next:
	for p.err == nil && p.token.kind != tokenEnd {
		for i := range clauses {
			c := &clauses[i]
			if !p.took(c.word) {
				continue
			}
			if c.seen {
				p.fail("The %q section can only be used once in an update expression;", c.word)
			}
			c.seen = true
			p.list(c.read)
			continue next
		}
		p.syntaxError()
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	return u, checkPaths("UpdateExpression", u.Targets())
}

func (p *parser) assignment() assignment {
	target := p.path()
	p.take("=")
	from := p.setOperand()
	if operator := p.token.kind; operator == "+" || operator == "-" {
		p.countOperator()
		p.advance()
		s := sum{from, p.setOperand(), operator == "-"}
		p.checkSum(s, operator)
		return assignment{target, s}
	}
	return assignment{target, from}
}

func (p *parser) checkSum(s sum, operator string) {
	for _, o := range []expression{s.left, s.right} {
		if l, ok := o.(given); ok && p.err == nil && l.literal.Kind != attribute.Number {
			p.wrongOperand(operator, operand{literal: l.literal})
		}
		if _, ok := o.(appended); ok && p.err == nil {
			p.wrongOperand(operator, operand{literal: attribute.Value{Kind: attribute.List}})
		}
	}
}

func (p *parser) setOperand() expression {
	switch {
	case p.token.kind == tokenValue:
		return given{p.literal()}
	case p.call():
		return p.setFunction()
	default:
		return copied{p.path()}
	}
}

func (p *parser) setFunction() expression {
	name := p.token.text
	p.countOperator()
	p.advance()
	p.take("(")
	first := p.setOperand()
	p.take(",")
	second := p.setOperand()
	p.take(")")
	if p.err != nil {
		return nil
	}
	switch name {
	case "if_not_exists":
		source, ok := first.(copied)
		if !ok {
			p.fail("Operator or function requires a document path; operator or function: if_not_exists")
		}
		return ifMissing{source.path, second}
	case "list_append":
		for _, o := range []expression{first, second} {
			if l, ok := o.(given); ok && l.literal.Kind != attribute.List {
				p.wrongOperand("list_append", operand{literal: l.literal})
			}
		}
		return appended{first, second}
	}
	p.fail("Invalid function name; function: %s", name)
	return nil
}

func (p *parser) memberChange(clause string) memberChange {
	target := p.path()
	if p.token.kind != tokenValue {
		p.syntaxError()
		return memberChange{}
	}
	v := p.literal()
	if p.err == nil && !v.Kind.IsSet() && (clause == "DELETE" || v.Kind != attribute.Number) {
		p.wrongOperand(clause, operand{literal: v})
	}
	return memberChange{target, v}
}
