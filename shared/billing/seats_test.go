package billing

import (
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// seatShop sells $12 and $20 seats, one included, and holds a customer of the
// first on a subscription of 30 days.
func seatShop(t *testing.T, used string) (State, *Catalog) {
	t.Helper()
	c := &Catalog{Features: map[string]Feature{"seats": {ID: "seats", Type: ContinuousUse}}, Products: map[string][]Product{},
		StripePrices: map[string]string{"pr_pro": "price_1"}}
	for id, price := range map[string]string{"pro": "12", "premium": "20", "dear": "600000"} {
		c.Products[id] = []Product{{ID: id, Name: id, Version: 1, Items: []Item{{ID: "pr_" + id, FeatureID: "seats", Included: One, Price: Decp(price),
			UsageModel: PayPerUse, Cycle: Monthly, OnIncrease: "prorate_immediately"}}}}
	}
	s := State{Balances: map[string]Balance{}}
	return s.hold(c, "pro", used), c
}

// hold begins a product and takes seats that are paid for.
func (s State) hold(c *Catalog, product, used string) State {
	cp := seatsOf(product)
	s.Products = append(slices.Clone(s.Products), cp)
	b := s.Balances["seats"].ReplaceGrants(nil, cp.origin(false).Grants(ProductOf(c, cp).Items, c.Features)["seats"], false, April)
	b.FeatureID = "seats"
	b = b.Deduct(Dec(used), April)
	paid, _ := DecideSeats(s, c, []Balance{b}, nil, Operation{ID: "op", CreatedAt: April})
	s.Balances = map[string]Balance{"seats": paid[0]}
	return s
}

func seatsOf(product string) CustomerProduct {
	return CustomerProduct{ID: "cp_" + product, ProductID: product, Version: 1, Status: Active, StartsAt: April,
		Period: Period{Start: April, End: May}, SubscriptionID: "sub_" + product}
}

func TestDecideSeats(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		used, more string
		at         time.Time
		paid       string
		lines      []Amount
		steps      []string
	}{
		"two of three at the start":        {"0", "3", April, "2", []Amount{2400}, []string{"invoice"}},
		"the included one is free":         {"0", "1", April, "0", nil, nil},
		"one more at half":                 {"3", "1", April.AddDate(0, 0, 15), "3", []Amount{600}, []string{"invoice"}},
		"one less at half":                 {"3", "-1", April.AddDate(0, 0, 15), "1", []Amount{-600}, []string{"seats_op_0"}},
		"a second before the end":          {"3", "1", May.Add(-time.Second), "3", nil, nil}, // rounded to 0
		"at the end it is the renewal's":   {"3", "1", May, "2", nil, nil},
		"long after it is the renewal's":   {"3", "-3", May.AddDate(0, 2, 0), "2", nil, nil},
		"a part of a seat is a whole seat": {"1", "0.25", April, "1", []Amount{1200}, []string{"invoice"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := seatShop(t, tt.used)
			b := s.Balances["seats"].Deduct(Dec(tt.more), tt.at)
			paid, op := DecideSeats(s, c, []Balance{b}, nil, Operation{ID: "op", CreatedAt: tt.at})
			if got := paid[0].Grants[0].Paid; !got.Equal(Dec(tt.paid)) {
				t.Errorf("%s are paid, want %s", got, tt.paid)
			}
			var lines []Amount
			var steps []string
			if op != nil {
				for _, l := range op.Decision.Lines {
					lines = append(lines, l.Amount)
				}
				for _, step := range op.Decision.Steps {
					steps = append(steps, step.Name)
				}
			}
			if !slices.Equal(lines, tt.lines) || !slices.Equal(steps, tt.steps) {
				t.Errorf("got %v by %v, want %v by %v", lines, steps, tt.lines, tt.steps)
			}
		})
	}
}

