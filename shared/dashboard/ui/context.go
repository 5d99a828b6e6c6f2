package ui

import (
	"context"

	"github.com/a-h/templ"
)

// Tokens are what every form carries that changes anything. They come with the context, so that a
// part with a form needs nothing of the request.
type Tokens struct {
	CSRF    string        // of the session
	Env     string        // of the session, in which the form was opened
	Request func() string // names one sending of one form: twice the same is done once
	Viewer  bool          // may see and preview: gets no button that changes anything
}

type tokensKey struct{}

// WithTokens returns a context for pages of a session.
func WithTokens(ctx context.Context, t Tokens) context.Context {
	return context.WithValue(ctx, tokensKey{}, t)
}

func tokensOf(ctx context.Context) Tokens {
	t, _ := ctx.Value(tokensKey{}).(Tokens)
	return t
}

// MayChange reports whether who looks at a page may change anything.
func MayChange(ctx context.Context) bool { return !tokensOf(ctx).Viewer }

func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// word is the value of an attribute that is true or false.
func word(is bool) string {
	if is {
		return "true"
	}
	return "false"
}
