package dynamo

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// dashboardPartition begins the keys of rows of the dashboard: its users belong to no environment.
const dashboardPartition = "DASHBOARD"

const sessionsPK = dashboardPartition + "#SESSIONS"

func init() {
	declare(kind{name: "session", pk: sessionsPK, sk: "SESSION#<sha256>", version: 1})
	declare(kind{name: "signing key", pk: dashboardPartition + "#SIGNING", sk: "SIGNING", version: 1})
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

// SaveUserSession implements app.Accounts.
func (s *Store) SaveUserSession(ctx context.Context, in app.UserSession, isNew bool, until time.Time) (bool, error) {
	condition := "attribute_exists(PK)"
	if isNew {
		condition = "attribute_not_exists(PK)"
	}
	err := s.surely(ctx, func() error {
		_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: sessionRow(in, until), ConditionExpression: &condition})
		if err == nil {
			count(ctx)
		}
		return err
	})
	if errors.As(err, new(*types.ConditionalCheckFailedException)) {
		return false, nil
	}
	if err != nil {
		return false, failed("save a session", err)
	}
	return true, nil
}

// DeleteUserSession implements app.Accounts.
func (s *Store) DeleteUserSession(ctx context.Context, hash string) error {
	return s.delete(ctx, "a session", sessionKey(hash))
}

func (s *Store) delete(ctx context.Context, what string, k key) error {
	err := s.surely(ctx, func() error {
		_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: k.attributes()})
		if err == nil {
			count(ctx)
		}
		return err
	})
	if err != nil {
		return failed("delete "+what, err)
	}
	return nil
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
		if b, ok := r["key"].(*types.AttributeValueMemberB); ok {
			return b.Value, nil
		}
		return nil, nil
	}
	if stored, err := read(); err != nil || stored != nil {
		return stored, err
	}
	r := newRow(k)
	r["key"] = &types.AttributeValueMemberB{Value: fresh}
	err := s.surely(ctx, func() error {
		_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: r, ConditionExpression: aws.String(isNew)})
		if err == nil {
			count(ctx)
		}
		return err
	})
	if err != nil && !errors.As(err, new(*types.ConditionalCheckFailedException)) {
		return nil, failed("store the signing key", err)
	}
	return read()
}
