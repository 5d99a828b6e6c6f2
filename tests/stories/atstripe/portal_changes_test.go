package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

func TestWHK04PortalCancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"cancel_at_period_end": true})
	w.HasProducts("c", "free scheduled", "pro active")
	w.Want("ends", w.CustomerProduct("c", "pro")["canceled_at"], T0.UnixMilli())
	w.Redeliver("customer.subscription.updated")
	w.HasProducts("c", "free scheduled", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.Billed("c", 2000)
}

func TestWHK05PortalUncancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	for _, ends := range []bool{true, false} {
		w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"cancel_at_period_end": ends})
	}
	w.HasProducts("c", "pro active")
	w.Want("ends", w.CustomerProduct("c", "pro")["canceled_at"], nil)
	w.Billed("c", 2000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
}

func TestWHK06AddOnsOfTheSubscriptionEndWithIt(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.HasProducts("c", "addon_words active", "pro active")
	w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil)
	w.HasProducts("c", "free active")
}

func TestWHK07ScheduleCancelledInStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	schedule := ValueAt(w.AtStripe("c"), "schedules.0.id").(string)
	a := w.Do("sk_test_sim", "POST", "/_stripe/v1/subscription_schedules/"+schedule+"/release", nil)
	w.Want("status", a.Status, 200)
	w.WaitIdle()
	w.HasProducts("c", "premium active")
	w.Want("ends", w.CustomerProduct("c", "premium")["canceled_at"], nil)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 5000, 5000)
}
