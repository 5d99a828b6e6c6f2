package dynamo

import (
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// A Stripe id leads to its customer, and, when that one is deleted, to the
// memory of it, until another one is linked on purpose.
func TestWhoseAStripeCustomerIs(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	link := func(key, internal, was string) error {
		return s.Commit(t.Context(), env, app.LinkStripe{StripeID: "cus_S", Key: key, InternalID: internal, Was: was})
	}
	bury := func(key string) error {
		return s.Commit(t.Context(), env, app.BuryStripe{StripeID: "cus_S", Key: key,
			Owner: billing.StripeOwner{InternalID: "cus_1", DeletedAt: may, OperationID: "op_1"}})
	}
	owner := func(want billing.StripeOwner) {
		t.Helper()
		got, err := s.StripeOwner(t.Context(), env, "cus_S")
		if err != nil || got.Key != want.Key || got.InternalID != want.InternalID || !got.DeletedAt.Equal(want.DeletedAt) || got.OperationID != want.OperationID {
			t.Errorf("the owner is %+v, %v; want %+v", got, err, want)
		}
	}
	owner(billing.StripeOwner{})
	must(t, link("ada", "cus_1", ""))
	must(t, link("ada", "cus_1", ""))
	owner(billing.StripeOwner{Key: "ada", InternalID: "cus_1"})
	if err := link("bob", "cus_2", ""); !app.ConflictIn[app.LinkStripe](err) {
		t.Errorf("linked to two: %v", err)
	}
	must(t, link("ada2", "cus_1", "ada")) // it moves
	if err := bury("ada"); !app.ConflictIn[app.BuryStripe](err) {
		t.Errorf("buried by who has it no more: %v", err)
	}
	must(t, bury("ada2"))
	owner(billing.StripeOwner{InternalID: "cus_1", DeletedAt: may.Truncate(time.Millisecond), OperationID: "op_1"})
	must(t, link("bob", "cus_2", ""))
	owner(billing.StripeOwner{Key: "bob", InternalID: "cus_2"})
}