// Seats that no invoice takes are not billed and not paid: freed, the others
// are billed as if nothing had been.
func TestSeatsBeyondAnInvoice(t *testing.T) {
	t.Parallel()
	s, c := seatShop(t, "1")
	s.Balances, s.Products = map[string]Balance{}, []CustomerProduct{seatsOf("dear")}
	cp := s.Products[0]
	b := Balance{}.ReplaceGrants(nil, cp.origin(false).Grants(ProductOf(c, cp).Items, c.Features)["seats"], false, April).Deduct(Dec("1e12"), April)
	held, op := DecideSeats(s, c, []Balance{b}, nil, Operation{ID: "op", CreatedAt: April})
	if op == nil || len(op.Decision.Steps)+len(op.Decision.Lines) > 0 || len(op.NotBilledAudits(April)) != 1 || !held[0].Grants[0].Paid.IsZero() {
		t.Fatalf("operation %+v, held %+v", op, held)
	}
	held, op = DecideSeats(s, c, []Balance{held[0].Deduct(Dec("-1e12").Add(Dec("2")), April)}, nil, Operation{ID: "op", CreatedAt: April})
	if op == nil || len(op.Decision.NotBilled) > 0 || Total(op.Decision.Lines) != 60_000_000 || !held[0].Grants[0].Paid.Equal(One) {
		t.Errorf("with two of them: %+v, held %+v", op, held)
	}
}

// Lines that one invoice can't take together are divided, in their order.
func TestSeatsAreDividedOverInvoices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []NewUsage
		for i, n := range rapid.SliceOf(rapid.Int64Range(1, int64(MaxAmount))).Draw(t, "amounts") {
			lines = append(lines, NewUsage{Name: strconv.Itoa(i), Amount: Amount(n)})
		}
		var all []NewUsage
		for _, some := range fitting(lines, false) {
			sum := Amount(0)
			for _, l := range some {
				sum += l.Amount
			}
			if sum > MaxAmount || len(some) == 0 {
				t.Fatalf("an invoice of %d: %v", sum, some)
			}
			all = append(all, some...)
		}
		if !reflect.DeepEqual(all, lines) {
			t.Fatalf("got %v, want %v", all, lines)
		}
	})
}

// The renewal of one subscription pays for its own seats only.
func TestSeatsAreRenewedByTheirOwnSubscription(t *testing.T) {
	t.Parallel()
	s, c := seatShop(t, "3")
	s = s.hold(c, "premium", "0")
	in := Invoice{SubscriptionID: "sub_premium", Status: "draft", Renewal: true, Period: Period{Start: April, End: May}}
	if got := DecideUsageBill(s, c, in, "", May); len(got.Lines) > 0 {
		t.Errorf("the other subscription's renewal bills %+v", got.Lines)
	}
	in.SubscriptionID = "sub_pro"
	if got := DecideUsageBill(s, c, in, "", May); len(got.Lines) != 1 || got.Lines[0].Amount != 2400 {
		t.Errorf("the renewal bills %+v", got.Lines)
	}
}

// A renewal heard of again leaves what is paid as it is: a seat freed since
// then is taken again for free, or credited, as the rule says.
func TestSeatsAreRenewedOnce(t *testing.T) {
	t.Parallel()
	s, c := seatShop(t, "3")
	in := Invoice{SubscriptionID: "sub_pro", Status: "draft", Renewal: true, Period: Period{Start: April, End: May}}
	first := DecideUsageBill(s, c, in, "", May)
	b := first.PersistClosed[0]
	b.Closed = nil
	s.Balances["seats"] = b.Deduct(Dec("-2"), May)
	if got := s.Balances["seats"].Grants[0]; !got.Paid.Equal(Dec("2")) || got.PaidFor != (Period{Start: May, End: Monthly.After(April, 2)}) {
		t.Fatalf("after the renewal %+v", got)
	}
	for _, status := range []string{"draft", "open", "paid"} {
		in.Status = status
		if again := DecideUsageBill(s, c, in, "", May.Add(time.Hour)); len(again.PersistClosed)+len(again.Lines)+len(again.Settled) > 0 {
			t.Errorf("%s: heard of again, it changes %+v", status, again)
		}
	}
}

