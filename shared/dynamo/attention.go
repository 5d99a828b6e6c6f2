package dynamo

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// What waits for a person is in one partition of the list index, by its kind and its time:
// one Query counts all of it. A row is there while its own attributes say so, and leaves
// it with the write that changes them.
func attentionPK(env catalog.Env) string { return string(env) + "#ATTENTION" }

func (r row) waits(env catalog.Env, kind app.AttentionKind, since time.Time, id string) {
	r.setText("list_pk", attentionPK(env))
	r.setText("list_sk", attentionSK(kind, since)+id)
}

func attentionSK(kind app.AttentionKind, at time.Time) string {
	return fmt.Sprintf("%s#%015d#", kind, max(0, at.UnixMilli()))
}

// placeOfWaiting reads what attentionSK and the id have made.
func placeOfWaiting(sk string) (kind app.AttentionKind, since time.Time, id string) {
	first, rest, _ := strings.Cut(sk, "#")
	ms, id, _ := strings.Cut(rest, "#")
	n, _ := strconv.ParseInt(ms, 10, 64)
	return app.AttentionKind(first), time.UnixMilli(n).UTC(), id
}

// Attention implements app.AttentionStore. What is more than a megabyte of keys is not
// counted: some thousands.
func (s *Store) Attention(ctx context.Context, env catalog.Env, now time.Time) (app.AttentionCounts, error) {
	counts := app.AttentionCounts{Of: map[app.AttentionKind]int{}}
	places, more, err := s.attentionPlaces(ctx, env)
	counts.More = more
	for _, p := range places {
		if kind, due := dueIn(p, now); due {
			counts.Of[kind]++
		}
	}
	return counts, err
}

// attentionPlaces reads the places of all that waits, newest first of each kind.
func (s *Store) attentionPlaces(ctx context.Context, env catalog.Env) (places []map[string]types.AttributeValue, more bool, err error) {
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression: aws.String("list_pk = :pk"), ExpressionAttributeValues: values{":pk": text(attentionPK(env))},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
	if err != nil {
		return nil, false, failed("read what waits", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	return out.Items, len(out.LastEvaluatedKey) > 0, nil
}

// dueIn is the kind of a place, and false for an operation that may be running.
func dueIn(place row, now time.Time) (app.AttentionKind, bool) {
	kind, since, _ := placeOfWaiting(place.text("list_sk"))
	return kind, kind != app.Unfinished || !since.After(now.Add(-app.AtWork))
}

// waitingPosition is what a cursor of these lists holds.
var waitingPosition = regexp.MustCompile(`^[a-z_]{4,10}#[0-9]{15}#[^\x00]+$`)

// WaitingOf implements app.AttentionStore.
func (s *Store) WaitingOf(ctx context.Context, env catalog.Env, kind app.AttentionKind, now time.Time, cursor string, limit int) ([]app.Waiting, string, error) {
	pk, last := attentionPK(env), string(kind)+"#~"
	if kind == app.Unfinished {
		last = attentionSK(kind, now.Add(-app.AtWork)) + "~"
	}
	after := ""
	if cursor != "" {
		sk, ok := placeOf(pk, cursor)
		if !ok || !waitingPosition.MatchString(sk) || !strings.HasPrefix(sk, string(kind)+"#") {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		last, after = sk, sk
	}
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false),
		Limit:                     aws.Int32(int32(limit + 2)), // one more shows whether there is a next page, and the last of the page before may be among them
		KeyConditionExpression:    aws.String("list_pk = :pk AND list_sk BETWEEN :first AND :last"),
		ExpressionAttributeValues: values{":pk": text(pk), ":first": text(string(kind) + "#"), ":last": text(last)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal})
	if err != nil {
		return nil, "", failed("list what waits", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	places, next := out.Items, ""
	if after != "" && len(places) > 0 && row(places[0]).text("list_sk") == after {
		places = places[1:] // the page before ended with it
	}
	if len(places) > limit {
		places = places[:limit]
		next = cursorAfter(pk, row(places[limit-1]).text("list_sk"))
	}
	page, err := s.waiting(ctx, env, places)
	return page, next, err
}

// waiting reads the rows that places of the list name. A row that is gone, or waits no more,
// is left out.
func (s *Store) waiting(ctx context.Context, env catalog.Env, places []map[string]types.AttributeValue) ([]app.Waiting, error) {
	found, err := s.rowsAt(ctx, env, places)
	if err != nil {
		return nil, err
	}
	return waitingAmong(env, places, found)
}

// rowsAt reads the rows that places of the list index name, and the customers whose rows they
// are: one request for up to 100 rows.
func (s *Store) rowsAt(ctx context.Context, env catalog.Env, places []map[string]types.AttributeValue) (map[key]row, error) {
	var keys []map[string]types.AttributeValue
	found := map[key]row{}
	ask := func(k key) {
		if _, asked := found[k]; !asked {
			found[k] = nil
			keys = append(keys, k.attributes())
		}
	}
	for _, p := range places {
		k := key{row(p).text("PK"), row(p).text("SK")}
		ask(k)
		if customer, ok := strings.CutPrefix(k.PK, customerPK(env, "")); ok {
			ask(customerKey(env, customer))
		}
	}
	for begin := 0; begin < len(keys); begin += maxBatch {
		rows, err := s.batch(ctx, keys[begin:min(begin+maxBatch, len(keys))])
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[key{r.text("PK"), r.text("SK")}] = r
		}
	}
	return found, nil
}

func waitingAmong(env catalog.Env, places []map[string]types.AttributeValue, found map[key]row) ([]app.Waiting, error) {
	var page []app.Waiting
	for _, p := range places {
		r := found[key{row(p).text("PK"), row(p).text("SK")}]
		if r == nil || r.text("list_sk") != row(p).text("list_sk") {
			continue
		}
		w, err := readWaiting(env, r, found)
		if err != nil {
			return nil, err
		}
		page = append(page, w)
	}
	return page, nil
}

func readWaiting(env catalog.Env, r row, found map[key]row) (w app.Waiting, err error) {
	w.Kind, w.Since, w.ID = placeOfWaiting(r.text("list_sk"))
	if customer, ok := strings.CutPrefix(r.text("PK"), customerPK(env, "")); ok {
		if c := found[customerKey(env, customer)]; c != nil {
			if w.Customer, err = readCustomer(c); err != nil {
				return w, err
			}
		}
	}
	switch w.Kind {
	case app.Differs:
		w.InternalID = strings.TrimPrefix(r.text("PK"), logPK(env, ""))
		w.Name, w.Path = r.text("name"), r.text("path")
		err = r.json("data", &w.Audit)
	case app.Failed:
		w.Event, err = readFailedEvent(r)
	case app.Held:
		w.Redemption, err = readRedemption(r)
	case app.PastDue:
		w.Product, err = readHeld(r)
	case app.Unfinished:
		err = r.json("data", &w.Operation)
	}
	return w, err
}
