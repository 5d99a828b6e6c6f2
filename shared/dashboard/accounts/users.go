package accounts

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"windfall/shared/app"
	"windfall/shared/order"
)

const maxAddress = 254 // bytes of an e-mail address, as mail takes it

var (
	errAddress = invalid("Enter an e-mail address.")
	errRole    = invalid("Choose a role: viewer or editor.")
	errExists  = refuse(http.StatusConflict, "There is a user with this e-mail already. Make a new sign-in link for them instead.")
	errNoUser  = refuse(http.StatusNotFound, "There is no such user.")
	errLast    = refuse(http.StatusConflict, "This is the last editor who can sign in. Make another one first.")
	errChanged = refuse(http.StatusConflict, "The user was changed at this moment. Look again, and repeat it.")
)

// Create makes a user without a password, and a link by which they choose one.
func (a Accounts) Create(ctx context.Context, by, email string, role app.Role, now time.Time) (token string, err error) {
	email = Address(email)
	if !isAddress(email) {
		return "", errAddress
	}
	if role != app.Viewer && role != app.Editor {
		return "", errRole
	}
	user := app.User{Email: email, Role: role, CreatedAt: now, CreatedBy: by}
	err = a.change(ctx, app.UserChange{After: user, Now: now})
	if errors.Is(err, errChanged) {
		err = errExists
	}
	if err != nil {
		return "", err
	}
	return a.welcome(ctx, user, now)
}

// Link makes a link for a user who has lost the password, or never chose one.
func (a Accounts) Link(ctx context.Context, email string, now time.Time) (token string, err error) {
	user, err := a.existing(ctx, email)
	if err != nil {
		return "", err
	}
	return a.welcome(ctx, user, now)
}

// Admin makes sure that there is an editor with this address, and makes a link for them: the operator's command.
func (a Accounts) Admin(ctx context.Context, by, email string, now time.Time) (token string, err error) {
	user, err := a.Store.User(ctx, Address(email))
	if err != nil {
		return "", err
	}
	if user.Email == "" {
		return a.Create(ctx, by, email, app.Editor, now)
	}
	if user.Role != app.Editor {
		if err := a.ChangeRole(ctx, email, app.Editor, now); err != nil {
			return "", err
		}
	}
	return a.welcome(ctx, user, now)
}

// ChangeRole changes what a user may do, and ends their sessions: they sign in again, as what they are now.
func (a Accounts) ChangeRole(ctx context.Context, email string, role app.Role, now time.Time) error {
	if role != app.Viewer && role != app.Editor {
		return errRole
	}
	return a.end(ctx, email, func(before app.User) app.User { before.Role = role; return before }, now)
}

// Remove takes a user away, and ends their sessions.
func (a Accounts) Remove(ctx context.Context, email string, now time.Time) error {
	return a.end(ctx, email, func(app.User) app.User { return app.User{} }, now)
}

// end changes a user between two ends of their sessions: whatever dies in between, no session of the former user
// stays that was there when it began.
func (a Accounts) end(ctx context.Context, email string, edit func(app.User) app.User, now time.Time) error {
	before, err := a.existing(ctx, email)
	if err != nil {
		return err
	}
	after := edit(before)
	if before.Acts() && !after.Acts() {
		if err := a.othersAct(ctx, before.Email); err != nil {
			return err
		}
	}
	if err := a.endSessions(ctx, before.Email); err != nil {
		return err
	}
	if err := a.change(ctx, app.UserChange{Before: before, After: after, Now: now}); err != nil {
		return err
	}
	return a.endSessions(ctx, before.Email)
}

// othersAct refuses before anything ends what the count of editors would refuse anyway.
func (a Accounts) othersAct(ctx context.Context, email string) error {
	users, err := a.Store.Users(ctx)
	if err == nil && !slices.ContainsFunc(users, func(u app.User) bool { return u.Acts() && u.Email != email }) {
		err = errLast
	}
	return err
}

func (a Accounts) existing(ctx context.Context, email string) (app.User, error) {
	user, err := a.Store.User(ctx, Address(email))
	if err == nil && user.Email == "" {
		err = errNoUser
	}
	return user, err
}

func (a Accounts) change(ctx context.Context, c app.UserChange) error {
	switch why, err := a.Store.ChangeUser(ctx, c); {
	case err != nil:
		return err
	case why == app.LastEditor:
		return errLast
	case why == app.WelcomeUsed:
		return errWelcome
	case why != "":
		return errChanged
	}
	return nil
}

// Sessions are those of a user, the latest first.
func (a Accounts) Sessions(ctx context.Context, email string) ([]app.UserSession, error) {
	all, err := a.Store.UserSessions(ctx)
	own := slices.DeleteFunc(all, func(s app.UserSession) bool { return s.User != email })
	order.Stable(own, func(x, y *app.UserSession) int { return y.SeenAt.Compare(x.SeenAt) })
	return own, err
}

func (a Accounts) endSessions(ctx context.Context, email string) error {
	own, err := a.Sessions(ctx, email)
	for _, s := range own {
		if err == nil {
			err = a.Store.DeleteUserSession(ctx, s.Hash)
		}
	}
	return err
}

// isAddress accepts what mail could deliver: one @ with something on both sides, and nothing that is not seen.
func isAddress(email string) bool {
	name, domain, _ := strings.Cut(email, "@")
	return name != "" && domain != "" && !strings.Contains(domain, "@") && len(email) <= maxAddress &&
		!strings.ContainsFunc(email, func(r rune) bool {
			return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`<>"(),:;[]\`, r)
		})
}