// $12 seats give way to $20 seats at half of the period: 2 are credited with
// 12.00 and charged with 20.00, and nothing bills them again.
func TestSwitchSeats(t *testing.T) {
	t.Parallel()
	half := April.AddDate(0, 0, 15)
	for name, tt := range map[string]struct {
		used string
		at   time.Time
		want []Amount
		paid string
	}{
		"at half":              {"3", half, []Amount{-1200, 2000}, "2"},
		"at the start":         {"3", April, []Amount{-2400, 4000}, "2"},
		"with none beyond":     {"1", half, nil, "0"},
		"when the period ends": {"3", May, nil, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := seatShop(t, tt.used)
			next := seatsOf("premium")
			next.StartsAt = tt.at
			_, _, switched := s.apply(c, transition{begin: []CustomerProduct{next}, end: []Ending{{CustomerProductID: "cp_pro"}}}, tt.at)
			switched, lines := s.SwitchSeats(c, []string{"cp_pro"}, []CustomerProduct{next}, switched, tt.at)
			var got []Amount
			for _, l := range lines {
				got = append(got, l.Amount)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v: %+v", got, tt.want, lines)
			}
			if paid := switched[0].Grants[0].Paid; !paid.Equal(Dec(tt.paid)) {
				t.Errorf("%s are paid, want %s", paid, tt.paid)
			}
			if _, op := DecideSeats(State{Products: []CustomerProduct{next}}, c, switched, nil, Operation{ID: "op", CreatedAt: tt.at}); op != nil {
				t.Errorf("billed again: %+v", op.Decision.Lines)
			}
		})
	}
}

// Freed seats are credited while all invoices of their product in the period are
// paid; otherwise they stay the customer's.
func TestFreedSeatsThatMayBeUnpaid(t *testing.T) {
	t.Parallel()
	half := April.AddDate(0, 0, 15)
	for name, tt := range map[string]struct {
		invoice Invoice
		running []Operation
		credit  Amount
	}{
		"paid":                        {Invoice{Status: "paid"}, nil, -1200},
		"open":                        {Invoice{Status: "open"}, nil, 0},
		"a draft":                     {Invoice{Status: "draft"}, nil, 0},
		"void":                        {Invoice{Status: "void"}, nil, 0},
		"written off":                 {Invoice{Status: "uncollectible"}, nil, 0},
		"of the period before":        {Invoice{Status: "open", CreatedAt: April.AddDate(0, -1, 0)}, nil, -1200},
		"of another product":          {Invoice{Status: "open", ProductIDs: []string{"words"}}, nil, -1200},
		"being made":                  {Invoice{Status: "paid"}, []Operation{{Command: BillSeats, Decision: Decision{Lines: []Line{{ProductID: "pro", Amount: 1200}}}}}, 0},
		"being made, a credit":        {Invoice{Status: "paid"}, []Operation{{Command: BillSeats, Decision: Decision{Lines: []Line{{ProductID: "pro", Amount: -1200}}}}}, -1200},
		"being made, another product": {Invoice{Status: "paid"}, []Operation{{Command: BillSeats, Decision: Decision{Lines: []Line{{ProductID: "team", Amount: 1200}}}}}, -1200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := seatShop(t, "3")
			s.Operations = tt.running
			in := tt.invoice
			if in.CreatedAt.IsZero() {
				in.CreatedAt = April
			}
			if in.ProductIDs == nil {
				in.ProductIDs = []string{"pro"}
			}
			freed := s.Balances["seats"].Deduct(Dec("-2"), half)
			left, op := DecideSeats(s, c, []Balance{freed}, []Invoice{in}, Operation{ID: "op", CreatedAt: half})
			credit, paid := Amount(0), "2"
			if op != nil {
				credit = Total(op.Decision.Lines)
			}
			if tt.credit != 0 {
				paid = "0"
			}
			if got := left[0].Grants[0].Paid; credit != tt.credit || !got.Equal(Dec(paid)) {
				t.Errorf("%d is credited and %s stay paid, want %d and %s", credit, got, tt.credit, paid)
			}
		})
	}
}
