package dynamo

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// What has ended moves from the rows of the customer to the history, whole, and is
// found there in the order in which it ended.
func TestEndedProductsAreReadAsTheyMoved(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var all []billing.CustomerProduct
	for i := range 4 {
		p := filled(t, func(p *billing.CustomerProduct) {
			p.ID, p.Status, p.Awaited, p.EndsAt = fmt.Sprintf("cp_%d", 9-i), billing.Expired, false, april.AddDate(0, i, 0)
		})
		all = append(all, p)
		must(t, s.Commit(t.Context(), env, app.SaveCustomerProduct{Key: "ada", Product: p}))
	}
	must(t, s.Commit(t.Context(), env, app.MoveEnded{Key: "ada", InternalID: "cus_1", Products: all[1:]}))
	state, _, err := s.State(t.Context(), env, "ada")
	must(t, err)
	if diff := cmp.Diff(all[:1], state.Products, loosely); diff != "" {
		t.Errorf("among the rows (-stays +read):\n%s", diff)
	}
	got, err := s.MovedProducts(t.Context(), env, "cus_1")
	must(t, err)
	if diff := cmp.Diff(all[1:], got, loosely); diff != "" {
		t.Errorf("in the history (-moved +read):\n%s", diff)
	}
	if got, err := s.MovedProducts(t.Context(), env, "cus_2"); err != nil || len(got) > 0 {
		t.Errorf("of another customer: %v, %v", got, err)
	}
}

// A row that the sweep looks at although it has ended is one whose last bill is due.
func TestWhoseLastBillIsDueIsAwaited(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	p := billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Expired, EndsAt: april}
	for due, want := range map[time.Time]bool{may: true, {}: false} {
		must(t, s.Commit(t.Context(), env, app.SaveCustomerProduct{Key: "ada", Product: p, Due: due}))
		if state, _, err := s.State(t.Context(), env, "ada"); err != nil || len(state.Products) != 1 || state.Products[0].Awaited != want {
			t.Errorf("due %s: %+v, %v", due, state.Products, err)
		}
	}
}

// The history of a customer knows no address: a new id leaves it where it is, and so does
// the deletion, which leaves none of the customer's own rows.
func TestMovedProductsAreHistory(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	n := 0
	a := &app.App{Store: s, Payments: noStripe{}, Pause: func(context.Context, int) bool { return false }, NewID: func() string { n++; return strings.Repeat("x", n) }}
	caller := app.Caller{Env: env, Actor: "sk_test", Now: april}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april, Moved: billing.MovedProducts{Bought: true}}}))
	gone := billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Expired, EndsAt: april}
	must(t, s.Commit(t.Context(), env, app.MoveEnded{Key: "ada", InternalID: "cus_1", Products: []billing.CustomerProduct{gone}}))
	grace := "grace"
	renamed, err := a.UpdateCustomer(t.Context(), caller, app.CustomerCommand{ID: "ada", NewID: &grace})
	must(t, err)
	if !renamed.Customer.Moved.Bought {
		t.Error("a new id forgets that something was bought")
	}
	must(t, a.DeleteCustomer(t.Context(), caller, app.DeleteCommand{CustomerID: grace}))
	for _, id := range []string{"ada", grace} {
		for name := range kindsOf(t, s, id) {
			t.Errorf("%s leaves behind: %s", id, name)
		}
	}
	if got, err := s.MovedProducts(t.Context(), env, "cus_1"); err != nil || len(got) != 1 {
		t.Errorf("in the history: %v, %v", got, err)
	}
}
