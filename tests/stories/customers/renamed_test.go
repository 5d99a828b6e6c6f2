package customers

import (
	"testing"

	. "windfall/tests/world"
)

// A subscription keeps the number of the last command that changed it, and leaves what comes
// with a lower one alone. Under another id a customer goes on counting.
func TestCUSCommandsAfterAnotherID(t *testing.T) {
	t.Parallel()
	at := func(w *World) func(field string) any { // of the customer's one subscription at Stripe
		subscriptions := ValueAt(w.CallStripe("GET", "/v1/subscriptions?status=all&customer="+w.StripeID("d"), ""), "data").([]any)
		w.Want("subscriptions", len(subscriptions), 1)
		return func(field string) any { return ValueAt(subscriptions[0], field) }
	}
	commands := map[string]func(*World){
		"ends now": func(w *World) {
			w.Cancel("d", "premium", JSON{"cancel_immediately": true})
			w.Want("status", at(w)("status"), "canceled")
			w.Billed("d", 2000, 3000)
		},
		"ends later": func(w *World) {
			w.Cancel("d", "premium")
			w.Want("ends", at(w)("cancel_at_period_end"), true)
		},
		"costs more": func(w *World) {
			w.Attach("d", "top")
			w.Billed("d", 2000, 3000, 45000)
		},
		"costs less later": func(w *World) {
			w.Attach("d", "pro")
			w.AdvanceTo(T0.AddDate(0, 1, 1))
			w.Billed("d", 2000, 3000, 2000)
		},
	}
	names := map[string][]string{"another": {"d"}, "several": {"e", "f", "d"}, "back": {"d", "c", "d"}}
	for command, run := range commands {
		for name, ids := range names {
			t.Run(command+", "+name, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.StandardCatalog()
				w.Product("top", "main", Price(500))
				w.CustomerWithCard("c", "pro")
				w.Attach("c", "premium")
				id := "c"
				for _, next := range ids {
					w.Post("/v1/customers/"+id, JSON{"id": next})
					id = next
				}
				if name == "another" { // the old id is somebody else's by then
					w.CustomerWithCard("c", "pro")
				}
				run(w)
			})
		}
	}
}
