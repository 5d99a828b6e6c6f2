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
	_ [0]func() // never compared: see catalog.RunningDiscount

	Email     string // in lower case
	Role      Role
	Password  string // its hash; "" until one is chosen
	Version   int64  // of the row as read; 0 for a new one
	CreatedAt time.Time
	CreatedBy string // a user, or the AWS identity of the operator
}

// Acts reports whether a user can sign in and change something: one of these must remain.
func (u User) Acts() bool { return u.Role == Editor && u.Password != "" }

// A UserSession is a browser that is signed in.
type UserSession struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	Hash   string // SHA-256 of the random part of its cookie, hex
	User   string // the e-mail address
	Role   Role
	Env    catalog.Env
	Since  time.Time
	SeenAt time.Time // kept up to a few minutes late
}

// A Welcome is a link by which a user chooses a password, once.
type Welcome struct {
	Hash  string // SHA-256 of its token, hex
	Email string
	Until time.Time
	For   string // the user and the password that it replaces: once another was chosen, it is good no more
}

// A UserChange is what becomes of a user, and with it: all happens or none.
type UserChange struct {
	Before User   // as it was read; zero for a new one
	After  User   // zero where the user is removed
	Used   string // hash of the welcome that is used up; "" for none
	Now    time.Time
}

// What refuses a UserChange.
type UserConflict string

const (
	UserChanged UserConflict = "changed" // meanwhile, or another one has the address
	LastEditor  UserConflict = "last"    // nobody could change anything any more
	WelcomeUsed UserConflict = "used"
)

// Accounts are the rows of the dashboard's own: who may use it, and who does. They belong to no
// environment. Every method is safe for concurrent use.
type Accounts interface {
	// SigningKey is the key of signatures in cookies and forms: random, made once for a table.
	SigningKey(ctx context.Context, fresh []byte) ([]byte, error)

	// User reads a user; the zero User is none.
	User(ctx context.Context, email string) (User, error)

	// Users lists all users by their addresses.
	Users(ctx context.Context) ([]User, error)

	// ChangeUser makes a change; what refuses it is "" when it was made.
	ChangeUser(ctx context.Context, c UserChange) (UserConflict, error)

	// SaveWelcome puts a link, and Welcome reads it: zero for none. One that is over may still be there.
	SaveWelcome(ctx context.Context, w Welcome) error
	Welcome(ctx context.Context, hash string) (Welcome, error)

	// CountAttempt counts one more attempt of a name within a span of time that begins with its first, and reports
	// whether it is within most. One beyond it is not counted.
	CountAttempt(ctx context.Context, of string, most int, span time.Duration, now time.Time) (within bool, err error)

	// ForgiveAttempt takes one attempt back, which was none.
	ForgiveAttempt(ctx context.Context, of string) error

	// UserSession reads a session by its hash.
	UserSession(ctx context.Context, hash string) (s UserSession, found bool, err error)

	// BeginUserSession puts a new session of a user who must be as read; zero for the user of a local stack, who has
	// no row. begun is false where the user changed.
	BeginUserSession(ctx context.Context, s UserSession, of User, until time.Time) (begun bool, err error)

	// SaveUserSession puts a session that is seen or changed. found is false where it has ended.
	SaveUserSession(ctx context.Context, s UserSession, until time.Time) (found bool, err error)

	// DeleteUserSession ends a session; one that is gone is no error.
	DeleteUserSession(ctx context.Context, hash string) error

	// UserSessions lists all sessions.
	UserSessions(ctx context.Context) ([]UserSession, error)
}
