package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const limitKept = time.Hour // longer than any window

func init() {
	declareAlone("limit in use", "<env>#LIMIT#<name>#<s>#<of>", "LIMIT")
	declare(kind{
		name: "guesses", pk: "<env>#CUS#<key>", sk: guessesSK, version: 1,
		state: func(s *billing.State, r row) error {
			s.Guesses = billing.Guesses{Window: time.Unix(r.int("since"), 0).UTC(), Count: int(r.int("used"))}
			return nil
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			if w.Guesses.Count == 0 {
				return nil
			}
			return items{t.remove(guessesKey(t.env, w.Key), whenever, nil)} // however many there are by now
		},
	})
}

func (t *transaction) SaveGuesses(w app.SaveGuesses) {
	r := newRow(guessesKey(t.env, w.Key))
	r.setInt("since", w.Guesses.Window.Unix())
	r.setInt("used", int64(w.Guesses.Count))
	r.setInt("ttl", w.Guesses.Window.Add(limitKept).Unix())
	t.add(t.put(r, whenever, nil))
}

// The guesses of a customer are one row for all windows, so that the customer is read
// with at most one.
const guessesSK = "GUESSES"

func guessesKey(env catalog.Env, customerKey string) key {
	return key{customerPK(env, customerKey), guessesSK}
}

// CountWithin implements app.Store. Windows begin at whole multiples of their
// length, and each has a row of its own.
func (s *Store) CountWithin(ctx context.Context, env catalog.Env, l app.Limit, now time.Time) (bool, error) {
	window := now.Truncate(l.Window).Unix()
	k := lookUp(env, "LIMIT", fmt.Sprintf("%s#%d#%s", l.Name, window, l.Of))
	return s.updateIf(ctx, "count against the limit "+l.Name, k, "SET #ttl = :ttl, v = :form ADD used :one", "attribute_not_exists(used) OR used < :most",
		values{":form": newRow(k)[formVersion], ":one": integer(1), ":most": integer(int64(l.Most)), ":ttl": integer(now.Add(limitKept).Unix())})
}

// CountGuess implements app.Store. One request; two where others count at the same
// moment in a window that was not there when the customer was read.
func (s *Store) CountGuess(ctx context.Context, env catalog.Env, customerKey string, g billing.Guesses, window time.Time) (int, error) {
	k := guessesKey(env, customerKey)
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.attributes(),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: values{":form": newRow(k)[formVersion], ":one": integer(1), ":window": integer(window.Unix()),
			":ttl": integer(window.Add(limitKept).Unix())},
		ReturnValues: types.ReturnValueUpdatedNew, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	begun := g.In(window) > 0
	for try := 0; ; try++ {
		if begun { // also where the clock of another process is ahead, and has begun the next one
			in.UpdateExpression, in.ConditionExpression = aws.String("SET #ttl = :ttl, v = :form ADD used :one"), aws.String("since >= :window")
		} else {
			in.UpdateExpression, in.ConditionExpression = aws.String("SET #ttl = :ttl, v = :form, since = :window, used = :one"), aws.String("attribute_not_exists(since) OR since < :window")
		}
		var count int64
		err := s.surely(ctx, func() error {
			out, err := s.client.UpdateItem(ctx, in)
			if err == nil {
				countOne(ctx, out.ConsumedCapacity)
				count = row(out.Attributes).int("used")
			}
			return err
		})
		if errors.As(err, new(*types.ConditionalCheckFailedException)) && try < 2 { // one holds; twice if the row went in between
			begun = !begun
			continue
		}
		if err != nil {
			return 0, failed("count a guess", err)
		}
		return int(count), nil
	}
}
