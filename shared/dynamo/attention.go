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
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String("list"),
		KeyConditionExpression: aws.String("list_pk = :pk"), ExpressionAttributeValues: values{":pk": text(attentionPK(env))},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
	if err != nil {
		return counts, failed("count what waits", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	for _, item := range out.Items {
		kind, since, _ := placeOfWaiting(row(item).text("list_sk"))
		if kind != app.Unfinished || !since.After(now.Add(-app.AtWork)) {
			counts.Of[kind]++
		}
	}
	counts.More = len(out.LastEvaluatedKey) > 0
	return counts, nil
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

// waiting reads the rows that places of the list name, and their customers, in one request
// for up to 100 rows. A row that is gone, or waits no more, is left out.
func (s *Store) waiting(ctx context.Context, env catalog.Env, places []map[string]types.AttributeValue) ([]app.Waiting, error) {
	var keys []map[string]types.AttributeValue
	asked := map[key]bool{}
	ask := func(k key) {
		if !asked[k] {
			asked[k] = true
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
	found := map[key]row{}
	for begin := 0; begin < len(keys); begin += maxBatch {
		rows, err := s.batch(ctx, keys[begin:min(begin+maxBatch, len(keys))])
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[key{r.text("PK"), r.text("SK")}] = r
		}
	}
	var page []app.Waiting
	for _, p := range places {
		r, ok := found[key{row(p).text("PK"), row(p).text("SK")}]
		if !ok || r.text("list_sk") != row(p).text("list_sk") {
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
