package payments_test

import (
	"net/url"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// withoutCoupon puts a discount on Ada's subscription and deletes its coupon at
// Stripe: the discount continues, but no plan can name the coupon any more.
func (w *world) withoutCoupon(r billing.Results) {
	w.Helper()
	w.must("POST", "/v1/coupons", url.Values{"id": {"HALF"}, "percent_off": {"50"}, "duration": {"forever"}})
	w.must("POST", "/v1/subscriptions/"+r.SubscriptionID, url.Values{"coupon": {"HALF"}})
	w.must("DELETE", "/v1/coupons/HALF", nil)
}

// A plan that Stripe refuses leaves the previous one, or the end.
func TestARefusedPlanLeavesTheOneBefore(t *testing.T) {
	t.Parallel()
	for name, m := range moves() {
		if m.plan == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := m.begin(t)
			if _, err := w.takeAs(changing, r, m.steps(r)...); kindOf(err) != refusal.KindInvalid && kindOf(err) != refusal.KindNotFound {
				t.Errorf("err = %v", err)
			}
			if got := w.plan(r); got != m.plan {
				t.Errorf("left %s, want %s", got, m.plan)
			}
		})
	}
}

// A plan made with a card on file can leave a subscription that names the card
// after it was detached. The next plan is then made without a card.
func TestAPlanAfterTheCardIsGone(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.mustTake(r, planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_seats", 2)}}, r))
	card := w.must("GET", "/v1/subscriptions/"+r.SubscriptionID, nil).text("default_payment_method")
	w.must("POST", "/v1/payment_methods/"+card+"/detach", nil)
	w.goTo(month.End.Add(2 * time.Hour))
	if got := w.must("GET", "/v1/subscriptions/"+r.SubscriptionID, nil).text("default_payment_method"); got != card {
		t.Fatalf("the subscription names %q, so this tests nothing", got)
	}
	later := app.Ref{OperationID: "op_3", Number: 3, CustomerID: "ada", InternalID: "cus_int_ada", CreatedAt: month.End.Add(2 * time.Hour), Now: month.End.Add(2 * time.Hour)}
	if _, err := w.takeAs(later, r, planStep(planned, r)); err != nil {
		t.Fatal(err)
	}
	if got := w.plan(r); got != "past_due seats×2 then seats×2 then free×1 then release" {
		t.Errorf("planned %s", got)
	}
}
