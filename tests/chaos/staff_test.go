package chaos

import (
	"testing"

	. "windfall/tests/world"
)

// changes that staff make at Stripe, up to the next billing day.
var changes = []history{
	{"webhook", "staff begin the period anew, and the next", overdrawn, staff(func(w *World) JSON { return JSON{"billing_cycle_anchor": "now"} })},
	{"webhook", "staff give a trial, and its end", held("pro"), staff(func(w *World) JSON { return JSON{"trial_end": theRenewal.AddDate(0, 0, -5).Unix()} })},
	{"webhook", "staff set an end, and its day", held("pro"), staff(func(w *World) JSON { return JSON{"cancel_at": theRenewal.AddDate(0, 0, -5).Unix()} })},
	{"webhook", "staff move an end, and its day", held("pro", "free"), staff(func(w *World) JSON { return JSON{"cancel_at": theRenewal.AddDate(0, 0, -5).Unix()} })},
	{"webhook", "staff pause the collection, and a renewal", held("pro"), staff(func(w *World) JSON { return JSON{"pause_collection": JSON{"behavior": "void"}} })},
	{"webhook", "staff put another product's price, and the renewal", sold("premium", "pro"), staff(anotherPrice)},
	{"webhook", "staff put it while a downgrade waits, and its day", sold("ultra", "premium", "pro"), staff(anotherPrice)},
}

// TestChangesAtStripeInAnyOrderEndTheSame delivers the events of changes by staff
// in every order, once and twice over. What is told late begins late, so there is
// nothing here to be compared with a delivery at once.
func TestChangesAtStripeInAnyOrderEndTheSame(t *testing.T) {
	t.Parallel()
	for _, h := range changes {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w, _ := flow{prepare: h.prepare}.open(t)
			w.AllowInvoiceMismatch() // a renewal may be told before the price on it
			let(w)
			h.late(w)
		})
	}
}

// staff change the customer's subscription at Stripe, without proration; then
// its billing day comes.
func staff(change func(w *World) JSON) func(*World) {
	return func(w *World) {
		id := ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string)
		w.Post("/_local/subscriptions/"+id, Merge(JSON{"proration_behavior": "none"}, change(w)))
		toRenewal(w)
	}
}

// sold has another customer buy a product, so that Stripe knows its price, and
// this one others.
func sold(product string, others ...string) func(*World) {
	return func(w *World) {
		w.CustomerWithCard("other", product)
		held(others...)(w)
	}
}

// anotherPrice is the other customer's, in place of the present one.
func anotherPrice(w *World) JSON {
	item := ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
	price := ValueAt(w.AtStripe("other"), "subscriptions.0.items.data.0.price.id")
	return JSON{"items": []JSON{{"id": item, "price": price}}}
}
