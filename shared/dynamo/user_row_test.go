package dynamo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"windfall/shared/app"
)

var (
	aUser    = app.User{Email: "ada@example.com", Role: app.Editor, Password: "$argon2id$…", CreatedAt: april, CreatedBy: "arn:aws:iam::1:user/ops"}
	aSession = app.UserSession{Hash: "cafe", User: "ada@example.com", Role: app.Editor, Env: env, Since: april, SeenAt: may}
	aWelcome = app.Welcome{Hash: "beef", Email: "ada@example.com", Until: may, For: "her"}
)

// saveAccounts writes a row of each kind of the dashboard's own.
func saveAccounts(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	_, err := s.SigningKey(ctx, []byte("fresh"))
	must(t, err)
	why, err := s.ChangeUser(ctx, app.UserChange{After: aUser, Now: april})
	must(t, err)
	begun, err := s.BeginUserSession(ctx, aSession, app.User{Email: aUser.Email, Version: 1}, may)
	must(t, err)
	must(t, s.SaveWelcome(ctx, aWelcome))
	within, err := s.CountAttempt(ctx, "email ada@example.com", 1, time.Minute, april)
	must(t, err)
	if why != "" || !begun || !within {
		t.Errorf("saved: %q %t %t", why, begun, within)
	}
}

// What is written of a user is read as it was.
func TestAccountsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saveAccounts(t, s)
	ctx, want := t.Context(), aUser
	want.Version = 1
	user, err := s.User(ctx, want.Email)
	must(t, err)
	users, err := s.Users(ctx)
	must(t, err)
	session, _, err := s.UserSession(ctx, aSession.Hash)
	must(t, err)
	sessions, err := s.UserSessions(ctx)
	must(t, err)
	welcome, err := s.Welcome(ctx, aWelcome.Hash)
	must(t, err)
	key, err := s.SigningKey(ctx, []byte("another"))
	must(t, err)
	for _, diff := range []string{cmp.Diff(want, user), cmp.Diff([]app.User{want}, users), cmp.Diff(aSession, session),
		cmp.Diff([]app.UserSession{aSession}, sessions), cmp.Diff(aWelcome, welcome), cmp.Diff("fresh", string(key))} {
		if diff != "" {
			t.Error(diff)
		}
	}
}

// A session begins for the user as they were read, and one that has ended does not come back by being seen.
func TestASessionIsOfTheUserAsRead(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saveAccounts(t, s)
	ctx, other := t.Context(), aSession
	other.Hash = "f00d"
	if begun, err := s.BeginUserSession(ctx, other, app.User{Email: aUser.Email, Version: 7}, may); begun || err != nil {
		t.Errorf("a session of a user who changed: %t %v", begun, err)
	}
	if found, err := s.SaveUserSession(ctx, other, may); found || err != nil {
		t.Errorf("a session that never began: %t %v", found, err)
	}
	must(t, s.DeleteUserSession(ctx, aSession.Hash))
	must(t, s.DeleteUserSession(ctx, aSession.Hash))
	if found, err := s.SaveUserSession(ctx, aSession, may); found || err != nil {
		t.Errorf("a session that has ended: %t %v", found, err)
	}
}

// Attempts are counted in a span that begins with the first; one beyond the most is not, and one can be taken back.
func TestAttempts(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	ctx, now := t.Context(), april
	try := func(want bool) {
		t.Helper()
		if within, err := s.CountAttempt(ctx, "x", 2, time.Minute, now); within != want || err != nil {
			t.Errorf("an attempt is within: %t %v", within, err)
		}
	}
	try(true)
	now = now.Add(59 * time.Second)
	try(true)
	try(false)
	must(t, s.ForgiveAttempt(ctx, "x"))
	try(true)
	try(false)
	now = now.Add(time.Second)
	try(true)
	try(true)
	try(false)
}
