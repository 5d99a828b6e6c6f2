package dynamo

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

func init() {
	declareAlone("usage event", "<env>#USED#<key>", "<ms>#<event>#<feature>")
}

func usagePK(env catalog.Env, customerKey string) string { return string(env) + "#USED#" + customerKey }

// usageKey is all that makes a usage event one, so that writing it again
// changes nothing. The partition is not the customer's own: reading a customer
// whole must not meet it.
func usageKey(env catalog.Env, customerKey string, at time.Time, id, feature string) key {
	return key{usagePK(env, customerKey), usageMoment(at) + "#" + id + "#" + feature}
}

// usedBy is the customer of an event's partition.
func usedBy(pk string) (env catalog.Env, customerKey string, ok bool) {
	before, rest, _ := strings.Cut(pk, "#")
	customerKey, ok = strings.CutPrefix("#"+rest, usagePK("", ""))
	return catalog.Env(before), customerKey, ok
}

func usageMoment(at time.Time) string { return fmt.Sprintf("%015d", at.UnixMilli()) }

// usageNote is a track as the row of a balance carries it, in the attribute
// `ev`, until the table's stream has brought it to a row of its own. It is
// short, as it is written by every track. Several uses at once are a list of
// notes. A balance that is saved by anything else has none.
type usageNote struct {
	ID         string        `json:"i"`
	At         int64         `json:"t"` // ms
	ReceivedAt int64         `json:"r"` // ms
	Features   []string      `json:"f"`
	Value      money.Decimal `json:"v"` // as text
	Name       string        `json:"n,omitempty"`
	Properties string        `json:"p,omitempty"`
	EntityID   string        `json:"e,omitempty"`
}

func noteOf(u app.UsageRecord) usageNote {
	return usageNote{u.ID, u.At.UnixMilli(), u.ReceivedAt.UnixMilli(), u.Features, u.Value, u.Name, u.Properties, u.EntityID}
}

func noteText(events []app.UsageRecord) string {
	if len(events) == 1 {
		return encode("a usage event", noteOf(events[0]))
	}
	notes := make([]usageNote, len(events))
	for i, e := range events {
		notes[i] = noteOf(e)
	}
	return encode("usage events", notes)
}

// readNotes reads one note, or a list of them.
func readNotes(text string) (notes []usageNote, err error) {
	if strings.HasPrefix(text, "[") {
		err = json.Unmarshal([]byte(text), &notes)
		return notes, err
	}
	notes = make([]usageNote, 1)
	return notes, json.Unmarshal([]byte(text), &notes[0])
}

// withEvents lets an update of a balance carry events along.
func withEvents(expression string, v values, events []app.UsageRecord) string {
	if len(events) == 0 {
		return expression
	}
	v[":ev"] = text(noteText(events))
	return expression + ", ev = :ev"
}

// setEvents lets a balance that is put carry events along.
func (r row) setEvents(events []app.UsageRecord) {
	if len(events) > 0 {
		r.setText("ev", noteText(events))
	}
}

// SaveUsageEvents puts the events of a use that no balance carries. The key is all of
// what makes an event one, so a repeated put changes nothing. The stream brings them to
// their sums.
func (s *Store) SaveUsageEvents(ctx context.Context, env catalog.Env, u app.UsageRecord) error {
	for _, r := range unsummedRows(env, u) {
		err := s.surely(ctx, func() error {
			out, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: r, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
			if err == nil {
				countOne(ctx, out.ConsumedCapacity)
			}
			return err
		})
		if err != nil {
			return failed("save a usage event", err)
		}
	}
	return nil
}

func usageRows(env catalog.Env, u app.UsageRecord) (rows []row) {
	for _, feature := range u.Features {
		r := newRow(usageKey(env, u.CustomerID, u.At, u.ID, feature))
		r.setText("f", feature)
		r["u"] = exact(u.Value)
		r.setText("n", u.Name)
		r.setText("p", u.Properties)
		r.setText("e", u.EntityID)
		r.setTime("at", u.ReceivedAt)
		r.setInt("ttl", u.ReceivedAt.Add(u.KeptFor).Unix())
		rows = append(rows, r)
	}
	return rows
}

// unsummed is what `ev` of an event holds until the event is in a sum: the stream takes rows
// that have the attribute.
const unsummed = "-"

func unsummedRows(env catalog.Env, u app.UsageRecord) []row {
	rows := usageRows(env, u)
	for _, r := range rows {
		r.setText("ev", unsummed)
	}
	return rows
}

func readUsageEvent(r row) (entitlement.UsageEvent, error) {
	var at int64
	var id string
	if ms, rest, ok := strings.Cut(r.text("SK"), "#"); ok {
		id, _, _ = strings.Cut(rest, "#")
		if _, err := fmt.Sscan(strings.TrimLeft(ms, "0"), &at); err != nil {
			return entitlement.UsageEvent{}, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
		}
	}
	value, err := r.exact("u")
	return entitlement.UsageEvent{ID: id, FeatureID: r.text("f"), Name: r.text("n"), At: time.UnixMilli(at).UTC(),
		ReceivedAt: r.time("at"), Value: value, Properties: r.text("p"), EntityID: r.text("e")}, err
}

// UsageEvents implements app.UsageStore. The events are a moment behind the tracks.
func (s *Store) UsageEvents(ctx context.Context, env catalog.Env, key string, page app.UsagePage) (events []entitlement.UsageEvent, next string, err error) {
	in, err := s.usageQuery(env, key, page)
	if err != nil {
		return nil, "", err
	}
	last, read := "", 0
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return nil, "", failed("read usage events", err)
		}
		countOne(ctx, out.ConsumedCapacity)
		rows, err := knownRows(out.Items)
		if err != nil {
			return nil, "", err
		}
		for _, r := range rows {
			e, err := readUsageEvent(r)
			if err != nil {
				return nil, "", err
			}
			if !page.Wants(e) {
				continue
			}
			if len(events) == page.Limit {
				return events, cursorAfter(usagePK(env, key), last), nil
			}
			e.CustomerID, last = key, r.text("SK")
			events = append(events, e)
		}
		if len(out.LastEvaluatedKey) == 0 {
			return events, "", nil
		}
		if read += len(rows); page.Most > 0 && read >= page.Most {
			return events, cursorAfter(usagePK(env, key), row(out.LastEvaluatedKey).text("SK")), nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// maxUsagePage is how many events one request reads: about 200 KB.
const maxUsagePage = 1000

func (s *Store) usageQuery(env catalog.Env, customerKey string, page app.UsagePage) (*dynamodb.QueryInput, error) {
	pk, atOnce := usagePK(env, customerKey), min(page.Limit+1, maxUsagePage)
	if page.EntityID != "" {
		atOnce = maxUsagePage // most may be of others
	}
	in := &dynamodb.QueryInput{
		TableName: &s.table, ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(atOnce)),
		KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :from AND :to"),
		ExpressionAttributeValues: values{":pk": text(pk), ":from": text(usageMoment(page.From)),
			":to": text(usageMoment(page.To))}, // a moment sorts before all that happened in it
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	if page.Cursor != "" {
		sk, ours := placeOf(pk, page.Cursor)
		if ms, _, ok := strings.Cut(sk, "#"); !ours || !ok || ms < usageMoment(page.From) || sk > usageMoment(page.To) {
			return nil, refusal.Invalid(app.ReasonCursorOfAnotherRange)
		}
		in.ExclusiveStartKey = key{pk, sk}.attributes()
	}
	return in, nil
}
