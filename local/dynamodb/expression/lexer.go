package expression

import "strings"

// token is one word of an expression. Its kind is the symbol itself ("(", "<="),
// or one of the four below.
type token struct {
	kind string
	text string
}

const (
	tokenEnd    = "end"
	tokenWord   = "word"   // attribute name, keyword or function
	tokenName   = "#name"  // placeholder of a name
	tokenValue  = ":value" // placeholder of a value
	tokenNumber = "number" // index of a list element
)

var symbols = []string{"<=", ">=", "<>", "(", ")", "[", "]", ",", ".", "=", "<", ">", "+", "-"}

// scan reads the token that begins at a byte of text and returns where it ends;
// its kind is "" when nothing can begin so.
func scan(text string, at int) (token, int) {
	for at < len(text) && strings.IndexByte(" \t\r\n", text[at]) >= 0 {
		at++
	}
	if at == len(text) {
		return token{tokenEnd, "<EOF>"}, at
	}
	end := at + 1
	switch c := text[at]; {
	case c == '#' || c == ':':
		end = wordEnd(text, end)
		if end == at+1 {
			return token{"", text[at:end]}, end
		}
		if c == '#' {
			return token{tokenName, text[at:end]}, end
		}
		return token{tokenValue, text[at:end]}, end
	case isDigit(c):
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		return token{tokenNumber, text[at:end]}, end
	case isLetter(c):
		end = wordEnd(text, end)
		return token{tokenWord, text[at:end]}, end
	}
	for _, s := range symbols {
		if strings.HasPrefix(text[at:], s) {
			return token{s, s}, at + len(s)
		}
	}
	return token{"", text[at:end]}, end
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func wordEnd(text string, at int) int {
	for at < len(text) && (isLetter(text[at]) || isDigit(text[at]) || text[at] == '_') {
		at++
	}
	return at
}
