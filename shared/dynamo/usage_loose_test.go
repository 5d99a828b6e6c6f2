package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	scanner := New(s.client, s.table, "usd", s.cache.clock, func(context.Context, int) bool { file(); return true })
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
		got, err := (&app.App{Store: s}).UsageReport(t.Context(), app.Caller{Env: env, Now: now}, app.ReportCommand{CustomerID: "ada", Features: []string{"messages"}, GroupBy: by},
			func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return r, nil })
		must(t, err)
		if of := got.Total["messages"]; of.Count != n || !of.Sum.Equal(money.Int(int64(n))) {
			t.Errorf("by %q: %d events of %s, want %d", by, of.Count, of.Sum, n)
		}
	}
}

// Groups are written whole, up to some hundred kilobytes each, and a transaction takes 4 MB.
func TestAScanOverManyDaysOfFullGroups(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	by := []string{"model", "region", "user"}
	must(t, s.Commit(t.Context(), env, app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse, GroupBy: by}, New: true}))
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april.AddDate(-1, 0, 0)}}))
	who := usageCustomer{env, "ada"}
	full := usage.Groups{All: map[int]usage.Sum{}, Named: map[string]map[int]usage.Sum{}}
	for i := range usage.MaxGroups {
		name := fmt.Sprintf("%03d", i) + strings.Repeat("\x01", 97)
		full.Named[name] = map[int]usage.Sum{}
		for hour := range 24 {
			full.Named[name][hour] = usage.Sum{Count: 1_000_000, Units: money.MaxUsed.Sub(money.One.Shift(-money.MaxDecimals))}
			full.All[hour] = full.Named[name][hour]
		}
	}
	const days = 10
	for i := range days {
		u := app.UsageRecord{ID: fmt.Sprint("evt_", i), CustomerID: "ada", Features: []string{"messages"}, Value: money.One, At: april.AddDate(0, 0, -i), ReceivedAt: april,
			KeptFor: 400 * 24 * time.Hour, Properties: `{"model":"large","region":7,"user":true}`}
		r := usageRows(env, u)[0]
		put(t, s, r)
		e, err := readUsageEvent(r)
		must(t, err)
		for _, property := range by {
			put(t, s, groupsRow(who, groupsKey{usage.KeyOf(e, usage.BucketOf(0, april, april.AddDate(-1, 0, 0), 400)), property}, storedGroups{Groups: full}))
		}
	}
	mark, err := s.ScanUsage(t.Context(), env, "ada", april)
	must(t, err)
	if mark.Pass != usage.Again {
		t.Errorf("%+v", mark)
	}
	sums, err := s.UsageDays(t.Context(), env, "ada", "messages", april.AddDate(0, 0, -days), april.AddDate(0, 0, 1), app.UsageDetail{})
	must(t, err)
	for _, d := range sums {
		if d.Total.Count != 1 || d.Beyond {
			t.Errorf("%+v", d)
		}
	}
	if len(sums) != days {
		t.Errorf("%d days", len(sums))
	}
}
