package expression

import (
	"fmt"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

const (
	maxExpressionBytes = 4 << 10
	maxOperators       = 300
)

// parser turns one expression into a tree. The first error sticks, and no token
// follows it, so every loop ends and callers look at err once.
type parser struct {
	expression   string // "ConditionExpression", for messages
	placeholders *Placeholders
	text         string
	at           int
	token        token
	operators    int
	depth        int
	paths        []Path // every path the expression names
	err          error
}

func newParser(expression, text string, given *Placeholders) *parser {
	p := &parser{expression: expression, placeholders: given, text: text}
	switch {
	case strings.TrimSpace(text) == "":
		p.fail("The expression can not be empty;")
	case len(text) > maxExpressionBytes:
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(text))
	}
	p.advance()
	return p
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = protocol.Invalid("Invalid %s: %s", p.expression, fmt.Sprintf(format, args...))
	}
	p.token = token{tokenEnd, ""}
}

func (p *parser) syntaxError() {
	near := p.text[max(0, p.at-len(p.token.text)-5):min(len(p.text), p.at+5)]
	p.fail("Syntax error; token: %q, near: %q", p.token.text, near)
}

func (p *parser) advance() {
	if p.err != nil {
		return
	}
	if p.token, p.at = scan(p.text, p.at); p.token.kind == "" {
		p.syntaxError()
	}
}

// take demands a token of this kind and goes past it.
func (p *parser) take(kind string) {
	if p.token.kind != kind {
		p.syntaxError()
		return
	}
	p.advance()
}

// keyword recognises a word of the grammar in any case.
func (p *parser) keyword(word string) bool {
	return p.token.kind == tokenWord && strings.EqualFold(p.token.text, word)
}

// took goes past a keyword if it is there.
func (p *parser) took(word string) bool {
	if !p.keyword(word) {
		return false
	}
	p.advance()
	return true
}

// call tells whether the word at hand is followed by a parenthesis.
func (p *parser) call() bool {
	if p.token.kind != tokenWord {
		return false
	}
	following, _ := scan(p.text, p.at)
	return following.kind == "("
}

func (p *parser) countOperator() {
	if p.operators++; p.operators > maxOperators {
		p.fail("The expression contains more than %d operators", maxOperators)
	}
}

// nest guards against parentheses or NOTs without end.
func (p *parser) nest() bool {
	if p.depth++; p.depth > maxOperators {
		p.fail("The expression is nested too deeply")
		return false
	}
	return true
}

// literal reads the placeholder of a value.
func (p *parser) literal() attribute.Value {
	v, found := p.placeholders.value(p.token.text)
	if !found {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", p.token.text)
	}
	p.advance()
	return v
}

// list reads elements between commas.
func (p *parser) list(read func()) {
	read()
	for p.token.kind == "," {
		p.advance()
		read()
	}
}

// finish demands the end of the expression and returns the error, if any.
func (p *parser) finish() error {
	if p.err == nil && p.token.kind != tokenEnd {
		p.syntaxError()
	}
	return p.err
}
