package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// With refund_ends_access, a payment that is refunded in full ends what it paid for, in
// whichever way credits paid a part of it. The customer's own credit does not come back
// with it: what that paid is kept.
func TestRWD42ARefundOfWhatCreditsHelpedToPayEndsAccess(t *testing.T) {
	buy := func(body ...JSON) func(w *World) {
		return func(w *World) { w.Attach("c", "pro", body...) }
	}
	with := func(reward string, then func(w *World)) func(w *World) {
		return func(w *World) { give(w, "c", reward); then(w) }
	}
	on, off := []string{"pro active"}, []string{"free active"}
	for name, tt := range map[string]struct {
		buys    func(w *World)
		charged float64 // of the card, last
		refunds []int   // in cents; 0 is what is left
		note    string  // instead
		has     []string
		credits float64
	}{
		"credits":                         {with("five", buy()), 15, []int{0}, "", off, 5},
		"credits, but for a cent":         {with("five", buy()), 15, []int{1499}, "", on, 4.99},
		"credits, in two parts":           {with("five", buy()), 15, []int{700, 800}, "", off, 5},
		"credits that the purchase has":   {buy(JSON{"reward": "five"}), 15, []int{0}, "", off, 5},
		"credits on a page":               {with("five", func(w *World) { w.Pay(w.Attach("c", "pro", JSON{"force_checkout": true})["checkout_url"].(string)) }), 15, []int{0}, "", off, 5},
		"the renewal":                     {func(w *World) { buy()(w); w.Advance("1d"); give(w, "c", "five"); w.AdvancePastRenewal(T1) }, 15, []int{0}, "", off, 5},
		"the renewal, by a line of ours":  {func(w *World) { buy()(w); w.Advance("1d"); give(w, "c", "for_pro"); w.AdvancePastRenewal(T1) }, 12, []int{0}, "", off, 8},
		"an upgrade":                      {func(w *World) { buy()(w); give(w, "c", "five"); w.Attach("c", "premium") }, 25, []int{0}, "", off, 5},
		"an upgrade, by a line of ours":   {func(w *World) { buy()(w); w.Attach("c", "premium", JSON{"reward": "five"}) }, 25, []int{0}, "", off, 5},
		"an upgrade, of which a part":     {func(w *World) { buy()(w); give(w, "c", "five"); w.Attach("c", "premium") }, 25, []int{1000}, "", []string{"premium active"}, 2},
		"own credit":                      {func(w *World) { onBalance(w, "c", -500); buy()(w) }, 15, []int{0}, "", on, 0},
		"own credit, that a note returns": {func(w *World) { onBalance(w, "c", -500); buy()(w) }, 15, nil, "&amount=2000&refund_amount=1500&credit_amount=500", off, 0},
		"a note for all":                  {with("five", buy()), 15, nil, "&amount=2000&refund_amount=1500&credit_amount=500", off, 0},
		"a note for what the card paid":   {with("five", buy()), 15, nil, "&amount=1500&refund_amount=1500", on, 0},
		"all by credits":                  {with("twenty", buy()), 0, nil, "", on, 0},
		"a one-off that opens a feature":  {with("five", func(w *World) { w.Attach("c", "for_life") }), 94, []int{0}, "", off, 5},
		"a one-off, of which a part":      {with("five", func(w *World) { w.Attach("c", "for_life") }), 94, []int{4700}, "", []string{"for_life active", "free active"}, 2.5},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			w.Product("for_life", "", JSON{"price": 99}, BooleanFeature("admin")).AddOn()
			w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true})
			credits(w, "five", 5)
			credits(w, "twenty", 20)
			creditsFor(w, "for_pro", 8, "pro")
			tt.buys(w)
			paid := due(w, "c")
			w.Want("charged", paid[len(paid)-1], tt.charged)
			for _, cents := range tt.refunds {
				refund(w, "c", cents)
			}
			if tt.note != "" {
				note(w, "c", tt.note)
			}
			w.Redeliver("charge.refunded", "invoice.paid")
			w.HasProducts("c", tt.has...)
			w.Want("credits", left(w, "c"), tt.credits)
			w.WaitIdle()
		})
	}
}
