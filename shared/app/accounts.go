package app

import (
	"context"
	"time"

	"windfall/shared/catalog"
)

// A Role says what a user of the dashboard may do.
type Role string

const (
	Viewer Role = "viewer" // sees and previews everything
	Editor Role = "editor" // and acts
)

// A User signs in to the dashboard.
type User struct {
	Email     string // in lower case
	Role      Role
	Password  string // its hash; "" until one is chosen
	Version   int64
	CreatedAt time.Time
	CreatedBy string
}

// A UserSession is a browser that is signed in.
type UserSession struct {
	Hash   string // SHA-256 of the random part of its cookie, hex
	User   string // the e-mail address
	Role   Role
	Env    catalog.Env
	Since  time.Time
	SeenAt time.Time // kept up to a few minutes late
}

// Accounts are the rows of the dashboard's own: who may use it, and who does. They belong to no
// environment. Every method is safe for concurrent use.
type Accounts interface {
	// SigningKey is the key of signatures in cookies and forms: random, made once for a table.
	SigningKey(ctx context.Context, fresh []byte) ([]byte, error)

	// UserSession reads a session by its hash.
	UserSession(ctx context.Context, hash string) (s UserSession, found bool, err error)

	// SaveUserSession puts a session. A new one must have no row; one that is seen or changed must
	// still be there: found is false where it is not.
	SaveUserSession(ctx context.Context, s UserSession, isNew bool, until time.Time) (found bool, err error)

	// DeleteUserSession ends a session; one that is gone is no error.
	DeleteUserSession(ctx context.Context, hash string) error

	// UserSessions lists all sessions.
	UserSessions(ctx context.Context) ([]UserSession, error)
}
