package billing

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
)

// Whatever was used at whatever price: each closed use is one line, or is left
// to a person; no line, and no invoice that Stripe is asked for, is beyond what
// Stripe takes, the prices on the renewal included; and nothing stays behind.
func TestUseOfAnySizeIsBilledWholeOrTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, c := arrears(Item{Price: ptrTo(anyPrice(t)), BillingUnits: Int(rapid.Int64Range(1, 1e6).Draw(t, "pack"))})
		b := s.Balances["messages"]
		want := map[string]Decimal{} // key -> major units
		periods := rapid.OneOf(rapid.IntRange(1, 6), rapid.IntRange(190, 260)).Draw(t, "periods")
		for n := range periods {
			closed := UnbilledUsage{GrantID: b.Grants[0].ID, Period: Period{Start: turn(n), End: turn(n + 1)}, Units: One}
			if n < 6 {
				closed.Units = anyUnits(t)
			}
			b.Closed = append(b.Closed, closed)
			item := ProductOf(c, s.Products[0]).Items[0]
			want[closed.Key()] = item.MajorPrice(Packs(closed.Units, item.Pack()))
		}
		s.Balances["messages"] = b
		in := renewalOf(periods+1, rapid.SampledFrom([]string{"draft", "paid"}).Draw(t, "status"))
		in.Total = Amount(rapid.Int64Range(-5_000, int64(MaxAmount)).Draw(t, "total"))
		out := DecideUsageBill(s, c, in, "", turn(periods+1))
		if len(out.Settled) != 1 || len(out.Settled[0].Left) > 0 || len(out.Lines)+len(out.NotBilled) > len(want) {
			t.Fatalf("%+v", out)
		}
		billed := Zero
		for _, l := range out.Lines {
			if off := Currency("usd").Major(l.Amount).Sub(want[l.Closed.Key()]).Abs(); off.GreaterThan(Int(5).Shift(-3)) || l.Amount > MaxAmount || l.Amount <= 0 {
				t.Fatalf("%s is billed %d", want[l.Closed.Key()], l.Amount)
			}
			billed = billed.Add(want[l.Closed.Key()])
			delete(want, l.Closed.Key())
		}
		for _, n := range out.NotBilled {
			keys := slices.Sorted(maps.Keys(want))
			i := slices.IndexFunc(keys, func(key string) bool { return want[key].Equal(n.Major) })
			if i < 0 || !n.Major.GreaterThan(Currency("usd").Largest()) || !strings.Contains(n.audit("usd", "stripe", "sub_1", turn(7)).Why, n.Major.StringFixed(2)) {
				t.Fatalf("%+v is left to a person", n)
			}
			delete(want, keys[i])
		}
		for _, rest := range want {
			if rest.GreaterThanOrEqual(Int(5).Shift(-3)) {
				t.Fatalf("%s is neither billed nor told", rest)
			}
		}
		checkJobs(t, out, in)
	})
}

// checkJobs adds up what each invoice takes.
func checkJobs(t *rapid.T, out UsageBill, in Invoice) {
	draft, lines, asked, keys := max(0, in.Total), 0, 0, map[string]bool{}
	for _, job := range out.Jobs {
		if keys[job.Key] {
			t.Fatalf("two jobs are %s", job.Key)
		}
		keys[job.Key] = true
		for _, step := range job.Steps {
			if step.Usage != nil {
				draft, lines, asked = draft+step.Usage.Amount, lines+1, asked+1
			}
			if step.Invoice != nil {
				sum := Amount(0)
				for _, use := range step.Invoice.Usage {
					sum, asked = sum+use.Amount, asked+1
				}
				if sum > MaxAmount || len(step.Invoice.Usage) > 200 {
					t.Fatalf("an invoice of %d in %d lines", sum, len(step.Invoice.Usage))
				}
			}
		}
	}
	if draft > MaxAmount || lines > 200 || asked != len(out.Lines) {
		t.Fatalf("the renewal comes to %d in %d lines; %d of %d are asked for", draft, lines, asked, len(out.Lines))
	}
}

func ptrTo[V any](v V) *V { return &v }

func anyPrice(t *rapid.T) Decimal {
	return Int(rapid.Int64Range(1, 99_999_999).Draw(t, "price")).Shift(-rapid.Int32Range(2, 10).Draw(t, "decimals"))
}

func anyUnits(t *rapid.T) Decimal {
	return Int(rapid.Int64Range(1, 999).Draw(t, "units")).Shift(rapid.Int32Range(-3, 15).Draw(t, "zeros"))
}
