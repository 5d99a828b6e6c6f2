package catalog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"windfall/shared/refusal"
)

const (
	maxSlug = 64  // bytes of an id in the catalog; ids become parts of keys and of Stripe metadata
	maxName = 200 // characters of a name or a group; Stripe shows names on invoices
)

// SlugProblem says what is wrong with the id of a feature or a product; it is
// nil for a good one: 1 to 64 of a-z, A-Z, 0-9, _ and -.
func SlugProblem(id string) *refusal.Phrase {
	switch {
	case id == "":
		return &refusal.Phrase{Reason: ReasonIDMissing}
	case len(id) > maxSlug:
		return &refusal.Phrase{Reason: ReasonIDTooLong, Args: []any{maxSlug, len(id)}}
	case strings.ContainsFunc(id, func(r rune) bool { return !IsSlugRune(r) }):
		return &refusal.Phrase{Reason: ReasonIDCharacters, Args: []any{id}}
	}
	return nil
}

// IsSlugRune reports whether an id of the catalog may hold a character.
func IsSlugRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-'
}

// textProblem says what is wrong with a text that people read; it is nil for a
// good one.
func textProblem(field refusal.Field, text string) *refusal.Phrase {
	switch {
	case utf8.RuneCountInString(text) > maxName:
		return &refusal.Phrase{Reason: ReasonTextTooLong, Args: []any{field, maxName}}
	}
	return TextProblem(field, text)
}

// maxText is how long a description is at most, in characters.
const maxText = 1000

// longTextProblem is textProblem for a description, which may have lines.
func longTextProblem(field refusal.Field, text string) *refusal.Phrase {
	if utf8.RuneCountInString(text) > maxText {
		return &refusal.Phrase{Reason: ReasonTextTooLong, Args: []any{field, maxText}}
	}
	return TextProblem(field, strings.ReplaceAll(text, "\n", " "))
}

// TextProblem says which character of a name people can't be shown as it is: a
// control character could end a line of an invoice, a mark of direction turns
// round what follows. It is nil for a good one.
func TextProblem(field refusal.Field, text string) *refusal.Phrase {
	switch {
	case strings.ContainsFunc(text, unicode.IsControl):
		return &refusal.Phrase{Reason: ReasonTextControl, Args: []any{field}}
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }):
		return &refusal.Phrase{Reason: ReasonTextBidi, Args: []any{field}}
	}
	return nil
}

// nameOf turns an id into the name that is used while nobody gave one:
// "pro_year" is "Pro Year".
func nameOf(id string) string {
	words := strings.FieldsFunc(id, func(r rune) bool { return r == '_' || r == '-' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	if len(words) == 0 {
		return id
	}
	return strings.Join(words, " ")
}

// reserved are words that stand in paths where ids do: what is called so could
// be meant, or the call of that name.
var reserved = []string{"code", "copy", "create", "delete", "explain", "get", "list", "redeem", "update"}

// IsReserved reports whether an id can't be told from a path of the API.
func IsReserved(id string) bool { return slices.Contains(reserved, id) }

// How our own ids begin. A reward and a program are found by either id, and codes
// know theirs by ours, so no id of a caller may look like one: not even like one
// whose owner is gone.
const (
	RewardPrefix  = "rew_"
	ProgramPrefix = "rs_"
)

// ProgramLike reports whether an id has the form of our own ids of programs.
func ProgramLike(id string) bool { return likeOurs(ProgramPrefix, id) }

// likeOurs reports whether an id has the form of one of ours: the prefix and a ULID.
func likeOurs(prefix, id string) bool {
	const ulid = 26
	return strings.HasPrefix(id, prefix) && len(id) == len(prefix)+ulid
}
