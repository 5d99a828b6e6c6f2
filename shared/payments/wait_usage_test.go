package payments_test

import (
	"net/url"
	"slices"
	"testing"

	"windfall/local/stripesim"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// However many operations are refused, the usage is there for the first that is
// not.
func TestAUseOutlivesRefusals(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.charged("pm_card_chargeCustomerFail", r)
	ref := changing
	for _, op := range []string{"op_2", "op_3", "op_4"} {
		ref.OperationID = op
		if _, err := w.takeAs(ref, r, changeStep(upgrade(true), r)); kindOf(err) != refusal.KindDeclined {
			t.Fatalf("%s: err = %v", op, err)
		}
	}
	w.charged("pm_card_visa", r)
	ref.OperationID = "op_5"
	got, err := w.takeAs(ref, r, changeStep(upgrade(true), r))
	if err != nil || !slices.Equal(w.lines(got.Invoice.StripeID), []int64{-1000, 600, 2500}) {
		t.Errorf("got %+v, %v", got.Invoice, err)
	}
}

// An operation repeated after the reason of its refusal is gone bills the usage
// that it dropped.
func TestADroppedUseIsMadeAnew(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.set(r, "default_payment_method", "")
	step := changeStep(upgrade(true), r)
	for range 3 {
		if _, err := w.takeAs(changing, r, step); kindOf(err) != refusal.KindInvalid {
			t.Fatalf("err = %v", err)
		}
		if got := w.plan(r); got != "active base×1 seats×3" {
			t.Fatalf("left %s", got)
		}
	}
	w.charged("pm_card_visa", r)
	got, err := w.takeAs(changing, r, step)
	if err != nil || !slices.Equal(w.lines(got.Invoice.StripeID), []int64{-1000, 600, 2500}) {
		t.Errorf("got %+v, %v", got.Invoice, err)
	}
}

// Usage on a renewal invoice from before the change was refused stays billed.
func TestAUseOnTheRenewalIsNotDropped(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && path == "/v1/subscriptions/"+r.SubscriptionID {
			return stripesim.RefuseBefore
		}
		return stripesim.FaultNone
	})
	step := changeStep(upgrade(true), r)
	if _, err := w.takeAs(changing, r, step); kindOf(err) != refusal.KindUnavailable {
		t.Fatalf("err = %v", err)
	}
	w.sim.SetFault(nil)
	w.goTo(month.End)
	if _, err := w.takeAs(changing, r, step); kindOf(err) != refusal.KindInvalid { // its time is in another period
		t.Fatalf("err = %v", err)
	}
	renewal := w.list("/v1/invoices?subscription=" + r.SubscriptionID)[0]
	if got := w.lines(renewal.text("id")); renewal.text("status") != "draft" || !slices.Equal(got, []int64{600, 1500, 2000}) {
		t.Errorf("renewal %s %v", renewal.text("status"), got)
	}
}

// An end set by a schedule is left to the plan that follows: Stripe refuses to
// change it beside the schedule.
func TestChangeUnderAScheduleThatEnds(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	schedule := w.must("POST", "/v1/subscription_schedules", url.Values{"from_subscription": {r.SubscriptionID}}).text("id")
	w.must("POST", "/v1/subscription_schedules/"+schedule, url.Values{"end_behavior": {"cancel"}})
	n := upgrade(false)
	n.GoesOn = true
	if _, err := w.takeAs(changing, r, changeStep(n, r)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.takeAs(changing, r, planStep(billing.SetPlan{}, r)); err != nil {
		t.Fatal(err)
	}
	if got := w.plan(r); got != "active max×1 seats×3" {
		t.Errorf("left %s", got)
	}
}
