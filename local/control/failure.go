package control

import (
	"net/http"
	"regexp"
)

// A failure is an error for the caller.
type failure struct {
	status        int
	Code, Message string
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

func invalid(message string) error {
	return &failure{http.StatusBadRequest, "invalid_inputs", message}
}

const (
	maxEcho    = 60  // characters of the caller's input
	maxMessage = 300 // of the whole
)

// echoes matches the long words and quotations of a message. Only the caller's
// input makes them so long.
var echoes = regexp.MustCompile(`"(?:[^"\\]|\\.){60,}"|'[^']{60,}'|\S{61,}`)

// brief shortens the caller's input in a message. Stripe's sentences, which are
// passed on, repeat all of it.
func brief(message string) string {
	message = echoes.ReplaceAllStringFunc(message, func(echo string) string {
		end := ""
		if echo[0] == '"' || echo[0] == '\'' {
			end = echo[:1]
		}
		return shorten(echo, maxEcho) + end
	})
	return shorten(message, maxMessage)
}

func shorten(text string, to int) string {
	if runes := []rune(text); len(runes) > to {
		return string(runes[:to]) + "…"
	}
	return text
}
