package dynamo

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
)

// While a scan adds events of before, others are filed into the same groups. The scan is told so,
// tries again, and leaves out none of its own.
func TestAScanThatMeetsATrackLeavesOutNoEvent(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	must(t, s.Commit(t.Context(), env, app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse, GroupBy: []string{"model"}}, New: true}))
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}}))
	now, n := april.Add(time.Hour), 0
	use := func() app.UsageRecord {
		n++
		return app.UsageRecord{ID: fmt.Sprintf("evt_%03d", n), CustomerID: "ada", Features: []string{"messages"}, Value: money.One, At: now, ReceivedAt: now,
			KeptFor: 400 * 24 * time.Hour, Properties: `{"model":"large"}`}
	}
	file := func() {
		must(t, errors.Join(s.another().FileUsage(t.Context(), []app.UsageNote{{UsageRecord: use(), Env: env, Position: usage.PositionOf(fmt.Sprint(n)),
			Source: app.UsageSource{PK: customerPK(env, "ada"), SK: "BALANCE#messages"}}}, now)...))
	}
	file() // its customer has a mark now
	for range 300 {
		put(t, s, usageRows(env, use())[0])
	}
	must(t, s.RebuildUsage(t.Context(), env, "ada", now))
	struck := false
	db.SetFault(func(c local.Call) local.Fault {
		if c.Operation != "TransactWriteItems" || struck {
			return local.Fault{}
		}
		struck = true
		return local.Fault{Kind: local.FaultConflict}
	})
	scanner := New(s.client, s.table, s.cache.clock, func(context.Context, int) bool { file(); return true })
	mark, err := scanner.ScanUsage(t.Context(), env, "ada", now.Add(10*time.Minute))
	must(t, err)
	if !struck {
		t.Error("the scan met nothing: the test proves nothing")
	}
	if mark.Pass != usage.Again {
		t.Fatalf("%+v", mark)
	}
	r, err := entitlement.NewUsageRange(april, april.Add(24*time.Hour), entitlement.DayBins)
	must(t, err)
	for _, by := range []string{"", "model"} {
		got, err := (&app.App{Store: s}).UsageReport(t.Context(), app.Caller{Env: env, Now: now}, "ada", []string{"messages"}, by,
			func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return r, nil })
		must(t, err)
		if of := got.Total["messages"]; of.Count != n || !of.Sum.Equal(money.Int(int64(n))) {
			t.Errorf("by %q: %d events of %s, want %d", by, of.Count, of.Sum, n)
		}
	}
}
