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

// settledChange decides and settles a change of a product of sub_1 halfway
// through April.
func settledChange(t interface {
	Helper()
	Fatalf(string, ...any)
}, s AttachState, how func(*Attach), id string) (Settlement, AttachState) {
	t.Helper()
	cmd, err := s.buy(both(at(halfway), how), id).Customize(s.State, s.Catalog)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	d, err := DecideAttach(s, cmd)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	op := Operation{ID: "op_1", Command: "attach", Decision: d}
	done := op.Settle(s.State, s.Catalog, paid(), halfway)
	s.State = saved(s.State, done)
	return done, s
}

// Of everything used, each unit is either still counted, or billed, or was
// beyond what could ever be billed: none is counted twice.
func TestAChangeOfItemsCountsEveryUseOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := Int(rapid.Int64Range(0, 400).Draw(t, "used"))
		included, price := Int(rapid.Int64Range(0, 300).Draw(t, "included")), rapid.SampledFrom([]string{"0.1", "0.3"}).Draw(t, "price")
		fixed := rapid.SampledFrom([]string{"20", "35"}).Draw(t, "fixed price")
		if included.Equal(Int(100)) && price == "0.1" && fixed == "20" {
			included = Int(101) // those of pro_use itself are refused, as nothing would change
		}
		s := customerOf(withCard, holding("pro_use", onStripe), used("messages", n.String()))
		done, after := settledChange(t, s, offered(
			Wants("", Costs(fixed), Every(Month)),
			Wants("messages", Includes(included.String()), Every(Month), Model(PayPerUse), Costs(price), func(w *WantedItem) { w.ResetUsage = true }),
		), "pro_use")
		if len(done.Products) == 0 {
			return // nothing changed at all
		}
		counted := after.Balances["messages"].Sum(halfway).Used
		billed := Zero
		for _, closed := range after.Balances["messages"].Closed {
			billed = billed.Add(closed.Units)
		}
		// What the charge of the change itself includes is no longer on the row.
		over := Max(Zero, n.Sub(Int(100)))
		switch {
		case price == "0.1": // the same price: it all goes on
			if !counted.Equal(n) || !billed.IsZero() {
				t.Fatalf("%s used: %s counted, %s closed", n, counted, billed)
			}
		case fixed == "20": // nothing is due now, so it waits for the renewal
			if !counted.Add(billed).Equal(n) || !billed.Equal(over) {
				t.Fatalf("%s used: %s counted, %s closed", n, counted, billed)
			}
		default:
			charged := done.Audit.Amount - Amount(1500/2) // (35 − 20) for half a month
			if !counted.Equal(n.Sub(over)) || !billed.IsZero() || charged != Amount(over.IntPart()*10) {
				t.Fatalf("%s used: %s counted, %s closed, %d charged", n, counted, billed, charged)
			}
		}
	})
}

func TestAnotherVersionKeepsUsageGiftsAndTheResetDay(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("free"), used("messages", "30"), func(s *AttachState) {
		b, err := DecideSetBalance(s.Catalog.Features["messages"], s.Balances["messages"], SetBalance{FeatureID: "messages", Left: Dec("90")}, April)
		if err != nil {
			panic(err)
		}
		s.Balances["messages"] = b // 20 were given by hand
		p := AsDefault(OfItems("free", "main", Allowance("pr_free2", "messages", "200", Monthly)))
		p.Version = 2
		s.Catalog.Products["free"] = append(s.Catalog.Products["free"], p)
	})
	_, after := settledChange(t, s, func(*Attach) {}, "free")
	if got := left(after.State, "messages", halfway); got != "190" {
		t.Errorf("200 + 20 − 30 is %s", got)
	}
	if got := left(after.State, "messages", May); got != "200" {
		t.Errorf("on the day of the old reset there are %s", got)
	}
	if got := left(after.State, "messages", May.Add(-time.Second)); got != "190" {
		t.Errorf("and before it %s", got)
	}
}

func TestAChangeOfItemsUsesUpNoTrial(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, deviceHasTried("pro_trial"), hasTried("pro_trial"), holding("pro_trial", inTrial))
	done, _ := settledChange(t, func() AttachState {
		s.Products[0].TrialEnds, s.Products[0].Period.End = May, May
		return s
	}(), custom("40"), "pro_trial")
	if len(done.Trials) != 0 || !done.Customer.TrialsUsed["pro_trial"].Equal(April) {
		t.Errorf("claims %v, tried %v", done.Trials, done.Customer.TrialsUsed)
	}
}

func TestAOneOffOfOtherItemsIsARowOfItsOwn(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("setup"))
	done, _ := settledChange(t, s, offered(Wants("", Costs("99"))), "setup")
	if len(done.Products) != 1 || done.Products[0].ID != "cp_op_1_0" || done.Products[0].Custom == nil {
		t.Errorf("rows %+v", done.Products)
	}
}
