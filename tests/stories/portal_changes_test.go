package stories

import (
	"testing"

	. "windfall/tests/world"
)

// subscription is the id of the customer's first subscription at Stripe.
func subscription(w *World) string {
	return Path(w.AtStripe("c"), "subscriptions.0.id").(string)
}

func TestWHK04PortalCancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Post("/_local/subscriptions/"+subscription(w), JSON{"cancel_at_period_end": true})
	w.Holds("c", "free scheduled", "pro active")
	w.Want("ends", w.Held("c", "pro")["canceled_at"], T0.UnixMilli())
	w.Deliver("customer.subscription.updated")
	w.Holds("c", "free scheduled", "pro active")
	w.Renewal(T1)
	w.Holds("c", "free active")
	w.Billed("c", 2000)
}

func TestWHK05PortalUncancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	for _, ends := range []bool{true, false} {
		w.Post("/_local/subscriptions/"+subscription(w), JSON{"cancel_at_period_end": ends})
	}
	w.Holds("c", "pro active")
	w.Want("ends", w.Held("c", "pro")["canceled_at"], nil)
	w.Billed("c", 2000)
	w.Renewal(T1)
	w.Billed("c", 2000, 2000)
}

func TestWHK06AddOnsOfTheSubscriptionEndWithIt(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.Holds("c", "addon_words active", "pro active")
	w.Call("DELETE", "/_local/subscriptions/"+subscription(w), nil)
	w.Holds("c", "free active")
}

func TestWHK07ScheduleCancelledInStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "premium")
	w.Attach("c", "pro")
	schedule := Path(w.AtStripe("c"), "schedules.0.id").(string)
	a := w.Do("sk_test_sim", "POST", "/_stripe/v1/subscription_schedules/"+schedule+"/release", nil)
	w.Want("status", a.Status, 200)
	w.Quiet()
	w.Holds("c", "premium active")
	w.Want("ends", w.Held("c", "premium")["canceled_at"], nil)
	w.Renewal(T1)
	w.Billed("c", 5000, 5000)
}
