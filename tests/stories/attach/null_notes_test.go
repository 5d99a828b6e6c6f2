package attach

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// A note that is null is none: a purchase makes none of it, and a change takes it off the subscription.
func TestATT21ANoteThatIsNull(t *testing.T) {
	t.Parallel()
	for name, attach := range map[string]func(w *World, product string, notes JSON){
		"first dialect": func(w *World, product string, notes JSON) { w.Attach("c", product, notes) },
		"second dialect": func(w *World, product string, notes JSON) {
			w.Post("/v1/billing.attach", Merge(JSON{"customer_id": "c", "plan_id": product}, notes))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			attach(w, "pro", JSON{"metadata": JSON{"order": nil, "campaign": "june"}})
			notes := func() []any {
				m := onSubscription(w)
				return []any{ValueAt(m, "order"), ValueAt(m, "campaign")}
			}
			w.Want("begun", notes(), []any{nil, "june"})
			attach(w, "premium", JSON{"metadata": JSON{"order": "A-2"}})
			w.Want("changed", notes(), []any{"A-2", "june"})
			attach(w, "ultra", JSON{"metadata": JSON{"order": nil}})
			w.Want("taken off", notes(), []any{nil, "june"})
		})
	}
}

// On a page, too, and on the invoice of what is paid once.
func TestATT21ANoteThatIsNullOnAPage(t *testing.T) {
	t.Parallel()
	for product, at := range map[string]func(w *World) any{"pro_prepaid": onSubscription, "topup": onInvoice} {
		w := New(t)
		w.PlanChangeCatalog()
		w.Post("/v1/customers", JSON{"id": "c"})
		a := w.Attach("c", product, Quantity("messages", 250), JSON{"metadata": JSON{"order": nil, "campaign": "june"}})
		w.Pay(a["checkout_url"].(string))
		m := at(w)
		w.Want(fmt.Sprint("notes of ", product), []any{ValueAt(m, "order"), ValueAt(m, "campaign")}, []any{nil, "june"})
	}
}
