package billing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"windfall/local/stripesim/calc"
	"windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/reward"
	. "windfall/shared/rulestest"
)

func TestProrate(t *testing.T) {
	t.Parallel()
	p := Period{Start: April, End: May}
	for _, tt := range []struct {
		name   string
		amount Amount
		at     time.Time
		want   Amount
	}{
		{"half of it", 2000, April.AddDate(0, 0, 15), 1000},
		{"all of it", 2000, April, 2000},
		{"nothing at the end", 2000, May, 0},
		{"nothing after the end", 2000, May.AddDate(0, 0, 1), 0},
		{"a third, rounded down", 1000, April.AddDate(0, 0, 20), 333},
		{"two thirds, rounded up", 1000, April.AddDate(0, 0, 10), 667},
		{"half a cent goes away from zero", 1, April.AddDate(0, 0, 15), 1},
		{"a credit is rounded the same way", -1, April.AddDate(0, 0, 15), -1},
		{"a part of a second counts as not yet passed", 2592000, April.Add(900 * time.Millisecond), 2592000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := p.Prorate(tt.amount, tt.at, "usd"); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	if got := (Period{Start: April, End: April}).Prorate(2000, April, "usd"); got != 0 {
		t.Errorf("an empty period: %d", got)
	}
}

// Each line is what the arithmetic of the simulated Stripe makes of it, which
// is held against Stripe's own examples.
func TestProrationIsStripes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cycle := rapid.SampledFrom([]Cycle{Monthly, {Interval: Year, Count: 1}, {Interval: Week, Count: 1}, {Interval: Quarter, Count: 1}, {Interval: Day, Count: 1}}).Draw(t, "cycle")
		start := April.Add(time.Duration(rapid.Int64Range(0, 400*86400).Draw(t, "start")) * time.Second)
		p := Period{Start: start, End: cycle.After(start, 1)}
		now := start.Add(time.Duration(rapid.Int64Range(0, p.End.Unix()-start.Unix()).Draw(t, "passed")) * time.Second)
		currency := rapid.SampledFrom([]Currency{"usd", "eur", "jpy", "kwd"}).Draw(t, "currency")
		amount := rapid.Int64Range(0, int64(MaxAmount)).Draw(t, "amount")
		stripes := func(amount int64) Amount {
			return Amount(calc.Prorate(calc.Int(amount), now.Unix(), p.Start.Unix(), p.End.Unix(), calc.Step(string(currency))))
		}
		if got, want := p.Prorate(Amount(amount), now, currency), stripes(amount); got != want {
			t.Errorf("%d of %v at %v: %d, Stripe has %d", amount, p, now, got, want)
		}
		if got, want := p.Prorate(-Amount(amount), now, currency), stripes(-amount); got != want {
			t.Errorf("a credit of %d: %d, Stripe has %d", amount, got, want)
		}
	})
}

func TestOnlyWhatRecursIsProrated(t *testing.T) {
	t.Parallel()
	lines := []Line{{ItemID: "a", Description: "A", Amount: 2000, Recurring: true, Quantity: One}, {ItemID: "b", Description: "B", Amount: 500, Quantity: One}}
	p, now := Period{Start: April, End: May}, April.AddDate(0, 0, 15)
	if got := linesText(prorated(lines, p, now, nil, "usd")); got != "Remaining time on A 10.00; B 5.00" {
		t.Errorf("comes: %s", got)
	}
	if got := linesText(unused(lines, p, now, nil, "usd")); got != "Unused time on A -10.00" {
		t.Errorf("leaves: %s", got)
	}
	if linesText(lines) != "A 20.00; B 5.00" {
		t.Error("the lines given were changed")
	}
}

// An amount is split over lines in the order in which Stripe has them, whatever the order
// in which they are shown: shares are cut down, and the last one takes the rest.
func TestAnAmountIsSplitInStripesOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lines []Line
		off   Amount
		want  []Amount
	}{
		{[]Line{{Amount: 4172, Recurring: true, Prorated: true}, {Amount: 2662}, {Amount: 105, UsageModel: catalog.PayPerUse}}, 1548, []Amount{0, 1490, 58}},
		{[]Line{{Amount: 1000, Recurring: true}, {Amount: 333}, {Amount: 100, Waited: true}}, 700, []Amount{490, 162, 48}},
		{[]Line{{Amount: 101, UsageModel: catalog.PayPerUse}, {Amount: 100, Waited: true}}, 5, []Amount{3, 2}},
	} {
		var got []Amount
		for _, l := range discounted(tt.lines, &reward.Discount{Amount: tt.off, Currency: "usd"}) {
			got = append(got, l.Discount)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestWhatStaysMakesNoLines(t *testing.T) {
	t.Parallel()
	line := func(id, n string, recurring bool) Line {
		return Line{ItemID: id, Quantity: Dec(n), Recurring: recurring}
	}
	ids := func(lines []Line) (out []string) {
		for _, l := range lines {
			out = append(out, l.ItemID)
		}
		return out
	}
	for _, tt := range []struct {
		name       string
		from, to   []Line
		left, come []string
	}{
		{"nothing in common", []Line{line("a", "1", true)}, []Line{line("b", "1", true)}, []string{"a"}, []string{"b"}},
		{"the same price, as often", []Line{line("a", "1", true), line("c", "2", true)}, []Line{line("b", "1", true), line("c", "2", true)}, []string{"a"}, []string{"b"}},
		{"the same price, more often", []Line{line("c", "2", true)}, []Line{line("c", "3", true)}, []string{"c"}, []string{"c"}},
		{"what is paid once is paid again", []Line{line("a", "1", false)}, []Line{line("a", "1", false)}, []string{"a"}, []string{"a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			left, added := withoutPairs(tt.from, tt.to)
			if diff := cmp.Diff([][]string{tt.left, tt.come}, [][]string{ids(left), ids(added)}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	p := Period{Start: April, End: May}
	for _, tt := range []struct {
		name           string
		p              Period
		at             time.Time
		from, to, also Amount
		total          Amount
		currency       Currency
		want           string
	}{
		{"days", p, April.AddDate(0, 0, 15), 2000, 5000, 0, 1500, "usd", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00"},
		{"with use or a price paid once", p, April.AddDate(0, 0, 15), 2000, 5000, 505, 2005, "usd", "15 of 30 days left: 0.5 × (50.00 − 20.00) + 5.05 = 20.05"},
		{"hours", p, April.Add(36 * time.Hour), 0, 2000, 0, 1900, "usd", "684 of 720 hours left: 0.95 × (20.00 − 0.00) = 19.00"},
		{"minutes", p, April.Add(30 * time.Minute), 0, 2000, 0, 1999, "usd", "43170 of 43200 minutes left: 0.9993 × (20.00 − 0.00) = 19.99"},
		{"seconds", p, April.Add(time.Second), 0, 2000, 0, 2000, "usd", "2591999 of 2592000 seconds left: 1 × (20.00 − 0.00) = 20.00"},
		{"a credit", p, April.AddDate(0, 0, 20), 5000, 2000, 0, -1000, "usd", "10 of 30 days left: 0.3333 × (20.00 − 50.00) = -10.00"},
		{"a currency without cents", p, April.AddDate(0, 0, 15), 2000, 5000, 0, 1500, "jpy", "15 of 30 days left: 0.5 × (5000 − 2000) = 1500"},
		{"no period at all", Period{Start: April, End: April}, April, 2000, 5000, 0, 0, "usd", "0 of 0 days left: 0 × (50.00 − 20.00) = 0.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := arithmetic(tt.p, tt.at, tt.from, tt.to, tt.also, tt.total, tt.currency); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
