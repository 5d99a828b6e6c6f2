package chaos

import (
	"fmt"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A rewardRun is one way in which two friends bring two discounts to c.
type rewardRun struct {
	command string         // its name in the table of results
	when    string         // the trigger of the program
	act     func(w *World) // disturbed by the trouble
}

var rewardRuns = map[string]rewardRun{
	"a code redeemed": {"redeem", "customer_creation", func(w *World) {
		w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"customer_id": "r", "code": w.Notes["code"]}, IdempotencyKey("once"))
	}},
	"a purchase that a reward waits for": {"webhook", "checkout", func(w *World) {
		w.Do("", "POST", "/_local/events/deliver", JSON{"ids": purchaseEvents(w)})
	}},
}

// TestRewardsSurviveACrashAnywhere dies before and after each external call of
// a redemption, or of the webhook of the purchase. The client repeats the
// request, or Stripe the event, and the schedule runs: both sides have the
// discount, once.
func TestRewardsSurviveACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, r := range rewardRuns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, r.command, r.run)
		})
	}
}

func (r rewardRun) run(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := mortal(t)
	w.Feature("messages", "single_use")
	w.Product("pro", "main", Price(20), Messages(500))
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "percentage_discount", "promo_codes": []any{},
		"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true}})
	terms := JSON{"id": "invite", "when": r.when, "internal_reward_id": "ten", "received_by": "all", "max_redemptions": 1}
	if r.when == "checkout" {
		terms["product_ids"] = []string{"pro"}
	}
	w.Post("/v1/reward_programs", terms)
	for _, id := range []string{"c", "r"} {
		w.Post("/v1/customers", JSON{"id": id, "email": id + "@x.io"})
	}
	w.Notes["code"] = w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "invite"})["code"].(string)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	redemption := ""
	if r.when == "checkout" {
		redemption = w.Post("/v1/referrals/redeem", JSON{"customer_id": "r", "code": w.Notes["code"]})["id"].(string)
		w.PutGoodCard("r")
		w.Attach("r", "pro")
	}
	k.strike(n, what)
	r.act(w)
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	w.Advance("2m")
	r.act(w)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("10m")
	if redemption == "" {
		a := w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"customer_id": "r", "code": w.Notes["code"]}, IdempotencyKey("once"))
		if a.Status != 200 {
			t.Fatalf("asked again: %d %s", a.Status, a.Text)
		}
		redemption = a.Body["id"].(string)
	}
	return describeReward(w, redemption), calls
}

// purchaseEvents are the ids of Stripe's events of the purchase.
func purchaseEvents(w *World) (ids []string) {
	for _, e := range w.Stack.Sim.Events() {
		if strings.HasPrefix(e.Type, "invoice.p") || e.Type == "customer.subscription.created" {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// describeReward prints which customers have the discount, how often it was
// given, and that nothing is left over.
func describeReward(w *World, redemption string) string {
	r := w.Get("/v1/redemptions/" + redemption)
	parts := []string{fmt.Sprint(r["triggered"], " ", r["applied"], " ", r["redeemer_applied"])}
	for _, id := range []string{"c", "r"} {
		s, _, err := w.Stack.Customer(w.Context(), id)
		if err != nil {
			w.Fatal(err)
		}
		parts = append(parts, fmt.Sprintf("%s: discount %v, %d queued, %d waiting, %d operations, pending %q", id,
			ValueAt(w.AtStripe(id), "customer.discount.coupon.percent_off"), len(s.Queue), len(s.Redeemed), len(s.Operations), s.Customer.PendingOperation))
	}
	_, text, err := w.Stack.Stripe("GET", "/v1/coupons", nil)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range ParseJSON(w.T, text)["data"].([]any) {
		parts = append(parts, fmt.Sprint("coupon redeemed ", ValueAt(c, "times_redeemed")))
	}
	return strings.Join(parts, "; ")
}
