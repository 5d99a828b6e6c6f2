package control

import (
	"net/http"
	"regexp"
)

// A failure is what a caller is told.
type failure struct {
	status        int
	Code, Message string
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

func invalid(message string) error {
	return &failure{http.StatusBadRequest, "invalid_inputs", message}
}

const (
	maxEcho    = 60  // characters of what was sent
	maxMessage = 300 // of the whole
)

// echoes are the long words and quotations of a message. Only what was sent
// makes them so long.
var echoes = regexp.MustCompile(`"(?:[^"\\]|\\.){60,}"|'[^']{60,}'|\S{61,}`)

// brief cuts what a message repeats of a request. Stripe's sentences, which
// are passed on, repeat all.
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
