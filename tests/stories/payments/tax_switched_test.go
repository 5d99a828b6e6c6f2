package payments

import (
	"testing"

	. "windfall/tests/world"
)

// What is given back for the time left has the tax that the invoice of the change has,
// as Stripe has it, and not what was paid: the preview says which that is.
func TestTAX14ATaxThatAChangeSwitches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		behavior string
		first    bool
		want     []int64
		taxes    []any
	}{
		{"off, on top", "exclusive", true, []int64{11900, 10000}, []any{1900, nil}},
		{"on, on top", "exclusive", false, []int64{10000, 11900}, []any{nil, 1900}},
		{"off, contained", "inclusive", true, []int64{10000, 10000}, []any{1597, nil}},
		{"on, contained", "inclusive", false, []int64{10000, 10000}, []any{nil, 1596}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			fee := func(amount float64) JSON {
				return Merge(Every("year", Price(amount)), JSON{"tax_behavior": tt.behavior})
			}
			w.Product("one", "main", fee(100))
			w.Product("two", "main", fee(200))
			taxpayer(w, "c")
			w.Attach("c", "one", JSON{"automatic_tax": tt.first})
			ask := JSON{"customer_id": "c", "product_id": "two", "automatic_tax": !tt.first}
			preview := w.Post("/v1/attach/preview", ask)
			w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["automatic_tax"] == true}, []any{100, !tt.first})
			w.Post("/v1/attach", ask)
			w.Billed("c", tt.want...)
			taxes(w, "c", tt.taxes...)
			w.Advance("1d")
			w.HasProducts("c", "two active")
		})
	}
}

// Without a word about it a change keeps the tax of the subscription: both have it.
func TestTAX14ATaxThatNoChangeSwitches(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("one", "main", Every("year", Price(100)))
	w.Product("two", "main", Every("year", Price(200)))
	taxpayer(w, "c")
	w.Attach("c", "one", JSON{"automatic_tax": true})
	w.Attach("c", "two")
	w.Billed("c", 11900, 11900)
	w.Cancel("c", "two", Immediately(), JSON{"prorate": true})
	w.Billed("c", 11900, 11900, -23800)
}
