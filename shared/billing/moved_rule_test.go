package billing

import (
	"fmt"
	"testing"
	"time"

	"windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// What has ended stays while something may ask for it.
func TestWhatHasEndedStays(t *testing.T) {
	t.Parallel()
	ended := func(days int, id string, change ...func(*CustomerProduct)) CustomerProduct {
		cp := CustomerProduct{ID: id, ProductID: "hobby", Version: 1, Group: "main", Status: Expired, Quantity: 1,
			StartsAt: April.AddDate(0, 0, -days-1), EndsAt: April.AddDate(0, 0, -days)}
		for _, c := range change {
			c(&cp)
		}
		return cp
	}
	due := CustomerProduct{ID: "cp_due", ProductID: "free", Version: 1, Group: "main", Status: Active, EndsAt: April.AddDate(0, 0, -7)}
	for name, tt := range map[string]struct {
		oldest CustomerProduct
		change func(*State, *Settlement)
		stays  bool
	}{
		"nothing asks for it":             {oldest: ended(9, "cp_1")},
		"an exchange at Stripe, long ago": {oldest: ended(9, "cp_sub_1_5_0", on("sub_1"))},
		"an exchange of this minute":      {oldest: ended(0, "cp_sub_1_5_0", on("sub_1"), func(cp *CustomerProduct) { cp.StartsAt = April.Add(-time.Second) }), stays: true},
		"its last bill is due":            {oldest: ended(9, "cp_1", on("sub_1"), func(cp *CustomerProduct) { cp.Awaited = true }), stays: true},
		"nobody knows when it ended":      {oldest: ended(9, "cp_1", func(cp *CustomerProduct) { cp.EndsAt = time.Time{} }), stays: true},
		"it ends in a moment, by a clock": {oldest: ended(-1, "cp_1"), stays: true},
		"it is in the settlement":         {oldest: ended(9, "cp_1"), stays: true, change: func(_ *State, out *Settlement) { out.Products = []CustomerProduct{{ID: "cp_1"}} }},
		"use of it is not billed":         {oldest: ended(9, "cp_1"), stays: true, change: func(s *State, _ *Settlement) { s.Balances["messages"] = unbilledOf("cp_1") }},
		"use is not billed after this":    {oldest: ended(9, "cp_1"), stays: true, change: func(_ *State, out *Settlement) { out.Balances = []Balance{unbilledOf("cp_1")} }},
		"use is billed with this": {oldest: ended(9, "cp_1"), change: func(s *State, out *Settlement) {
			s.Balances["messages"] = unbilledOf("cp_1")
			out.Balances = []Balance{{FeatureID: "messages"}}
		}},
		"use of another one is not billed": {oldest: ended(9, "cp_1"), change: func(s *State, _ *Settlement) { s.Balances["messages"] = unbilledOf("cp_11") }},
		"a product that is over is open":   {oldest: ended(9, "cp_1"), stays: true, change: func(s *State, _ *Settlement) { s.Products = append(s.Products, due) }},
		"… and closes with this": {oldest: ended(9, "cp_1"), change: func(s *State, out *Settlement) {
			s.Products, out.Products = append(s.Products, due), []CustomerProduct{due}
		}},
		"… or is Stripe's to end": {oldest: ended(9, "cp_1"), change: func(s *State, _ *Settlement) {
			other := due
			other.SubscriptionID = "sub_9"
			s.Products = append(s.Products, other)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := customerOf()
			s.Products = []CustomerProduct{tt.oldest, ended(1, "cp_9")}
			if tt.oldest.EndsAt.After(April.AddDate(0, 0, -2)) { // it is not the oldest then: make it so
				s.Products[1] = ended(-3, "cp_9")
			}
			var out Settlement
			if tt.change != nil {
				tt.change(&s.State, &out)
			}
			s.moveEnded(s.Catalog, &out, April)
			if stays := len(out.Moved) == 0; stays != tt.stays || !stays && (len(out.Moved) > 1 || out.Moved[0].ID != tt.oldest.ID) {
				t.Errorf("moved: %+v", out.Moved)
			}
		})
	}
}

func on(subscription string) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.SubscriptionID = subscription }
}

func unbilledOf(customerProduct string) Balance {
	return Balance{FeatureID: "messages", Closed: []UnbilledUsage{{GrantID: customerProduct + "/pr_use", Units: One}}}
}

// Rows of before move some at a time, the oldest first, and what is remembered of them
// says which there were.
func TestManyMoveInParts(t *testing.T) {
	t.Parallel()
	s := customerOf()
	for i := range 60 {
		s.Products = append(s.Products, CustomerProduct{ID: fmt.Sprintf("cp_%02d", i), ProductID: "pro", Version: 1, Status: Expired, EndsAt: April.AddDate(0, 0, -i)})
	}
	s.Products[59].CreatedBy = RedemptionPrefix + "1"
	for _, want := range []int{mostMoved, mostMoved, 60 - mostEnded - 2*mostMoved, 0} {
		out := Settlement{Customer: s.Customer}
		s.moveEnded(s.Catalog, &out, April)
		if len(out.Moved) != want {
			t.Fatalf("%d moved, want %d", len(out.Moved), want)
		}
		s.Products, s.Customer = s.Products[:len(s.Products)-want], out.Customer
	}
	if s.Customer.Moved != (MovedProducts{}) { // on no subscription, and no one-off
		t.Errorf("remembered: %+v", s.Customer.Moved)
	}
	m := MovedProducts{}.with(s.Catalog, CustomerProduct{ProductID: "topup", Version: 1, EndsAt: April})
	if m != (MovedProducts{Bought: true}) {
		t.Errorf("of a one-off: %+v", m)
	}
	m = MovedProducts{}.with(s.Catalog, CustomerProduct{ProductID: "topup", Version: 1, EndsAt: April, CreatedBy: RedemptionPrefix + "1"})
	if m != (MovedProducts{}) {
		t.Errorf("of a gift: %+v", m)
	}
	m = m.with(s.Catalog, CustomerProduct{ProductID: "pro", SubscriptionID: "sub_1", Custom: &catalog.Product{}, EndsAt: May})
	if m = m.with(s.Catalog, CustomerProduct{ProductID: "pro", SubscriptionID: "sub_1", EndsAt: April}); m != (MovedProducts{Bought: true, Custom: true, Subscribed: May}) {
		t.Errorf("of a subscription: %+v", m)
	}
}
