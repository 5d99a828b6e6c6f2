package billing

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// aYear holds a product of a year, of which use is billed each month.
func aYear() (State, *Catalog) {
	s, c := arrears(Sells("pr_use", "messages", PayPerUse, "0.01", "1", Monthly))
	p := c.Products["use"][0]
	p.Items = append([]Item{Fee("pr_year", "100", Cycle{Interval: Year, Count: 1})}, p.Items...)
	p.Items[1].Included = Int(100)
	c.Products["use"][0] = p
	s.Products[0].Period = Period{Start: billStart, End: billStart.AddDate(1, 0, 0)}
	s.Balances["messages"] = Balance{FeatureID: "messages"}.ReplaceGrants(nil, s.Products[0].origin(false).Grants(p.Items, c.Features)["messages"], false, billStart)
	s.Products = s.setUsageAt(c, s.Products, nil, billStart)
	return s, c
}

func TestWhenUseWithinAPeriodIsBilled(t *testing.T) {
	t.Parallel()
	year := Period{Start: billStart, End: billStart.AddDate(1, 0, 0)}
	month := turn
	for _, tt := range []struct {
		name string
		now  time.Time
		edit func(*State)
		want time.Time
	}{
		{"with the first month", month(0), nil, month(1)},
		{"with the next", month(1), nil, month(2)},
		{"when it was overdrawn, and nobody came", month(2), func(s *State) { use(s, 150) }, month(1)},
		{"never in the last month, which the renewal bills", month(11), nil, time.Time{}},
		{"never without a subscription", month(0), func(s *State) { s.Products[0].SubscriptionID = "" }, time.Time{}},
		{"never once it is over", month(3), func(s *State) { s.Products[0].Status = Expired }, time.Time{}},
		{"not after an end within the year", month(1), func(s *State) { s.Products[0].EndsAt = month(2) }, time.Time{}},
		{"once more after a renewal", month(12), func(s *State) { s.Products[0].Period = Period{Start: year.End, End: month(24)} }, year.End.Add(Grace)},
		{"and then with the month", year.End.Add(Grace), func(s *State) { s.Products[0].Period = Period{Start: year.End, End: month(24)} }, month(13)},
		{"what the renewal left, once its draft is gone", month(12), func(s *State) {
			use(s, 150)
			s.Products[0].Period = Period{Start: year.End, End: month(24)}
			b := s.Balances["messages"]
			b.Grants[0].ResetsAt = year.End
		}, year.End.Add(Grace)},
	} {
		s, c := aYear()
		if tt.edit != nil {
			tt.edit(&s)
		}
		if got := s.nextUsage(c, s.Products[0], s.Balances, tt.now); !got.Equal(tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func use(s *State, n int64) {
	s.Balances["messages"].Grants[0].Used = Int(n)
}

// However late the schedule comes, and however often: each month is billed once, on an
// invoice that is named by its day, and the last one with the renewal.
func TestEachMonthIsBilledOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, c := aYear()
		renewal, due, billed := s.Products[0].Period.End, int64(0), int64(0)
		keys := map[string]bool{}
		settle := func(bill UsageBill) {
			for _, b := range bill.PersistClosed {
				s.Balances[b.FeatureID] = b
			}
			for _, done := range bill.Settled {
				b := s.Balances[done.FeatureID]
				b.Closed = done.Left
				s.Balances[done.FeatureID] = b
			}
			for _, l := range bill.Lines {
				if billed += int64(l.Amount); keys[l.ask.Name] {
					t.Fatalf("%s is billed again", l.ask.Name)
				}
				keys[l.ask.Name] = true
			}
		}
		for month := range 12 {
			from := turn(month)
			used := rapid.Int64Range(0, 300).Draw(t, "used")
			due += max(0, used-100)
			s.Balances["messages"] = s.Balances["messages"].Deduct(Int(used), from.AddDate(0, 0, 5))
			for range rapid.IntRange(0, 2).Draw(t, "runs") {
				at := from.Add(time.Duration(rapid.IntRange(5*24, 27*24).Draw(t, "at")) * time.Hour)
				if len(s.DueWithin(at)) == 0 {
					continue
				}
				bill, moved := DecideBillWithin(s, c, "sub_1", "pm_1", at)
				if bill.Alone != (len(bill.Lines) > 0) {
					t.Fatalf("%+v is not on an invoice of its own", bill)
				}
				settle(bill)
				for _, cp := range moved {
					if s.Products[0] = cp; !cp.UsageAt.IsZero() && !cp.UsageAt.After(at) {
						t.Fatalf("at %s it is due again, since %s", at, cp.UsageAt)
					}
				}
			}
		}
		at := renewal.Add(time.Minute)
		settle(DecideUsageBill(s, c, Invoice{StripeID: "in_1", SubscriptionID: "sub_1", Status: "draft", Renewal: true, Period: Period{Start: billStart, End: renewal}}, "pm_1", at))
		s.Products[0].Period = Period{Start: renewal, End: renewal.AddDate(1, 0, 0)}
		s.Products = s.setUsageAt(c, s.Products, nil, at)
		late := renewal.Add(Grace)
		if len(s.DueWithin(late)) > 0 {
			bill, _ := DecideBillWithin(s, c, "sub_1", "pm_1", late)
			settle(bill)
		}
		if billed != due {
			t.Fatalf("%d cents were billed, and %d are due", billed, due)
		}
	})
}
