package walk

import (
	"encoding/json"
	"fmt"
	"net/url"

	"windfall/tests/world"
)

// fate voids the newest open invoice, or writes it off, as a person would at
// Stripe. What is voided is forgiven, not taken.
func (k *walker) fate(d *deed, v view) {
	d.fault = fault{}
	for _, in := range v.invoices {
		if in.Status != "open" || in.Total <= 0 {
			continue
		}
		action := []string{"void", "mark_uncollectible"}[d.much%2]
		a := k.w.Do(k.w.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/"+action, nil)
		if k.note(d, "%s %s → %d", action, in.ID, a.Status); a.Status == 200 && action == "void" {
			k.forgiven[people[d.who]] += in.Total
		}
		return
	}
}

// sizes of uses; the last is a time in milliseconds.
var sizes = []string{"999999.5", "1000000", "12345678.9", "100000000", "1e9", "10000000000", "1e12", "1e15", "1806500000000"}

// parts of units: each that is begun is billed as a whole one.
var parts = []string{"0.000000001", "0.5", "1.000000001", "99.999999999", "150.25"}

// size uses a large amount, part one that is no whole number.
func (k *walker) size(d *deed, v view) { k.use(d, sizes[d.much%len(sizes)]) }
func (k *walker) part(d *deed, v view) { k.use(d, parts[d.much%len(parts)]) }

func (k *walker) use(d *deed, amount string) {
	feature := []string{"messages", "words"}[d.what%2]
	k.command(k.t, d, "/v1/track", world.JSON{"customer_id": people[d.who], "feature_id": feature, "value": json.Number(amount)})
}

// refund gives a payment back, in part or all of it.
func (k *walker) refund(d *deed, v view) {
	d.fault = fault{}
	for _, in := range v.invoices {
		if in.Status != "paid" || in.PaymentIntent == "" || d.what > 0 && in.ID[len(in.ID)-1] < 'M' {
			continue
		}
		values := url.Values{"payment_intent": {string(in.PaymentIntent)}}
		if d.much%2 == 0 {
			values.Set("amount", fmt.Sprint(500*v.currency.Step()))
		}
		status, _, err := k.w.Stack.Stripe("POST", "/v1/refunds", values)
		if err != nil {
			k.t.Fatal(err)
		}
		k.note(d, "refund of %s → %d", in.ID, status)
		return
	}
}

// dispute has the customer's bank take a payment back, and decide soon.
func (k *walker) dispute(d *deed, v view) {
	d.fault = fault{}
	for _, in := range v.invoices {
		if in.Status != "paid" || in.PaymentIntent == "" || d.what > 0 && in.ID[len(in.ID)-1] < 'M' {
			continue
		}
		a := k.w.Do(k.w.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/dispute", world.JSON{})
		k.note(d, "dispute of %s → %d", in.ID, a.Status)
		if a.Status == 200 && d.much%3 > 0 {
			outcome := []string{"won", "lost"}[d.much%2]
			b := k.w.Do(k.w.Stack.Key, "POST", fmt.Sprint("/_local/disputes/", a.Body["id"], "/close"), world.JSON{"status": outcome})
			k.note(d, "%s → %d", outcome, b.Status)
		}
		return
	}
}
