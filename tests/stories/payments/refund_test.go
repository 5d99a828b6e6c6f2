package payments

import (
	"testing"

	. "windfall/tests/world"
)

// refunded gives the last payment of a customer back; 0 is all of it.
func refunded(w *World, customer string, cents int) {
	w.Helper()
	takenBack(w, customer, "refund", cents)
}

// disputed has the bank take the last payment back, and returns the dispute.
func disputed(w *World, customer string, cents int) string {
	w.Helper()
	return takenBack(w, customer, "dispute", cents)["id"].(string)
}

func takenBack(w *World, customer, how string, cents int) JSON {
	w.Helper()
	all := w.Invoices(customer)
	body := JSON{}
	if cents > 0 {
		body["amount"] = cents
	}
	return w.Post("/_local/invoices/"+all[len(all)-1].ID+"/"+how, body)
}

func decided(w *World, dispute, status string) {
	w.Helper()
	w.Post("/_local/disputes/"+dispute+"/close", JSON{"status": status})
}

// entries lists the rules of a customer's history about payments, oldest first.
func entries(w *World, customer string) []string {
	w.Helper()
	out := []string{}
	for _, e := range w.Get("/v1/customers/" + customer + "/audit")["list"].([]any) {
		if ValueAt(e, "action") == "payment" {
			out = append([]string{ValueAt(e, "rule").(string)}, out...)
		}
	}
	return out
}

// Units of a top-up are taken back with the money, as far as they are unused;
// parts of a unit stay.
func TestATopUpIsTakenBackWithItsPayment(t *testing.T) {
	t.Parallel()
	const all = 0
	for name, tt := range map[string]struct {
		used   int
		happen func(w *World)
		left   any // of the 250 that were bought for 9.00
		rules  []string
	}{
		"refunded in full, unused":        {0, func(w *World) { refunded(w, "c", all) }, 0, []string{"payment_refunded"}},
		"refunded in full, partly used":   {40, func(w *World) { refunded(w, "c", all) }, 0, []string{"payment_refunded"}},
		"refunded in part, unused":        {0, func(w *World) { refunded(w, "c", 450) }, 125, []string{"payment_refunded"}},
		"a third, rounded down":           {0, func(w *World) { refunded(w, "c", 300) }, 167, []string{"payment_refunded"}},
		"a cent is less than a unit":      {0, func(w *World) { refunded(w, "c", 1) }, 250, []string{"payment_refunded"}},
		"refunded in part, mostly used":   {200, func(w *World) { refunded(w, "c", 450) }, 0, []string{"payment_refunded"}},
		"refunded in part, used in part":  {100, func(w *World) { refunded(w, "c", 450) }, 25, []string{"payment_refunded"}},
		"refunded in two parts":           {0, func(w *World) { refunded(w, "c", 300); refunded(w, "c", all) }, 0, []string{"payment_refunded", "payment_refunded"}},
		"disputed":                        {0, func(w *World) { disputed(w, "c", all) }, 0, []string{"payment_disputed"}},
		"disputed in part":                {0, func(w *World) { disputed(w, "c", 450) }, 125, []string{"payment_disputed"}},
		"disputed, used before, and won":  {100, func(w *World) { decided(w, disputed(w, "c", all), "won") }, 150, []string{"payment_disputed", "payment_restored"}},
		"disputed and lost":               {100, func(w *World) { decided(w, disputed(w, "c", all), "lost") }, 0, []string{"payment_disputed"}},
		"refunded in part, then disputed": {0, func(w *World) { refunded(w, "c", 450); disputed(w, "c", 450) }, 0, []string{"payment_refunded", "payment_disputed"}},
		"won, and refunded after all":     {0, func(w *World) { decided(w, disputed(w, "c", all), "won"); refunded(w, "c", all) }, 0, []string{"payment_disputed", "payment_restored", "payment_refunded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &MetricLog{}
			w := heard.World(t)
			w.Feature("messages", "single_use")
			w.Product("pack", "", Prepaid("messages", 9, 250, "")).AddOn()
			w.CustomerWithCard("c")
			w.Attach("c", "pack", Quantity("messages", 250))
			if tt.used > 0 {
				w.Track("c", "messages", tt.used)
			}
			tt.happen(w)
			w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), tt.left)
			w.Want("history", entries(w, "c"), tt.rules)
			table := w.Stack.Tables()
			w.Redeliver("charge.refunded", "charge.dispute.closed", "charge.dispute.created")
			w.Unchanged(table, w.Stack.Objects())
			alarms := 0
			for _, rule := range tt.rules {
				if rule != "payment_restored" {
					alarms++
				}
			}
			w.Want("alarms", heard.Sum("PaymentReturned"), alarms)
			w.HasProducts("c", "pack active")
		})
	}
}
