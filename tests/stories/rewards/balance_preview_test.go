package rewards

import (
	"math"
	"testing"

	. "windfall/tests/world"
)

// paidAsShown checks that the invoices of a customer after the first few had to be paid as a
// preview had shown.
func paidAsShown(w *World, customer string, before int, shown JSON) {
	w.Helper()
	sum := 0.0
	for _, some := range due(w, customer)[before:] {
		sum += some
	}
	today := ValueAt(shown, "due_today").(JSON)
	w.Want("to pay as shown", math.Round(sum*100)/100, today["amount_due"])
	if all := today["credits_applied"].(float64) + today["balance_applied"].(float64) + today["amount_due"].(float64); today["total"].(float64) > 0 {
		w.Want("its parts", math.Round(all*100)/100, today["total"])
	}
}

// What is left to pay is what the card is charged: the total less the customer's own credit
// at Stripe, which is used first, and then less invoice credits, which are on the same
// balance. A debt there is charged with it.
func TestRWD43APreviewKnowsTheBalance(t *testing.T) {
	cents := func(cents int) func(w *World) { return func(w *World) { onBalance(w, "c", cents) } }
	both := func(steps ...func(w *World)) func(w *World) {
		return func(w *World) {
			for _, step := range steps {
				step(w)
			}
		}
	}
	gives := func(reward string) func(w *World) { return func(w *World) { give(w, "c", reward) } }
	buys := func(product string, body ...JSON) func(w *World) {
		return func(w *World) { w.Attach("c", product, body...) }
	}
	later := func(w *World) { w.Advance("15d") }
	downgrade := both(buys("premium"), later, buys("pro", JSON{"plan_schedule": "immediate"})) // 15.00 come back
	for name, tt := range map[string]struct {
		has     func(w *World)
		product string
		body    JSON
		shown   []any // total, credits_applied, balance_applied, amount_due
	}{
		"nothing":                             {cents(0), "pro", nil, []any{20, 0, 0, 20}},
		"after a downgrade at once":           {downgrade, "addon_words", nil, []any{20, 0, 15, 5}},
		"after one, for less":                 {downgrade, "topup", Quantity("messages", 250), []any{9, 0, 9, 0}},
		"after one, and credits":              {both(downgrade, gives("thirty")), "pro_year", nil, []any{190, 30, 15, 145}},
		"after an end with its credit":        {both(buys("premium"), later, func(w *World) { w.Cancel("c", "premium", Immediately(), JSON{"prorate": true}) }, gives("thirty")), "pro_year", nil, []any{200, 30, 25, 145}},
		"own credit before credits":           {both(cents(-2500), gives("thirty")), "pro", nil, []any{20, 0, 20, 0}},
		"own credit, then credits":            {both(cents(-500), gives("thirty")), "pro", nil, []any{20, 15, 5, 0}},
		"credits alone":                       {gives("thirty"), "premium", nil, []any{50, 30, 0, 20}},
		"credits, of which some are used":     {both(gives("thirty"), buys("pro")), "addon_words", nil, []any{20, 10, 0, 10}},
		"credits that come with it":           {cents(-500), "pro", JSON{"reward": "twelve"}, []any{8, 0, 5, 3}},
		"a debt":                              {cents(300), "pro", nil, []any{20, 0, -3, 23}},
		"a debt, and credits":                 {both(cents(1200), gives("thirty")), "premium", nil, []any{50, 18, 0, 32}},
		"a debt of more than credits":         {both(cents(4000), gives("thirty")), "pro", nil, []any{20, 0, -10, 30}},
		"a debt, and a trial":                 {cents(300), "pro_trial", nil, []any{0, 0, -3, 3}},
		"a debt, and a change for later":      {both(buys("premium"), later, cents(300)), "pro", nil, []any{0, 0, 0, 0}},
		"a debt, and a downgrade at once":     {both(buys("premium"), later, cents(2000)), "pro", JSON{"plan_schedule": "immediate"}, []any{-15, 0, -20, 5}},
		"an upgrade":                          {both(buys("pro"), later, cents(-600)), "premium", nil, []any{15, 0, 6, 9}},
		"a downgrade that gives more":         {both(buys("premium"), later, cents(-600)), "pro", JSON{"plan_schedule": "immediate"}, []any{-15, 0, 0, 0}},
		"by invoice":                          {cents(-700), "pro", JSON{"invoice": true}, []any{20, 0, 7, 13}},
		"a one-off":                           {cents(-700), "topup", Quantity("messages", 250), []any{9, 0, 7, 2}},
		"use that an end settles":             {both(buys("pro_words"), func(w *World) { w.Track("c", "words", 700) }, later, cents(-500)), "free", JSON{"plan_schedule": "immediate"}, []any{15, 0, 5, 10}},
		"use that an end settles, and a debt": {both(buys("pro_words"), func(w *World) { w.Track("c", "words", 700) }, later, cents(500)), "free", JSON{"plan_schedule": "immediate"}, []any{15, 0, -5, 20}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			w.CustomerWithEmailAndCard("c")
			credits(w, "thirty", 30)
			credits(w, "twelve", 12)
			tt.has(w)
			w.WaitIdle()
			today := ValueAt(previewed(w, "c", tt.product, tt.body), "due_today").(JSON)
			w.Want("shown", []any{today["total"], today["credits_applied"], today["balance_applied"], today["amount_due"]}, tt.shown)
		})
	}
}

