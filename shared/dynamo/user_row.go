package dynamo

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
)

// dashboardPartition begins the keys of rows of the dashboard: its users belong to no environment.
const dashboardPartition = "DASHBOARD"

// Users are one partition, as there are few: a query lists them, and the editors who can act are counted in it.
const (
	usersPK = dashboardPartition + "#USERS"
	userSK  = "USER#"
)

var editorsKey = key{usersPK, "EDITORS"}

func init() {
	declareAlone("user", usersPK, userSK+"<address>")
	declareAlone("count of editors", usersPK, editorsKey.SK)
	declareAlone("welcome", dashboardPartition+"#WELCOME#<sha256>", "WELCOME")
	declareAlone("attempts", dashboardPartition+"#ATTEMPTS#<hash>", "ATTEMPTS")
}

func userKey(email string) key { return key{usersPK, userSK + email} }

func welcomeKey(hash string) key { return key{dashboardPartition + "#WELCOME#" + hash, "WELCOME"} }

func userRow(u app.User) row {
	r := newRow(userKey(u.Email))
	r.setText("role", string(u.Role))
	r.setText("password", u.Password)
	r.setInt("ver", u.Version+1)
	r.setTime("created", u.CreatedAt)
	r.setText("created_by", u.CreatedBy)
	return r
}

func readUser(r row) app.User {
	return app.User{Email: strings.TrimPrefix(r.text("SK"), userSK), Role: app.Role(r.text("role")), Password: r.text("password"),
		Version: r.int("ver"), CreatedAt: r.time("created"), CreatedBy: r.text("created_by")}
}

// User implements app.Accounts.
func (s *Store) User(ctx context.Context, email string) (app.User, error) {
	if len(userSK+email) > maxSortKey {
		return app.User{}, nil
	}
	r, err := s.get(ctx, userKey(email))
	if err != nil || len(r) == 0 {
		return app.User{}, err
	}
	return readUser(r), nil
}

// Users implements app.Accounts.
func (s *Store) Users(ctx context.Context) ([]app.User, error) {
	rows, err := s.query(ctx, usersPK, userSK, false)
	if err != nil {
		return nil, err
	}
	all := make([]app.User, len(rows))
	for i, r := range rows {
		all[i] = readUser(r)
	}
	return all, nil
}

// ChangeUser implements app.Accounts.
func (s *Store) ChangeUser(ctx context.Context, c app.UserChange) (app.UserConflict, error) {
	t := table{name: s.table}
	why := []app.UserConflict{app.UserChanged}
	condition, v := atVersion(c.Before.Version)
	var list items
	if c.After.Email == "" {
		list = items{t.remove(userKey(c.Before.Email), condition, v)}
	} else {
		after := c.After
		after.Version = c.Before.Version
		list = items{t.put(userRow(after), condition, v)}
	}
	switch before, after := c.Before.Acts(), c.After.Acts(); {
	case after && !before:
		list, why = append(list, t.countEditors(1, "")), append(why, app.LastEditor)
	case before && !after:
		list, why = append(list, t.countEditors(-1, "n > :one")), append(why, app.LastEditor)
	}
	if c.Used != "" {
		list = append(list, t.remove(welcomeKey(c.Used), isThere, nil))
		why = append(why, app.WelcomeUsed)
	}
	failedAt, err := s.transact(ctx, list)
	if err != nil || len(failedAt) == 0 {
		return "", err
	}
	return why[failedAt[0]], nil
}

func (t table) countEditors(by int64, condition string) types.TransactWriteItem {
	u := &types.Update{TableName: &t.name, Key: editorsKey.attributes(), ExpressionAttributeValues: values{":form": newRow(editorsKey)[formVersion], ":by": integer(by)}}
	expression := "SET v = :form ADD n :by"
	u.UpdateExpression = &expression
	if condition != "" {
		u.ConditionExpression = &condition
		u.ExpressionAttributeValues[":one"] = integer(1)
	}
	return types.TransactWriteItem{Update: u}
}

// SaveWelcome implements app.Accounts.
func (s *Store) SaveWelcome(ctx context.Context, w app.Welcome) error {
	r := newRow(welcomeKey(w.Hash))
	r.setText("address", w.Email)
	r.setTime("until", w.Until)
	r.setText("replaces", w.For)
	r.setInt("ttl", w.Until.Unix())
	if _, err := s.transact(ctx, items{table{name: s.table}.put(r, whenever, nil)}); err != nil {
		return err
	}
	return nil
}

// Welcome implements app.Accounts.
func (s *Store) Welcome(ctx context.Context, hash string) (app.Welcome, error) {
	r, err := s.get(ctx, welcomeKey(hash))
	if err != nil || len(r) == 0 {
		return app.Welcome{}, err
	}
	return app.Welcome{Hash: hash, Email: r.text("address"), Until: r.time("until"), For: r.text("replaces")}, nil
}

func attemptsKey(of string) key {
	return key{dashboardPartition + "#ATTEMPTS#" + hashed(of), "ATTEMPTS"}
}

// CountAttempt implements app.Accounts. Either of two conditional writes holds: one more within the span that has
// begun, or the first of another.
func (s *Store) CountAttempt(ctx context.Context, of string, most int, span time.Duration, now time.Time) (bool, error) {
	k := attemptsKey(of)
	shared := values{":form": newRow(k)[formVersion], ":one": integer(1), ":over": millis(now.Add(-span)), ":ttl": integer(now.Add(span).Unix())}
	more := values{":most": integer(int64(most))}
	first := values{":now": millis(now)}
	for name, v := range shared {
		more[name], first[name] = v, v
	}
	begun, err := s.updateIf(ctx, "count an attempt", k, "SET #ttl = :ttl, v = :form ADD used :one", "since > :over AND used < :most", more)
	if begun || err != nil {
		return begun, err
	}
	return s.updateIf(ctx, "count an attempt", k, "SET #ttl = :ttl, v = :form, since = :now, used = :one", "attribute_not_exists(since) OR since <= :over", first)
}

// ForgiveAttempt implements app.Accounts.
func (s *Store) ForgiveAttempt(ctx context.Context, of string) error {
	_, err := s.updateIf(ctx, "take an attempt back", attemptsKey(of), "ADD used :less", "used > :none", values{":less": integer(-1), ":none": integer(0)})
	return err
}

// updateIf changes a row where a condition holds, and reports whether it did.
func (s *Store) updateIf(ctx context.Context, what string, k key, expression, condition string, v values) (bool, error) {
	in := &dynamodb.UpdateItemInput{TableName: &s.table, Key: k.attributes(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeValues: v, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	if strings.Contains(expression, "#ttl") {
		in.ExpressionAttributeNames = map[string]string{"#ttl": "ttl"}
	}
	err := s.surely(ctx, func() error {
		out, err := s.client.UpdateItem(ctx, in)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	if errors.As(err, new(*types.ConditionalCheckFailedException)) {
		return false, nil
	}
	if err != nil {
		return false, failed(what, err)
	}
	return true, nil
}
