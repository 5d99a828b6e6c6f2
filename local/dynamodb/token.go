package dynamodb

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// tokens remembers the ClientRequestTokens of successful transactions.
type tokens struct {
	uses  map[string]tokenUse
	order []string // oldest first
}

type tokenUse struct {
	token string
	hash  [sha256.Size]byte // of what the transaction asked for
	at    time.Time
}

// tokenLifetime is how long AWS honours a token.
const tokenLifetime = 10 * time.Minute

func (k *tokens) remember(use tokenUse) {
	if k.uses == nil {
		k.uses = map[string]tokenUse{}
	}
	for len(k.order) > 0 && use.at.Sub(k.uses[k.order[0]].at) >= tokenLifetime {
		delete(k.uses, k.order[0])
		k.order = k.order[1:]
	}
	if _, again := k.uses[use.token]; again {
		k.order = slices.DeleteFunc(k.order, func(t string) bool { return t == use.token })
	}
	k.uses[use.token] = use
	k.order = append(k.order, use.token)
}

// seen tells whether the same request has been carried out under its token; it
// refuses another request under that token.
func (k *tokens) seen(use tokenUse) (bool, error) {
	before, found := k.uses[use.token]
	if !found || use.at.Sub(before.at) >= tokenLifetime {
		return false, nil
	}
	if before.hash != use.hash {
		return false, refuse("IdempotentParameterMismatchException",
			"The request uses the same client token as a previous, but non-identical request")
	}
	return true, nil
}

// fingerprint is a hash of what an action asks for, the same for any order in
// which an SDK may write the members of a map.
func (q *request) fingerprint(out []byte, kind string) []byte {
	out = appendText(append(out, kind...), q.table)
	out = appendItem(appendItem(out, q.key), q.item)
	for _, text := range []*string{q.conditions.condition, q.conditions.update} {
		if text != nil {
			out = appendText(out, *text)
		}
		out = append(out, ';')
	}
	names := slices.SortedFunc(slices.Values(q.given.names), func(a, b namePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, n := range names {
		out = appendText(appendText(out, n.key), n.name)
	}
	values := slices.SortedFunc(slices.Values(q.given.values), func(a, b valuePlaceholder) int { return strings.Compare(a.key, b.key) })
	for _, v := range values {
		out = appendValue(appendText(out, v.key), v.value)
	}
	return appendText(out, q.returnOnFailure)
}
