package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"windfall/shared/app"
)

// welcomed is how long a link to choose a password is good for.
const welcomed = 30 * time.Minute

var errWelcome = refuse(http.StatusGone, "This link was used, or is older than 30 minutes. Ask an editor for another one, under Settings; the first one is made by: make admin.")

// welcome stores a link for a user, and returns its token. The table has the token's hash alone.
func (a Accounts) welcome(ctx context.Context, email string, now time.Time) (token string, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails since Go 1.24
	token = base64.RawURLEncoding.EncodeToString(random[:])
	return token, a.Store.SaveWelcome(ctx, app.Welcome{Hash: hashToken(token), Email: email, Until: now.Add(welcomed)})
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Welcome is whose link it is; it refuses one that is used or over.
func (a Accounts) Welcome(ctx context.Context, token string, now time.Time) (email string, err error) {
	w, err := a.Store.Welcome(ctx, hashToken(token))
	if err != nil {
		return "", err
	}
	if w.Email == "" || !now.Before(w.Until) {
		return "", errWelcome
	}
	return w.Email, nil
}

// Choose sets the password of the user of a link, and uses the link up. All of the user's sessions end: who lost the old
// password may not be who uses it.
func (a Accounts) Choose(ctx context.Context, token, password, repeated string, now time.Time) (app.User, error) {
	email, err := a.Welcome(ctx, token, now)
	if err != nil {
		return app.User{}, err
	}
	if err := checkPassword(password); err != nil {
		return app.User{}, err
	}
	if password != repeated {
		return app.User{}, ErrRepeated
	}
	before, err := a.Store.User(ctx, email)
	if err != nil {
		return app.User{}, err
	}
	if before.Email == "" {
		return app.User{}, errWelcome // removed since
	}
	after := before
	after.Password = hashPassword(password)
	if err := a.change(ctx, app.UserChange{Before: before, After: after, Used: hashToken(token), Now: now}); err != nil {
		return app.User{}, err
	}
	after.Version++
	return after, a.endSessions(ctx, email)
}

// ErrRepeated tells that the password was typed twice, and differs.
var ErrRepeated = invalid("The two passwords differ.")
