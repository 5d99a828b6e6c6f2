package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// refund gives some of a customer's last payment back, in cents; 0 is what is left of it.
func refund(w *World, customer string, cents int) { backToCard(w, customer, "refund", cents) }

func backToCard(w *World, customer, how string, cents int) JSON {
	w.Helper()
	all, body := w.Invoices(customer), JSON{}
	if cents > 0 {
		body["amount"] = cents
	}
	return w.Post("/_local/invoices/"+all[len(all)-1].ID+"/"+how, body)
}

// note writes a credit note for a customer's last invoice.
func note(w *World, customer, parts string) {
	w.Helper()
	all := w.Invoices(customer)
	w.CallStripe("POST", "/v1/credit_notes", "invoice="+all[len(all)-1].ID+parts)
	w.WaitIdle()
}

// onBalance has staff put money on a customer's balance at Stripe, in cents: below 0 is credit.
func onBalance(w *World, customer string, cents int) {
	w.Helper()
	w.CallStripe("POST", "/v1/customers/"+w.StripeID(customer)+"/balance_transactions", fmt.Sprint("currency=usd&amount=", cents))
}

// 500 messages cost 18.00, and 100 come with the free plan. Credits come back with the card's
// payment, so that all units go with all of it. The customer's own credit does not, so that
// the units that it paid stay.
func TestRWD41ARefundOfUnitsThatCreditsHelpedToPay(t *testing.T) {
	none := func(*World) {}
	five := func(w *World) { give(w, "c", "five") }
	three := func(w *World) { onBalance(w, "c", -300) }
	of := func(cents ...int) func(w *World) {
		return func(w *World) {
			for _, some := range cents {
				refund(w, "c", some)
			}
		}
	}
	noted := func(parts string) func(w *World) { return func(w *World) { note(w, "c", parts) } }
	disputed := func(cents int, ends string) func(w *World) {
		return func(w *World) {
			id := backToCard(w, "c", "dispute", cents)["id"].(string)
			if ends != "" {
				w.Post("/_local/disputes/"+id+"/close", JSON{"status": ends})
			}
		}
	}
	for name, tt := range map[string]struct {
		has     func(w *World)
		with    string // a reward of the purchase
		happen  func(w *World)
		charged float64 // of the card
		units   float64
		credits float64
		balance float64 // at Stripe, in cents
	}{
		"credits, all":                           {five, "", of(0), 13, 100, 5, -500},
		"credits, half":                          {five, "", of(650), 13, 350, 2.5, -250},
		"credits, a cent":                        {five, "", of(1), 13, 600, 0, 0},
		"credits, a part":                        {five, "", of(400), 13, 447, 1.53, -153},
		"credits, in two parts":                  {five, "", of(400, 900), 13, 100, 5, -500},
		"credits, in three parts":                {five, "", of(400, 250, 1), 13, 350, 2.5, -250},
		"credits, disputed":                      {five, "", disputed(0, ""), 13, 100, 5, -500},
		"credits, disputed in part":              {five, "", disputed(650, ""), 13, 350, 2.5, -250},
		"credits, disputed and won":              {five, "", disputed(0, "won"), 13, 600, 0, 0},
		"credits, disputed and lost":             {five, "", disputed(0, "lost"), 13, 100, 5, -500},
		"credits, refunded and disputed":         {five, "", func(w *World) { of(650)(w); disputed(650, "")(w) }, 13, 100, 5, -500},
		"two grants":                             {func(w *World) { five(w); give(w, "c", "seven") }, "", of(300), 6, 350, 6, -600},
		"with the purchase, all":                 {none, "five", of(0), 13, 100, 5, -500},
		"with the purchase, half":                {none, "five", of(650), 13, 350, 2.5, -250},
		"on the balance and with it":             {func(w *World) { give(w, "c", "seven") }, "five", of(0), 6, 100, 12, -1200},
		"own credit":                             {three, "", of(0), 15, 184, 0, 0},
		"own credit and credits":                 {func(w *World) { three(w); five(w) }, "", of(0), 10, 216, 5, -500},
		"own credit, and credits of it":          {three, "five", of(0), 10, 216, 5, -500},
		"a note for all":                         {five, "", noted("&amount=1800&refund_amount=1300&credit_amount=500"), 13, 100, 0, -500},
		"a note for half":                        {five, "", noted("&amount=900&refund_amount=650&credit_amount=250"), 13, 350, 0, -250},
		"a note for what the card paid":          {five, "", noted("&amount=1300&refund_amount=1300"), 13, 239, 0, 0},
		"a note for what own credit paid, too":   {three, "", noted("&amount=1800&refund_amount=1500&credit_amount=300"), 15, 100, 0, -300},
		"a note for all that was for the card":   {none, "five", noted("&amount=1300&refund_amount=1300"), 13, 100, 0, 0},
		"all by credits: there is no charge":     {func(w *World) { give(w, "c", "twenty") }, "", none, 0, 600, 2, -200},
		"all by credits of it: there is nothing": {none, "twenty", none, 0, 600, 2, -200},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			for id, value := range map[string]float64{"five": 5, "seven": 7, "twenty": 20} {
				credits(w, id, value)
			}
			tt.has(w)
			ask := Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("messages", 500))
			if tt.with != "" {
				ask["reward"] = tt.with
			}
			w.Post("/v1/attach", ask)
			w.Want("charged", due(w, "c"), []float64{tt.charged})
			if charge := w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[0].ID, "")["charge"]; (charge != nil) != (tt.charged > 0) {
				t.Errorf("charge %v", charge)
			}
			tt.happen(w)
			w.Redeliver("charge.refunded", "charge.dispute.created", "invoice.paid")
			w.Want("credits", left(w, "c"), tt.credits)
			w.Want("the balance at Stripe", balance(w, "c"), tt.balance)
			w.HasBalance("c", "messages", true, tt.units)
		})
	}
}

