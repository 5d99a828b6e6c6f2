package billing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// onSub puts a customer product on a subscription that was paid on 1 April.
func onSub(id string) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.SubscriptionID, cp.Period = id, Period{Start: April, End: May} }
}

// at moves a purchase to a day of April.
func onDay(n int) func(*Attach) {
	return func(a *Attach) { a.Now = April.AddDate(0, 0, n) }
}

func TestUpgrades(t *testing.T) {
	t.Parallel()
	var (
		free    = OfItems("free", "", Allowance("i", "messages", "100", Monthly))
		usage   = OfItems("usage", "", Sells("i", "words", PayPerUse, "9", "1", Monthly))
		cheap   = OfItems("cheap", "", Sells("i", "words", PayPerUse, "1", "100", Monthly))
		pro     = OfItems("pro", "", Fee("i", "20", Monthly))
		other   = OfItems("other", "", Fee("i", "20", Monthly))
		premium = OfItems("premium", "", Fee("i", "50", Monthly))
		year    = OfItems("year", "", Fee("i", "1", Cycle{Interval: Year, Count: 1}))
		quarter = OfItems("quarter", "", Fee("i", "900", Cycle{Interval: Quarter, Count: 1}))
		months  = OfItems("months", "", Fee("i", "60", Cycle{Interval: Month, Count: 3}))
		weekly  = OfItems("weekly", "", Fee("i", "500", Cycle{Interval: Week, Count: 1}))
		packs   = OfItems("packs", "", Fee("i", "15", Monthly), Sells("j", "words", Prepaid, "10", "100", Monthly))
		tiered  = OfItems("tiered", "", Item{ID: "i", FeatureID: "words", UsageModel: Prepaid, Cycle: Monthly, Tiers: []Tier{{To: Decp("10"), Amount: Dec("30")}, {To: nil, Amount: Dec("1")}}})
		plusUse = OfItems("plus_use", "", Fee("i", "19", Monthly), Sells("j", "words", PayPerUse, "2", "1", Monthly))
	)
	for _, tt := range []struct {
		name     string
		from, to Product
		want     bool
	}{
		{"from free to paid", free, pro, true},
		{"from free to use alone", free, usage, true},
		{"from paid to free", pro, free, false},
		{"from free to free", free, free, false},
		{"from use alone to use alone, whatever it costs", usage, cheap, true},
		{"and back", cheap, usage, true},
		{"a higher price", pro, premium, true},
		{"a lower price", premium, pro, false},
		{"an equal price", pro, other, false},
		{"a longer interval, though it costs less", premium, year, true},
		{"a shorter interval, though it costs more", year, premium, false},
		{"a quarter after a month", premium, quarter, true},
		{"a quarter is three months", months, quarter, true},
		{"and the other way round it is the price that counts", quarter, months, false},
		{"a month after a week", weekly, pro, true},
		{"one pack counts with the fee", pro, packs, true},
		{"the first tier counts", packs, tiered, true},
		{"and not the last one", tiered, packs, false},
		{"one unit of use counts with the fee", pro, plusUse, true},
		{"use alone against a fee is compared by price", pro, usage, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.to.Upgrades(tt.from); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// linesText writes lines as "Unused time on PRO −10.00".
func linesText(lines []Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Description+" "+Currency("usd").Major(l.Amount).StringFixed(2))
	}
	return strings.Join(out, "; ")
}

// andWords is a customer product that bought words in advance, too.
func andWords(cp *CustomerProduct) {
	cp.Quantities = append(cp.Quantities, Quantity{FeatureID: "words", Quantity: Dec("100")})
}

func TestChangesAreComputedLineByLine(t *testing.T) {
	t.Parallel()
	trialing := func(cp *CustomerProduct) { cp.TrialEnds = April.AddDate(0, 0, 7) }
	use := func(n string) situation { return used("messages", n) }
	for _, tt := range []struct {
		name       string
		state      AttachState
		how        func(*Attach)
		buys       string
		effect     string
		lines, sum string
		renews     time.Time
	}{
		{"half a period is left", customerOf(withCard, holding("pro", onSub("s"))), onDay(15), "premium", "upgraded",
			"Unused time on PRO -10.00; Remaining time on PREMIUM 25.00", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00", May},
		{"at the very start", customerOf(withCard, holding("pro", onSub("s"))), onDay(0), "premium", "upgraded",
			"Unused time on PRO -20.00; Remaining time on PREMIUM 50.00", "30 of 30 days left: 1 × (50.00 − 20.00) = 30.00", May},
		{"use beyond the allowance is charged in full", customerOf(withCard, holding("pro_use", onSub("s")), use("250")), onDay(15), "premium_use", "upgraded",
			"Unused time on PRO_USE -10.00; Remaining time on PREMIUM_USE 25.00; PRO_USE: messages × 150 15.00", "15 of 30 days left: 0.5 × (50.00 − 20.00) + 15.00 = 30.00", May},
		{"use within the allowance makes no line", customerOf(withCard, holding("pro_use", onSub("s")), use("100")), onDay(15), "premium_use", "upgraded",
			"Unused time on PRO_USE -10.00; Remaining time on PREMIUM_USE 25.00", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00", May},
		{"another interval begins a full period", customerOf(withCard, holding("pro", onSub("s"))), onDay(15), "pro_year", "upgraded",
			"Unused time on PRO -10.00; PRO_YEAR 200.00", "", time.Time{}},
		{"a trial ends and was never paid", customerOf(withCard, holding("pro_trial", onSub("s"), trialing)), onDay(3), "premium", "upgraded",
			"PREMIUM 50.00", "", time.Time{}},
		{"what was only billed for use keeps its billing day", customerOf(withCard, holding("usage_only", onSub("s"))), onDay(15), "premium", "upgraded",
			"Remaining time on PREMIUM 25.00", "15 of 30 days left: 0.5 × (50.00 − 0.00) = 25.00", May},
		{"a trial is free and credits what was paid", customerOf(withCard, holding("hobby_paid", onSub("s"))), onDay(15), "pro_trial", "upgraded",
			"Unused time on HOBBY_PAID -2.50", "", April.AddDate(0, 0, 22)},
		{"what is paid once is paid in a trial, too", customerOf(withCard, holding("pro", onSub("s"))), onDay(15), "setup_trial", "upgraded",
			"Unused time on PRO -10.00; SETUP_TRIAL 10.00", "", April.AddDate(0, 0, 22)},
		{"a trial would be one of the others on the subscription, so there is none", customerOf(withCard, holding("hobby_paid", onSub("s")), holding("addon_words", onSub("s"))), onDay(15), "pro_trial", "upgraded",
			"Unused time on HOBBY_PAID -2.50; Remaining time on PRO_TRIAL 10.00", "15 of 30 days left: 0.5 × (20.00 − 5.00) = 7.50", May},
		{"what was paid once is not paid again with more packs", customerOf(withCard, holding("plan_setup", onSub("s"), packsOfMessages("200"), andWords)), both(onDay(15), quantity("messages", "500")), "plan_setup", "quantity_updated",
			"Unused time on PLAN_SETUP: messages × 200 -10.00; Remaining time on PLAN_SETUP: messages × 500 25.00", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00", May},
		{"the first packs of what was only billed for use keep its billing day", customerOf(withCard, holding("packs_and_use", onSub("s"))), both(onDay(15), quantity("messages", "200")), "packs_and_use", "quantity_updated",
			"Remaining time on PACKS_AND_USE: messages × 200 10.00", "15 of 30 days left: 0.5 × (20.00 − 0.00) = 10.00", May},
		{"more packs", customerOf(withCard, holding("pro_prepaid", onSub("s"), packsOfMessages("200"))), both(onDay(15), quantity("messages", "500")), "pro_prepaid", "quantity_updated",
			"Unused time on PRO_PREPAID: messages × 200 -10.00; Remaining time on PRO_PREPAID: messages × 500 25.00", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00", May},
		{"fewer packs", customerOf(withCard, holding("pro_prepaid", onSub("s"), packsOfMessages("500"))), both(onDay(20), quantity("messages", "200")), "pro_prepaid", "quantity_updated",
			"Unused time on PRO_PREPAID: messages × 500 -16.67; Remaining time on PRO_PREPAID: messages × 200 6.67", "10 of 30 days left: 0.3333 × (20.00 − 50.00) = -10.00", May},
		{"a cheaper product waits and costs nothing", customerOf(withCard, holding("premium", onSub("s"))), onDay(15), "pro", "downgrade_scheduled", "", "", May},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := decideFor(t, tt.state, tt.how, tt.buys)
			got := []string{string(d.Effect), linesText(d.Lines), d.Sum, d.Renews.String()}
			if diff := cmp.Diff([]string{tt.effect, tt.lines, tt.sum, tt.renews.String()}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestATrialIsOfWhatRecurs(t *testing.T) {
	t.Parallel()
	d := decideFor(t, customerOf(withCard), nil, "setup_trial")
	if got := linesText(d.Lines); got != "SETUP_TRIAL 10.00" {
		t.Errorf("due now: %s", got)
	}
	s := customerOf()
	if next := d.Next([]Product{s.Catalog.Products["setup_trial"][0]}, April); linesText(next.Lines) != "SETUP_TRIAL 60.00" || !next.At.Equal(April.AddDate(0, 0, 7)) {
		t.Errorf("due next: %s on %s", linesText(next.Lines), next.At)
	}
}

// Packs that were paid once don't become more by asking for a quantity.
func TestWhatWasPaidOnceCantBeRaised(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("plan_setup", onSub("s"), packsOfMessages("200"), andWords))
	_, err := DecideAttach(s, s.buy(both(onDay(15), quantity("words", "300")), "plan_setup"))
	WantReason(t, err, ReasonQuantityPaidOnce)
}

// The overage in a decision is frozen with it. What is used between the
// decision and its settlement is closed beside it, and billed later.
func TestUseAfterTheDecisionIsBilledLater(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		before, between string
		frozen, left    string
		settledAt       time.Duration
	}{
		{"nothing comes in between", "250", "0", "150", "", time.Second},
		{"some use comes in between", "250", "40", "150", "40", time.Second},
		{"the allowance is only used up in between", "90", "40", "", "30", time.Second},
		{"all of it at one moment", "250", "40", "150", "40", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(withCard, holding("pro_use", onSub("s")), used("messages", tt.before))
			op := Operation{ID: "op_1", Decision: decideFor(t, s, onDay(15), "premium_use")}
			if got := unitsOf(op.Decision.Usage); got != tt.frozen {
				t.Fatalf("frozen %q, want %q", got, tt.frozen)
			}
			now := April.AddDate(0, 0, 15)
			s.Balances["messages"] = s.Balances["messages"].Deduct(Dec(tt.between), now)
			done := op.Settle(s.State, s.Catalog, paid(), now.Add(tt.settledAt))
			after := saved(s.State, done)
			if got := unitsOf(after.Balances["messages"].Closed); got != tt.left {
				t.Errorf("left to bill %q, want %q", got, tt.left)
			}
			if got := left(after, "messages", now.Add(time.Minute)); got != "500" {
				t.Errorf("the new product begins with %s", got)
			}
			for _, c := range after.Balances["messages"].Closed {
				if len(op.Decision.Usage) > 0 && c.Key() == op.Decision.Usage[0].Key() {
					t.Errorf("the rest has the name %s of what was billed", c.Key())
				}
			}
		})
	}
}

func unitsOf(closed []UnbilledUsage) string {
	var out []string
	for _, c := range closed {
		out = append(out, c.Units.String())
	}
	return strings.Join(out, " ")
}

// Going up any number of times inside one period costs what the time-weighted
// prices cost, up to the rounding of each line.
func TestGoingUpCostsTheTimeEachPriceWasHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := customerOf(withCard)
		price, day, n := int64(0), 0, rapid.IntRange(1, 6).Draw(t, "changes")
		whole := int64(30 * 86400)
		charged, weighted := Amount(0), Zero
		for i := range n + 1 {
			next := price + rapid.Int64Range(1, 30000).Draw(t, "dearer by")
			later := rapid.IntRange(day, 29).Draw(t, "day")
			p := OfItems(fmt.Sprintf("p%d", i), "main", Item{ID: fmt.Sprintf("pr_%d", i), Price: Decp(Int(next).Shift(-2).String()), Cycle: Monthly})
			s.Catalog.Products[p.ID] = []Product{p}
			if i == 0 {
				holding(p.ID, onSub("s"))(&s)
				charged, later = Amount(next), 0
			} else {
				cmd := s.buy(onDay(later), p.ID)
				d, err := DecideAttach(s, cmd)
				if err != nil {
					t.Fatal(err)
				}
				charged += d.DueNow()
				s.State = saved(s.State, Operation{ID: cmd.OperationID, Decision: d}.Settle(s.State, s.Catalog, paid(), cmd.Now))
				s.Products = withoutExpired(s.Products, cmd.Now)
			}
			weighted = weighted.Add(Int(price).Mul(Int(int64(later-day) * 86400)))
			price, day = next, later
		}
		weighted = weighted.Add(Int(price).Mul(Int(int64(30-day)*86400))).DivRound(Int(whole), 8)
		if off := Int(int64(charged)).Sub(weighted).Abs(); off.GreaterThan(Int(int64(n))) {
			t.Fatalf("charged %d for %s, after %d changes", charged, weighted, n)
		}
	})
}

// withoutExpired lets a test use one operation id again and again.
func withoutExpired(products []CustomerProduct, now time.Time) []CustomerProduct {
	var out []CustomerProduct
	for _, cp := range products {
		if cp.Running(now) {
			cp.ID = "cp_" + cp.ProductID
			out = append(out, cp)
		}
	}
	return out
}
