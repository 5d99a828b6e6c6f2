package growth

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
)

// A filler gives a customer so many events, evenly over the last 90 days, and their sums.
type filler struct {
	client *awsdynamodb.Client
	table  string
	key    string
	size   int
	now    time.Time
	loose  bool // events without sums, as before there were any
}

const keptDays = 400

func (f filler) store() *dynamo.Store {
	return dynamo.New(f.client, f.table, "usd", func() time.Time { return f.now }, func(context.Context, int) bool { return true })
}

func (f filler) event(i int) entitlement.UsageEvent {
	at := f.now.Add(-time.Duration(f.size-i) * (90 * 24 * time.Hour / time.Duration(f.size))).Truncate(time.Millisecond)
	return entitlement.UsageEvent{ID: "evt_" + strconv.Itoa(i), CustomerID: f.key, FeatureID: "messages", At: at, ReceivedAt: at, Value: money.One.Div(money.Int(10)),
		Properties: fmt.Sprintf(`{"model":"m%d"}`, i%10)}
}

// messages is the feature, with usage by model.
var messages = app.SaveFeature{New: true, Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse, GroupBy: []string{"model"}}}

// file has the stream's function do it, in batches of the size that the stream has.
func (f filler) file(t testing.TB) {
	store := f.store()
	var notes []app.UsageNote
	for i := range f.size {
		e := f.event(i)
		notes = append(notes, app.UsageNote{UsageRecord: app.UsageRecord{ID: e.ID, CustomerID: f.key, Features: []string{e.FeatureID}, At: e.At, ReceivedAt: e.ReceivedAt,
			Value: e.Value, Properties: e.Properties, KeptFor: keptDays * 24 * time.Hour}, Env: catalog.Sandbox, Position: position(i),
			Source: app.UsageSource{PK: "sandbox#CUS#" + f.key, SK: "BALANCE#messages"}})
		if len(notes) < 100 && i < f.size-1 {
			continue
		}
		for _, err := range store.FileUsage(context.Background(), notes, e.At) {
			must(t, err)
		}
		notes = notes[:0]
	}
}

func position(i int) usage.Position { return usage.PositionOf(strconv.Itoa(i + 1)) }

// bulk writes the rows that file leaves, 25 at a time.
func (f filler) bulk(t testing.TB) {
	store := f.store()
	for _, last := range []int{99, 199} { // the first two batches look for events without sums
		if f.loose {
			break
		}
		_, err := store.ScanUsage(context.Background(), catalog.Sandbox, f.key, f.event(last).At)
		must(t, err)
	}
	var writes []types.WriteRequest
	put := func(item map[string]types.AttributeValue) {
		item["v"] = number("1")
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
	}
	flush := func(least int) {
		for len(writes) > least {
			n := min(25, len(writes))
			_, err := f.client.BatchWriteItem(context.Background(), &awsdynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{f.table: writes[:n]}})
			must(t, err)
			writes = writes[n:]
		}
	}
	var ofDay []usage.Filed
	for i := range f.size {
		e := f.event(i)
		bucket := usage.BucketOf(0, e.ReceivedAt, f.now.AddDate(0, 0, -91), keptDays)
		item := map[string]types.AttributeValue{"PK": word("sandbox#USED#" + f.key), "SK": word(fmt.Sprintf("%015d#%s#%s", e.At.UnixMilli(), e.ID, e.FeatureID)),
			"f": word(e.FeatureID), "u": number(e.Value.String()), "at": number(strconv.FormatInt(e.ReceivedAt.UnixMilli(), 10)),
			"ttl": number(strconv.FormatInt(e.ReceivedAt.Add(keptDays*24*time.Hour).Unix(), 10)), "q": word(string(position(i))), "b": word(bucket.Text()), "g": word("model"), "p": word(e.Properties)}
		put(item)
		if f.loose {
			delete(item, "q")
			delete(item, "b")
			delete(item, "g")
			flush(24)
			continue
		}
		ofDay = append(ofDay, usage.Filed{Event: e, Bucket: bucket, Position: position(i), GroupBy: []string{"model"}})
		if i == f.size-1 || f.event(i+1).At.Truncate(24*time.Hour).After(e.At) {
			for _, a := range usage.Additions(ofDay) {
				put(f.sumRow(a))
				put(f.groupsRow(a))
			}
			ofDay = ofDay[:0]
		}
		flush(24)
	}
	flush(0)
}

func (f filler) sumRow(a usage.Addition) map[string]types.AttributeValue {
	sums := a.Sums()
	out := map[string]types.AttributeValue{"PK": word("sandbox#SUMS#" + f.key), "SK": word("DAY#" + a.Key.FeatureID + "#" + a.Key.Day.Format("20060102") + "#" + a.Key.Bucket.Text()),
		"ttl": number(strconv.FormatInt(a.Key.Bucket.ExpiresAt().Unix(), 10)), "q": word(string(a.Steps()[0].Last)), "gmodel": number(strconv.Itoa(a.Len()))}
	add := func(hour string, of usage.Sum) {
		out["c"+hour], out["s"+hour] = number(strconv.FormatInt(of.Count, 10)), number(of.Units.String())
	}
	add("", sums.Total)
	for hour, of := range sums.Hours {
		add(fmt.Sprintf("%02d", hour), of)
	}
	return out
}

type hour struct {
	Hour  int           `json:"h,omitzero"`
	Count int64         `json:"c"`
	Units money.Decimal `json:"s"`
}

type group struct {
	Name  string `json:"n,omitzero"`
	Hours []hour `json:"of"`
}

type total struct {
	Name  string        `json:"n,omitzero"`
	Count int64         `json:"c"`
	Units money.Decimal `json:"s"`
}

func totalOf(name string, of map[int]usage.Sum) total {
	out := total{Name: name}
	for _, s := range of {
		out.Count, out.Units = out.Count+s.Count, out.Units.Add(s.Units)
	}
	return out
}

func hours(of map[int]usage.Sum) (out []hour) {
	for _, h := range slices.Sorted(maps.Keys(of)) {
		out = append(out, hour{h, of[h].Count, of[h].Units})
	}
	return out
}

// groupsRow has the version that batches of 100 events bring it to.
func (f filler) groupsRow(a usage.Addition) map[string]types.AttributeValue {
	g := usage.Groups{}.With(a.Events(), app.ValueOf("model"))
	groups, totals := []group{{"", hours(g.All)}}, []total{totalOf("", g.All)}
	for _, name := range slices.Sorted(maps.Keys(g.Named)) {
		groups, totals = append(groups, group{name, hours(g.Named[name])}), append(totals, totalOf(name, g.Named[name]))
	}
	byHour, _ := json.Marshal(groups)
	byDay, _ := json.Marshal(totals)
	batches := map[int]bool{}
	for _, e := range a.Events() {
		n, _ := strconv.Atoi(strings.TrimPrefix(e.ID, "evt_"))
		batches[n/100] = true
	}
	return map[string]types.AttributeValue{"PK": word("sandbox#SUMS#" + f.key), "SK": word("GROUPS#" + a.Key.FeatureID + "#model#" + a.Key.Day.Format("20060102") + "#" + a.Key.Bucket.Text()),
		"ttl": number(strconv.FormatInt(a.Key.Bucket.ExpiresAt().Unix(), 10)), "q": word(string(a.Steps()[0].Last)), "ver": number(strconv.Itoa(len(batches))),
		"hours": word(string(byHour)), "day": word(string(byDay))}
}

func word(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