// What is bought for an entity is refunded by the same rule, and what is used stays used.
func TestRWD41UsedUnitsAndThoseOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("team", "team", Seats("seats", 2, 10, "prorate_immediately", "none"))
	w.CustomerWithCard("c", "team")
	w.Seat("c", "s")
	credits(w, "five", 5)
	give(w, "c", "five")
	w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup", "entity_id": "s"}, Quantity("messages", 500)))
	w.Post("/v1/track", JSON{"customer_id": "c", "entity_id": "s", "feature_id": "messages", "value": 120})
	w.Want("500, and 100 of all, less 120", w.Check("c", "messages", Of("s"))["balance"], 480.0)
	refund(w, "c", 650)
	w.Want("half: 250", w.Check("c", "messages", Of("s"))["balance"], 230.0)
	refund(w, "c", 0)
	w.Want("all that is unused: 130", w.Check("c", "messages", Of("s"))["balance"], 100.0)
	w.Want("credits", left(w, "c"), 5.0)
}

// What a credit note took off an open invoice was not paid: it is no part of what goes back.
func TestRWD41ANoteBeforeThePayment(t *testing.T) {
	for name, tt := range map[string]struct {
		cents   int
		note    string
		units   float64
		credits float64
	}{
		"all":                  {0, "", 100, 5},
		"half":                 {500, "", 350, 2.5},
		"a note for all of it": {0, "&amount=1500&refund_amount=1000&credit_amount=500", 100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			w.CustomerWithEmailAndCard("c")
			credits(w, "five", 5)
			give(w, "c", "five")
			w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup", "invoice": true}, Quantity("messages", 500)))
			note(w, "c", "&amount=300")
			w.Post("/_local/invoices/"+w.Invoices("c")[0].ID+"/pay", nil)
			if tt.note != "" {
				note(w, "c", tt.note)
			} else {
				refund(w, "c", tt.cents)
			}
			w.HasBalance("c", "messages", true, tt.units)
			w.Want("credits", left(w, "c"), tt.credits)
		})
	}
}
