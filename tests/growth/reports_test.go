package growth

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
	"windfall/tests/tabletest"
)

// BenchmarkReport asks for the last 90 days of a customer with so many events in them, each
// filed as the stream's function files it. A million has the same rows of sums, and would
// take a quarter of an hour to file. The units of a report are the same for all.
func BenchmarkReport(b *testing.B) {
	ctx, now := context.Background(), time.Date(2027, 4, 15, 10, 30, 0, 0, time.UTC)
	tb := tabletest.New(b)
	store := dynamo.New(tb.Client, tb.Name, time.Now, func(context.Context, int) bool { return true })
	a := &app.App{Store: store, Log: slog.New(slog.DiscardHandler)}
	caller := app.Caller{Env: catalog.Sandbox, Now: now}
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(store.Commit(ctx, caller.Env, app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse}, New: true}))
	for name, bin := range map[string]time.Duration{"days": entitlement.DayBins, "hours": entitlement.HourBins} {
		r := row{"report of 40 days in hours, by events", [3]int{10_000, 30_000, 100_000}, 1.3}
		span, err := entitlement.NewUsageRange(now.AddDate(0, 0, -40), now.Add(time.Millisecond), bin)
		if bin == entitlement.DayBins {
			r.grows = "report of 90 days in days, by events"
			span, err = billing.LastSpan("90d", nil, now)
		}
		must(err)
		var reads []float64
		r.measure(b, func(size int) func() {
			key := strconv.Itoa(size)
			if _, found, err := store.State(ctx, caller.Env, key); err != nil || !found {
				must(err)
				must(store.Commit(ctx, caller.Env, app.SaveCustomer{Customer: billing.Customer{ID: key, InternalID: "cus_" + key, CreatedAt: now.AddDate(0, 0, -91)}}))
				fill(b, store, key, size, now)
			}
			report := func() app.UsageReport {
				got, err := a.UsageReport(ctx, caller, key, []string{"messages"}, func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return span, nil })
				must(err)
				return got
			}
			var units float64
			tb.DB.Observe(func(_ dynamodb.Call, used dynamodb.Capacity) { units += used.Read })
			total := report().Total["messages"]
			tb.DB.Observe(nil)
			if name == "days" && (total.Count != size || !total.Sum.Equal(money.Int(int64(size)).Div(money.Int(10)))) {
				b.Fatalf("the report of %d events has %d, and %s", size, total.Count, total.Sum)
			}
			reads = append(reads, units)
			return func() { report() }
		})
		fmt.Printf("    read units of each: %v\n", reads)
		if reads[2] > 1.3*reads[0] {
			b.Errorf("%v units are read", reads)
		}
	}
}

// fill files events, evenly over the last 90 days, in batches of the size that the stream has.
func fill(b *testing.B, store *dynamo.Store, key string, size int, now time.Time) {
	b.Helper()
	const batch = 100
	notes := make([]app.UsageNote, 0, batch)
	for i := range size {
		at := now.Add(-time.Duration(size-i) * (90 * 24 * time.Hour / time.Duration(size)))
		notes = append(notes, app.UsageNote{UsageRecord: app.UsageRecord{ID: "evt_" + strconv.Itoa(i), CustomerID: key, Features: []string{"messages"}, At: at, ReceivedAt: at,
			Value: money.One.Div(money.Int(10)), KeptFor: 400 * 24 * time.Hour}, Env: catalog.Sandbox, Position: usage.PositionOf(strconv.Itoa(i + 1)),
			Source: app.UsageSource{PK: "sandbox#CUS#" + key, SK: "BALANCE#messages"}})
		if len(notes) < batch && i < size-1 {
			continue
		}
		for _, err := range store.FileUsage(context.Background(), notes, at) {
			if err != nil {
				b.Fatal(err)
			}
		}
		notes = notes[:0]
	}
}
