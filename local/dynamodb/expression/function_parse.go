package expression

import "windfall/local/dynamodb/attribute"

// function reads a condition that is a call: attribute_exists(path) and so on.
func (p *parser) function() Condition {
	name := p.token.text
	p.countOperator()
	p.advance()
	arguments := p.arguments()
	if p.err != nil {
		return nil
	}
	wanted, known := map[string]int{
		"attribute_exists": 1, "attribute_not_exists": 1,
		"attribute_type": 2, "begins_with": 2, "contains": 2,
	}[name]
	switch {
	case !known:
		p.fail("Invalid function name; function: %s", name)
		return nil
	case len(arguments) != wanted:
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d",
			name, len(arguments))
		return nil
	}
	return p.functionOf(name, arguments)
}

func (p *parser) arguments() []operand {
	p.take("(")
	read := []operand{p.operand()}
	for p.token.kind == "," {
		p.advance()
		read = append(read, p.operand())
	}
	p.take(")")
	return read
}

func (p *parser) functionOf(name string, arguments []operand) Condition {
	first := arguments[0]
	if first.size || first.isLiteral() && name != "begins_with" && name != "contains" {
		p.fail("Operator or function requires a document path; operator or function: %s", name)
		return nil
	}
	if len(arguments) == 2 && first.same(arguments[1]) {
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: [%s]",
			name, first.path)
		return nil
	}
	switch name {
	case "attribute_exists":
		return exists{first.path}
	case "attribute_not_exists":
		return missing{first.path}
	case "attribute_type":
		return p.typeTest(first, arguments[1])
	case "begins_with":
		for _, o := range arguments {
			if !o.couldBe(attribute.String, attribute.Binary) {
				p.wrongOperand(name, o)
			}
		}
		return beginsWith{first, arguments[1]}
	default:
		return contains{first, arguments[1]}
	}
}

func (p *parser) typeTest(tested, wanted operand) Condition {
	switch {
	case !wanted.isLiteral() || wanted.literal.Kind != attribute.String:
		p.wrongOperand("attribute_type", wanted)
	case attribute.KindOf(wanted.literal.Text) == 0:
		p.fail("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", wanted.literal.Text)
	}
	return hasType{tested, wanted}
}
