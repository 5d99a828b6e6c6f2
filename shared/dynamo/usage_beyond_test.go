package dynamo

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
)

// A number of the table has 38 digits. A day's sum beyond them stops nothing: the events tell.
func TestASumOfMoreDigitsThanANumberHas(t *testing.T) {
	t.Parallel()
	great, small := money.Int(1_000_000_000_000_000).Mul(money.Int(1_000_000_000_000_000)), money.One.Div(money.Int(1_000_000_000))
	for name, batches := range map[string][][]money.Decimal{
		"in one batch":    {{great, small, money.One}},
		"in three":        {{great}, {small}, {money.One}},
		"found by a scan": {{great, small}, {money.One}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, s := fresh(t)
			must(t, s.Commit(t.Context(), env, app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse, GroupBy: []string{"model"}}, New: true}))
			must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}}))
			n, now, want := 0, april.Add(time.Hour), money.Zero
			source := app.UsageSource{PK: customerPK(env, "ada"), SK: "BALANCE#messages"}
			for i, batch := range batches {
				var notes []app.UsageNote
				for _, value := range batch {
					n++
					want = want.Add(value)
					u := app.UsageRecord{ID: fmt.Sprint("evt_", n), CustomerID: "ada", Features: []string{"messages"}, Value: value, At: now, ReceivedAt: now,
						KeptFor: 400 * 24 * time.Hour, Properties: `{"model":"large"}`}
					if name == "found by a scan" && i == 0 {
						put(t, s, usageRows(env, u)[0])
						continue
					}
					notes = append(notes, app.UsageNote{UsageRecord: u, Env: env, Source: source, Position: usage.PositionOf(fmt.Sprint(n))})
				}
				for range 2 { // a repetition changes nothing
					must(t, errors.Join(s.FileUsage(t.Context(), notes, now)...))
					now = now.Add(10 * time.Minute)
				}
			}
			for range 3 {
				_, err := s.ScanUsage(t.Context(), env, "ada", now)
				must(t, err)
				now = now.Add(10 * time.Minute)
			}
			r, err := entitlement.NewUsageRange(april, april.Add(24*time.Hour), entitlement.DayBins)
			must(t, err)
			for _, by := range []string{"", "model"} {
				got, err := (&app.App{Store: s}).UsageReport(t.Context(), app.Caller{Env: env, Now: now}, app.ReportCommand{CustomerID: "ada", Features: []string{"messages"}, GroupBy: by},
					func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return r, nil })
				must(t, err)
				if of := got.Total["messages"]; of.Count != n || !of.Sum.Equal(want) {
					t.Errorf("by %q: %d events of %s, want %d of %s", by, of.Count, of.Sum, n, want)
				}
				if by != "" && !got.Groups[0]["messages"]["large"].Sum.Equal(want) {
					t.Errorf("by groups: %v", got.Groups[0])
				}
			}
			days, err := s.UsageDays(t.Context(), env, "ada", "messages", r.From, r.To, app.UsageDetail{})
			must(t, err)
			if len(days) != 1 || !days[0].Beyond || int(days[0].Total.Count) != n {
				t.Errorf("sums: %+v", days)
			}
		})
	}
}
