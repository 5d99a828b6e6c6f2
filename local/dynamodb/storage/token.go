package storage

import (
	"crypto/sha256"
	"slices"
	"time"

	"windfall/local/dynamodb/protocol"
)

// tokens remembers the ClientRequestTokens of successful transactions.
type tokens struct {
	uses  map[string]TokenUse
	order []string // oldest first
}

// TokenUse is one use of a ClientRequestToken.
type TokenUse struct {
	token string
	hash  [sha256.Size]byte // of the transaction's fingerprint
	at    time.Time
}

// tokenLifetime is how long AWS honours a token.
const tokenLifetime = 10 * time.Minute

// mostTokens bounds them while the clock stands, where none gets old: a request is
// repeated within seconds.
const mostTokens = 2_000

func (k *tokens) remember(use TokenUse) {
	if k.uses == nil {
		k.uses = map[string]TokenUse{}
	}
	for len(k.order) > 0 && (len(k.order) >= mostTokens || use.at.Sub(k.uses[k.order[0]].at) >= tokenLifetime) {
		delete(k.uses, k.order[0])
		k.order = k.order[1:]
	}
	if _, again := k.uses[use.token]; again {
		k.order = slices.DeleteFunc(k.order, func(t string) bool { return t == use.token })
	}
	k.uses[use.token] = use
	k.order = append(k.order, use.token)
}

// UseToken returns the use of a token at the present time. hash is of the
// transaction's fingerprint.
func (s *Store) UseToken(token string, hash [sha256.Size]byte) *TokenUse {
	return &TokenUse{token: token, hash: hash, at: s.now()}
}

// Repeated tells whether the same transaction was committed under its token. It
// fails with an IdempotentParameterMismatchException when another one was.
func (s *Store) Repeated(use TokenUse) (bool, error) {
	s.commits.Lock()
	defer s.commits.Unlock()
	return s.tokens.seen(use)
}

func (k *tokens) seen(use TokenUse) (bool, error) {
	before, found := k.uses[use.token]
	if !found || use.at.Sub(before.at) >= tokenLifetime {
		return false, nil
	}
	if before.hash != use.hash {
		return false, protocol.Refuse("IdempotentParameterMismatchException",
			"The request uses the same client token as a previous, but non-identical request")
	}
	return true, nil
}
