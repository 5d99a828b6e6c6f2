package growth

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/tests/tabletest"
)

// BenchmarkReport asks the API for the last 90 days, and for 40 days in hours, of a customer
// with so many events in the 90. The events and their sums are written at once; that it is
// what filing leaves is a test.
func BenchmarkReport(b *testing.B) {
	s, now := open(b), t0
	call(b, s, "POST", "/v1/features/messages", `{"group_by":["model"]}`)
	client := tabletest.Client(s.DB)
	filled := map[int]bool{}
	sizes := [3]int{10_000, 100_000, 1_000_000}
	full := [3]int{50_000, 100_000, 1_000_000} // each value is used in each hour
	for _, c := range []struct {
		grows, path, more string
		sizes             [3]int
	}{
		{"aggregate of 90 days in days, by events", "/v1/events/aggregate", `"range":"90d"`, sizes},
		{"query of 90 days in days, by events", "/v1/query", `"range":"90d"`, sizes},
		{"aggregate of 40 days in hours, by events", "/v1/events/aggregate", `"bin_size":"hour","custom_range":` + span40(now), sizes},
		{"query of 40 days in hours, by events", "/v1/query", `"bin_size":"hour","custom_range":` + span40(now), sizes},
		{"aggregate of 90 days by 10 values, by events", "/v1/events/aggregate", `"range":"90d","group_by":"model"`, full},
		{"query of 40 days in hours by 10 values", "/v1/query", `"group_by":"model","bin_size":"hour","custom_range":` + span40(now), full},
	} {
		var reads []float64
		r := row{c.grows, c.sizes, 1.3}
		r.measure(b, func(size int) func() {
			key := strconv.Itoa(size)
			if !filled[size] {
				filled[size] = true
				must(b, s.Save(b.Context(), madeBefore(key, now)))
				filler{client: client, table: s.Template.Table.Name, key: key, size: size, now: now}.bulk(b)
			}
			body := fmt.Sprintf(`{"customer_id":%q,"feature_id":"messages",%s}`, key, c.more)
			var mu sync.Mutex
			units := 0.0
			s.DB.Observe(func(_ dynamodb.Call, used dynamodb.Capacity) { mu.Lock(); units += used.Read; mu.Unlock() })
			answer := call(b, s, "POST", c.path, body)
			s.DB.Observe(nil)
			reads = append(reads, units)
			if c.path == "/v1/events/aggregate" && strings.HasPrefix(c.more, `"range":"90d"`) {
				hasAll(b, answer, size)
			}
			return func() { call(b, s, "POST", c.path, body) }
		})
		fmt.Printf("    read units of each: %v\n", reads)
		if max(reads[1], reads[2]) > 1.3*reads[0] {
			b.Errorf("%v units are read", reads)
		}
	}
}

func span40(now time.Time) string {
	return fmt.Sprintf(`{"start":%d,"end":%d}`, now.AddDate(0, 0, -40).UnixMilli(), now.UnixMilli())
}

func madeBefore(key string, now time.Time) app.Write {
	return app.SaveCustomer{Customer: billing.Customer{ID: key, InternalID: "cus_" + key, CreatedAt: now.AddDate(0, 0, -91)}}
}

// hasAll holds a report to all events, of a tenth each.
func hasAll(b *testing.B, answer []byte, size int) {
	b.Helper()
	var got struct {
		Total map[string]struct {
			Count int
			Sum   json.Number
		}
	}
	must(b, json.Unmarshal(answer, &got))
	want := money.Int(int64(size)).Div(money.Int(10)).String()
	if of := got.Total["messages"]; of.Count != size || of.Sum.String() != want {
		b.Fatalf("the report of %d events has %d, and %s", size, of.Count, of.Sum)
	}
}

// What bulk writes is what filing leaves, row by row.
func TestTheFilledRowsAreThoseOfFiling(t *testing.T) {
	now := t0.Add(10*time.Hour + 30*time.Minute)
	var dumps [2]string
	for i, fill := range []func(filler, testing.TB){filler.bulk, filler.file} {
		tb := tabletest.New(t)
		f := filler{client: tb.Client, table: tb.Name, key: "c", size: 2000, now: now}
		must(t, f.store().Commit(context.Background(), catalog.Sandbox, messages, madeBefore("c", now)))
		fill(f, t)
		dumps[i] = tb.DB.Dump()
	}
	if strings.Count(dumps[0], "\n") < 2000+90+90 {
		t.Error("there are too few rows")
	}
	if diff := cmp.Diff(strings.Split(dumps[1], "\n"), strings.Split(dumps[0], "\n")); diff != "" {
		t.Errorf("-filed +bulk:\n%.4000s", diff)
	}
}