// A page of a subscription uses the balance, and one of a single payment does not. So it is
// for a customer whom nothing but their credits has brought to Stripe.
func TestRWD43PagesAndTheBalance(t *testing.T) {
	for name, tt := range map[string]struct {
		has     func(w *World)
		who     string
		product string
		shown   []any
	}{
		"a subscription":            {func(w *World) { onBalance(w, "c", -700) }, "c", "pro", []any{20, 0, 7, 13}},
		"a single payment":          {func(w *World) { onBalance(w, "c", -700) }, "c", "single", []any{12, 0, 0, 12}},
		"a debt":                    {func(w *World) { onBalance(w, "c", 300) }, "c", "pro", []any{20, 0, -3, 23}},
		"a debt and one payment":    {func(w *World) { onBalance(w, "c", 300) }, "c", "single", []any{12, 0, 0, 12}},
		"own credit and credits":    {func(w *World) { onBalance(w, "c", -700); give(w, "c", "five") }, "c", "pro", []any{20, 5, 7, 8}},
		"credits of a new one":      {func(w *World) { w.Post("/v1/customers", JSON{"id": "new"}); give(w, "new", "five") }, "new", "pro", []any{20, 5, 0, 15}},
		"and with a single payment": {func(w *World) { w.Post("/v1/customers", JSON{"id": "new"}); give(w, "new", "five") }, "new", "single", []any{12, 0, 0, 12}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			w.Product("single", "s", OneTimePrice(12)).AddOn()
			w.CustomerWithEmailAndCard("c")
			credits(w, "five", 5)
			tt.has(w)
			ask := JSON{"customer_id": tt.who, "product_id": tt.product, "force_checkout": true}
			today := ValueAt(w.Post("/v1/attach/preview", ask), "due_today").(JSON)
			w.Want("shown", []any{today["total"], today["credits_applied"], today["balance_applied"], today["amount_due"]}, tt.shown)
			w.Advance("20m")
			w.Pay(w.Post("/v1/attach", ask)["checkout_url"].(string))
			if tt.product == "pro" { // a single payment has no invoice
				w.Want("paid", due(w, tt.who)[0], tt.shown[3])
			}
		})
	}
}

// An end that settles use shows what credits pay of it after the customer's own credit, and
// takes no more.
func TestRWD43AnEndAndTheBalance(t *testing.T) {
	for name, tt := range map[string]struct {
		own     int
		reward  string
		applied any // 0 is shown as none
		due     float64
	}{
		"nothing":                {0, "", nil, 25},
		"credits":                {0, "twelve", 12, 13},
		"own credit":             {-500, "", nil, 20},
		"own credit and credits": {-500, "twelve", 12, 8},
		"more of own credit":     {-1500, "twelve", 10, 0},
		"a debt":                 {300, "", nil, 28},
		"a debt and credits":     {300, "twelve", 9, 16},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			credits(w, "twelve", 12)
			w.Attach("c", "pro_words")
			w.Track("c", "words", 700) // 25.00 of use
			if onBalance(w, "c", tt.own); tt.reward != "" {
				give(w, "c", tt.reward)
			}
			w.Advance("15d")
			shown := w.Post("/v1/billing.preview_update", JSON{"customer_id": "c", "plan_id": "pro_words", "cancel_action": "cancel_immediately", "proration_behavior": "none"})
			w.Want("shown", []any{shown["total"], ValueAt(shown, "invoice_credits.applied")}, []any{25, tt.applied})
			w.Cancel("c", "pro_words", Immediately())
			paid := due(w, "c")
			w.Want("paid", paid[len(paid)-1], tt.due)
		})
	}
}
