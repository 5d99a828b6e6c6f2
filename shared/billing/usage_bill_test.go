package billing

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
)

var billStart = time.Date(2027, 1, 31, 9, 30, 0, 0, time.UTC)

// arrears is a customer who pays for what they use of "messages".
func arrears(item Item) (State, *Catalog) {
	item.ID, item.FeatureID, item.UsageModel, item.Cycle = "pr_1", "messages", PayPerUse, Cycle{Interval: Month, Count: 1}
	p := Product{ID: "use", Name: "use", Version: 1, Items: []Item{item}}
	c := &Catalog{Features: map[string]Feature{"messages": {ID: "messages", Type: SingleUse}},
		Products: map[string][]Product{"use": {p}}, StripePrices: map[string]string{"pr_1": "price_1"}}
	cp := CustomerProduct{ID: "cp_1", ProductID: "use", Version: 1, Status: Active, StartsAt: billStart, SubscriptionID: "sub_1",
		Period: Period{Start: billStart, End: turn(1)}}
	b := Balance{FeatureID: "messages"}.ReplaceGrants(nil, cp.origin(false).Grants(p.Items, c.Features)["messages"], false, billStart)
	return State{Products: []CustomerProduct{cp}, Balances: map[string]Balance{"messages": b}}, c
}

// turn is the end of the nth period.
func turn(n int) time.Time { return Cycle{Interval: Month, Count: 1}.After(billStart, n) }

func renewalOf(n int, status string) Invoice {
	return Invoice{StripeID: "in", SubscriptionID: "sub_1", Status: status, Renewal: true, Period: Period{Start: turn(n - 1), End: turn(n)}}
}

// bill takes an invoice event in as package app does, and returns the lines. A
// draft takes no use of a later period, and a final invoice leaves its own
// period to the next.
func bill(t *rapid.T, s State, c *Catalog, in Invoice, now time.Time) []UsageLine {
	out := DecideUsageBill(s, c, in, "", now)
	upTo := in.Period.End
	if in.Status != "draft" {
		upTo = in.Period.Start
	}
	for _, l := range out.Lines {
		if !l.Closed.Ahead && l.Closed.Period.End.After(upTo) {
			t.Fatalf("use up to %s is billed by the %s invoice of %s", l.Closed.Period.End, in.Status, in.Period.End)
		}
	}
	for _, b := range out.PersistClosed {
		s.Balances[b.FeatureID] = b
	}
	for _, settled := range out.Settled {
		b := s.Balances[settled.FeatureID]
		b.Closed = settled.Left
		s.Balances[settled.FeatureID] = b
	}
	return out.Lines
}

// I-16: whatever the order, size and time of uses, and however late or often
// the invoices are heard of, each period is billed the price of its own total,
// once.
func TestOverageIsThePriceOfEachPeriodsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		item := Item{Included: Int(rapid.Int64Range(0, 50).Draw(t, "included")), BillingUnits: Int(rapid.Int64Range(1, 20).Draw(t, "units"))}
		item = priced(t, item)
		s, c := arrears(item)
		const periods = 3
		used := [periods + 1]Decimal{}
		got := map[time.Time]Amount{}
		now := billStart
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = billedAt(t, now)
			if !now.Before(turn(periods)) {
				break
			}
			if n := rapid.IntRange(0, 3).Draw(t, "what"); n > 0 {
				if now.Before(turn(n)) {
					continue // no such invoice yet
				}
				tally(got, bill(t, s, c, renewalOf(n, rapid.SampledFrom([]string{"draft", "paid"}).Draw(t, "status")), now))
				continue
			}
			value := Int(rapid.Int64Range(1, 4000).Draw(t, "value")).Shift(-2)
			s.Balances["messages"] = s.Balances["messages"].Deduct(value, now)
			used[periodAt(now)] = used[periodAt(now)].Add(value)
		}
		for range 2 {
			for n := periods; n > 0; n-- { // in the end every event has come, the last one first
				tally(got, bill(t, s, c, renewalOf(n, "paid"), turn(periods).Add(time.Hour)))
			}
		}
		for range 2 { // and what came too late is on the next renewal, or alone
			status := rapid.SampledFrom([]string{"draft", "paid"}).Draw(t, "next")
			tally(got, bill(t, s, c, renewalOf(periods+1, status), turn(periods+1)))
		}
		for n := range periods {
			over := Max(Zero, used[n].Sub(item.Included))
			if want := chargeOf(t, item, Packs(over, item.Pack())); got[turn(n+1)] != want {
				t.Fatalf("period %d: %s used, billed %d, want %d", n+1, used[n], got[turn(n+1)], want)
			}
		}
	})
}

func tally(got map[time.Time]Amount, lines []UsageLine) {
	for _, l := range lines {
		got[l.Closed.Period.End] += l.Amount
	}
}

// billedAt draws a later billedAt; boundaries are hit exactly now and then.
func billedAt(t *rapid.T, now time.Time) time.Time {
	if rapid.IntRange(0, 4).Draw(t, "boundary") == 0 {
		return turn(periodAt(now) + 1).Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "side")) * time.Millisecond)
	}
	return now.Add(time.Duration(rapid.Int64Range(0, int64(20*24*time.Hour)).Draw(t, "wait")))
}

// periodAt counts the periods that are over.
func periodAt(now time.Time) int {
	n := 0
	for !now.Before(turn(n + 1)) {
		n++
	}
	return n
}

func priced(t *rapid.T, item Item) Item {
	price := func() Decimal { return Int(rapid.Int64Range(1, 99999).Draw(t, "price")).Shift(-4) }
	if rapid.Bool().Draw(t, "flat") {
		p := price()
		item.Price = &p
		return item
	}
	first, second := Int(rapid.Int64Range(1, 60).Draw(t, "to")), Int(rapid.Int64Range(61, 200).Draw(t, "then"))
	item.Tiers = []Tier{{To: &first, Amount: price()}, {To: &second, Amount: Zero}, {To: nil, Amount: price()}}
	return item
}

// Seats in advance whose bill was interrupted are not charged for a period that
// is not; use before it is. Both leave the row.
func TestAFinalBillHasNoSeatsOfAPeriodThatIsNotCharged(t *testing.T) {
	price := Int(10)
	for unbegun, want := range map[bool]Amount{false: 5000, true: 2000} {
		s, c := arrears(Item{Price: &price})
		use := UnbilledUsage{GrantID: "cp_1/pr_1", Period: Period{Start: billStart, End: turn(1)}, Units: Int(2)}
		seats := UnbilledUsage{GrantID: "cp_1/pr_1", Period: Period{Start: turn(1), End: turn(2)}, Units: Int(3), Ahead: true}
		s.Balances["messages"] = Balance{FeatureID: "messages", Closed: []UnbilledUsage{use, seats}}
		sub := Subscription{ID: "sub_1", Status: "canceled", Period: Period{Start: turn(1), End: turn(2)}, EndedAt: turn(1).Add(time.Minute), Unbegun: unbegun}
		bill := DecideFinalBill(s, c, sub, "", sub.EndedAt)
		var got Amount
		for _, l := range bill.Lines {
			got += l.Amount
		}
		if got != want || len(bill.Settled) != 1 || len(bill.Settled[0].Left) != 0 {
			t.Errorf("not charged: %v; billed %d, want %d; settled %v", unbegun, got, want, bill.Settled)
		}
	}
}
