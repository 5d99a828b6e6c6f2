package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	answerKept  = 24 * time.Hour
	requestRuns = time.Minute // longer than API Gateway waits for any function
)

func init() {
	declareAlone("request", "<env>#REQUEST#<hash>", "REQUEST")
}

// BeginRequest implements app.Store. A request that was begun and never ended
// (its process died) lapses after a minute; the same request may then be made
// again, and finds its operation where it was left.
func (s *Store) BeginRequest(ctx context.Context, env catalog.Env, requestKey, bodyHash string, now time.Time) (*app.StoredAnswer, error) {
	r := newRow(lookUp(env, "REQUEST", hashed(requestKey)))
	r.setText("hash", bodyHash)
	r.setTime("lapses", now.Add(requestRuns))
	r.setInt("ttl", now.Add(answerKept).Unix())
	in := &dynamodb.PutItemInput{
		TableName: &s.table, Item: r,
		// TTL deletes days late, so its time is compared, too.
		ConditionExpression:                 aws.String(isNew + " OR #ttl <= :sec OR (lapses <= :now AND #hash = :hash)"),
		ExpressionAttributeNames:            map[string]string{"#ttl": "ttl", "#hash": "hash"},
		ExpressionAttributeValues:           values{":sec": integer(now.Unix()), ":now": millis(now), ":hash": text(bodyHash)},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	err := s.surely(ctx, func() error {
		_, err := s.client.PutItem(ctx, in)
		if err == nil {
			count(ctx)
		}
		return err
	})
	var old *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &old):
		was := row(old.Item)
		if err := known(was); err != nil {
			return nil, err
		}
		return &app.StoredAnswer{BodyHash: was.text("hash"), Status: int(was.int("status")), Body: was.text("body")}, nil
	}
	return nil, failed("store the Idempotency-Key", err)
}

// EndRequest implements app.Store.
func (s *Store) EndRequest(ctx context.Context, env catalog.Env, requestKey string, answer *app.StoredAnswer, now time.Time) error {
	k := lookUp(env, "REQUEST", hashed(requestKey))
	err := s.surely(ctx, func() (err error) {
		if answer == nil {
			_, err = s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: k.attributes()})
		} else {
			_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: answerRow(k, answer, now)})
		}
		if err == nil {
			count(ctx)
		}
		return err
	})
	if err != nil {
		return failed("store the answer of a request", err)
	}
	return nil
}

func answerRow(k key, answer *app.StoredAnswer, now time.Time) row {
	r := newRow(k)
	r.setText("hash", answer.BodyHash)
	r.setInt("status", int64(answer.Status))
	r.setText("body", answer.Body)
	r.setInt("ttl", now.Add(answerKept).Unix())
	return r
}

// eventKept is how long an event is remembered: as long as Stripe can deliver
// it again.
//
// Source: https://docs.stripe.com/webhooks/process-undelivered-events (30 days)
const eventKept = 30 * 24 * time.Hour

func init() {
	declare(kind{
		name: "webhook event", pk: "<env>#EVENT#<id>", sk: "EVENT", version: 1,
	})
}

func (t *transaction) EventDone(w app.EventDone) {
	r := newRow(eventKey(t.env, w.EventID))
	r.setText("type", w.Type)
	r.setInt("ttl", w.Now.Add(eventKept).Unix())
	t.add(t.put(r, whenever, nil))
}

// eventKey takes an event id of any length: beyond what Stripe promises it is
// hashed, as a key has an end.
//
// Source: https://docs.stripe.com/upgrades: ids have at most 255 characters.
func eventKey(env catalog.Env, id string) key {
	if len(id) > 255 {
		id = "#" + hashed(id)
	}
	return lookUp(env, "EVENT", id)
}

// EventSeen implements app.Store.
func (s *Store) EventSeen(ctx context.Context, env catalog.Env, eventID string) (seen, failed bool, err error) {
	rows, err := s.query(ctx, eventKey(env, eventID).PK, "", false)
	for _, r := range rows {
		seen, failed = seen || r.text("SK") != failureSK, failed || r.text("SK") == failureSK
	}
	return seen, failed, err
}
