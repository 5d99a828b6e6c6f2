package dynamo

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const sessionsPK = dashboardPartition + "#SESSIONS"

func init() {
	declareAlone("session", sessionsPK, "SESSION#<sha256>")
	declareAlone("signing key", dashboardPartition+"#SIGNING", "SIGNING")
}

var _ app.Accounts = (*Store)(nil)

func sessionKey(hash string) key { return key{sessionsPK, "SESSION#" + hash} }

// UserSession implements app.Accounts.
func (s *Store) UserSession(ctx context.Context, hash string) (app.UserSession, bool, error) {
	r, err := s.get(ctx, sessionKey(hash))
	if err != nil || len(r) == 0 {
		return app.UserSession{}, false, err
	}
	return readSession(r), true, nil
}

func readSession(r row) app.UserSession {
	return app.UserSession{Hash: strings.TrimPrefix(r.text("SK"), "SESSION#"), User: r.text("user"), Role: app.Role(r.text("role")),
		Env: catalog.Env(r.text("env")), Since: r.time("since"), SeenAt: r.time("seen")}
}

func sessionRow(in app.UserSession, until time.Time) row {
	r := newRow(sessionKey(in.Hash))
	r.setText("user", in.User)
	r.setText("role", string(in.Role))
	r.setText("env", string(in.Env))
	r.setTime("since", in.Since)
	r.setTime("seen", in.SeenAt)
	r.setInt("ttl", until.Unix())
	return r
}

// BeginUserSession implements app.Accounts. A user who was removed or has another role since is not signed in.
func (s *Store) BeginUserSession(ctx context.Context, in app.UserSession, of app.User, until time.Time) (bool, error) {
	t := table{name: s.table}
	list := items{t.put(sessionRow(in, until), isNew, nil)}
	if of.Email != "" {
		condition, v := atVersion(of.Version)
		list = append(list, types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: &s.table, Key: userKey(of.Email).attributes(),
			ConditionExpression: &condition, ExpressionAttributeValues: v}})
	}
	failedAt, err := s.transact(ctx, list)
	return err == nil && len(failedAt) == 0, err
}

// SaveUserSession implements app.Accounts.
func (s *Store) SaveUserSession(ctx context.Context, in app.UserSession, until time.Time) (bool, error) {
	failedAt, err := s.transact(ctx, items{table{name: s.table}.put(sessionRow(in, until), isThere, nil)})
	return err == nil && len(failedAt) == 0, err
}

// DeleteUserSession implements app.Accounts.
func (s *Store) DeleteUserSession(ctx context.Context, hash string) error {
	_, err := s.transact(ctx, items{table{name: s.table}.remove(sessionKey(hash), whenever, nil)})
	return err
}

// UserSessions implements app.Accounts.
func (s *Store) UserSessions(ctx context.Context) ([]app.UserSession, error) {
	rows, err := s.query(ctx, sessionsPK, "SESSION#", false)
	if err != nil {
		return nil, err
	}
	all := make([]app.UserSession, len(rows))
	for i, r := range rows {
		all[i] = readSession(r)
	}
	return all, nil
}

// SigningKey implements app.Accounts. The first process that asks stores its own.
func (s *Store) SigningKey(ctx context.Context, fresh []byte) ([]byte, error) {
	k := key{dashboardPartition + "#SIGNING", "SIGNING"}
	read := func() ([]byte, error) {
		r, err := s.get(ctx, k)
		if err != nil {
			return nil, err
		}
		return hex.DecodeString(r.text("key"))
	}
	if stored, err := read(); err != nil || len(stored) > 0 {
		return stored, err
	}
	r := newRow(k)
	r.setText("key", hex.EncodeToString(fresh))
	if _, err := s.transact(ctx, items{table{name: s.table}.put(r, isNew, nil)}); err != nil {
		return nil, err
	}
	return read() // another process may have been the first
}
