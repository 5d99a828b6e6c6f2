package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"windfall/shared/app"
)

// welcomed is how long a link to choose a password is good for.
const welcomed = 30 * time.Minute

var errWelcome = refuse(http.StatusGone, "This link was used, or is older than 30 minutes. Ask an editor for another one, under Settings; the first one is made by: make admin.")

// welcome stores a link for a user, and returns its token. The table has the token's hash alone.
func (a Accounts) welcome(ctx context.Context, user app.User, now time.Time) (token string, err error) {
	random := a.Random()
	token = base64.RawURLEncoding.EncodeToString(random[:])
	return token, a.Store.SaveWelcome(ctx, app.Welcome{Hash: hashToken(token), Email: user.Email, Until: now.Add(welcomed), For: replaced(user)})
}

// replaced names a user's password, and the user: another one may have the address by then.
func replaced(user app.User) string {
	return hashToken(strconv.FormatInt(user.CreatedAt.UnixMilli(), 10) + " " + user.Password)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Welcome is whose link it is; it refuses one that is used or over.
func (a Accounts) Welcome(ctx context.Context, token string, now time.Time) (email string, err error) {
	user, err := a.welcomedBy(ctx, token, now)
	return user.Email, err
}

// welcomedBy is the user of a link. Of several links the first one that is used ends the others: somebody else may have them.
func (a Accounts) welcomedBy(ctx context.Context, token string, now time.Time) (app.User, error) {
	w, err := a.Store.Welcome(ctx, hashToken(token))
	if err != nil {
		return app.User{}, err
	}
	if w.Email == "" || !now.Before(w.Until) {
		return app.User{}, errWelcome
	}
	user, err := a.Store.User(ctx, w.Email)
	if err != nil {
		return app.User{}, err
	}
	if user.Email == "" || w.For != "" && w.For != replaced(user) { // removed, or another password was chosen; a release before this one wrote no For
		return app.User{}, errWelcome
	}
	return user, nil
}

// Choose sets the password of the user of a link, and uses the link up. All of the user's sessions end: who lost the old
// password may not be who uses it.
func (a Accounts) Choose(ctx context.Context, token, password, repeated string, now time.Time) (app.User, error) {
	before, err := a.welcomedBy(ctx, token, now)
	if err != nil {
		return app.User{}, err
	}
	if err := checkPassword(password); err != nil {
		return app.User{}, err
	}
	if password != repeated {
		return app.User{}, ErrRepeated
	}
	after := before
	after.Password = hashPassword(password, a.Random())
	if err := a.change(ctx, app.UserChange{Before: before, After: after, Used: hashToken(token), Now: now}); err != nil {
		return app.User{}, err
	}
	after.Version++
	return after, a.endSessions(ctx, before.Email)
}

// ErrRepeated tells that the password was typed twice, and differs.
var ErrRepeated = invalid("The two passwords differ.")
