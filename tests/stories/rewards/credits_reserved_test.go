package rewards

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// inDraftHour comes to the draft hour of a renewal that credits pay a part of.
func inDraftHour(w *World, product string) {
	w.Helper()
	creditsFor(w, "fifty", 50, product)
	w.Attach("c", product)
	give(w, "c", "fifty")
	if product == "pro_words" {
		w.Track("c", "words", 300) // 5.00
	}
	w.AdvanceTo(T1.Add(30 * time.Minute))
	if before := left(w, "c"); before > 30 {
		w.Fatalf("nothing is reserved for the draft: %v left", before)
	}
}

// What is reserved for a draft that nobody issues any more is the customer's again: their
// subscription ended with them at Stripe.
func TestCreditsForADraftOfACustomerDeletedAtStripe(t *testing.T) {
	t.Parallel()
	for _, product := range []string{"g1_pro", "pro_words"} {
		for when, then := range map[string]func(w *World){
			"heard of at once": func(w *World) { w.WaitIdle() },
			"heard of late":    func(w *World) { w.Advance("3d"); w.Post("/_local/delivery", JSON{"mode": "immediate"}) },
			"never heard of":   func(w *World) { w.AdvanceTo(T2.Add(24 * time.Hour)) },
		} {
			t.Run(product+", "+when, func(t *testing.T) {
				w := worldOfPurchases(t, "c")
				inDraftHour(w, product)
				if when != "heard of at once" {
					w.Post("/_local/delivery", JSON{"mode": "hold"})
				}
				w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
				then(w)
				w.Advance("2h")
				w.Want("left", left(w, "c"), 50.0)
			})
		}
	}
}

// The next Stripe customer's invoices are paid by what came back.
func TestCreditsForADraftGoOnWithTheNextStripeCustomer(t *testing.T) {
	w := worldOfPurchases(t, "c")
	inDraftHour(w, "g1_pro")
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
	w.WaitIdle()
	w.Pay(w.Attach("c", "g1_pro")["checkout_url"].(string))
	w.Advance("1d")
	w.AdvancePastRenewal(T2.Add(time.Hour))
	w.Want("due", due(w, "c"), []float64{30, 0})
	w.Want("left", left(w, "c"), 20.0)
}

// An invoice of a Stripe customer who was deleted is booked and given back, too.
func TestCreditsOfAnInvoiceOfAFormerStripeCustomer(t *testing.T) {
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	creditsFor(w, "twelve", 12, "g1_pro")
	w.Attach("c", "g1_pro", JSON{"invoice": true})
	give(w, "c", "twelve")
	w.AdvancePastRenewal(T1)
	w.Want("before", left(w, "c"), 0.0)
	invoices := w.Invoices("c")
	former := invoices[len(invoices)-1].ID
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
	w.WaitIdle()
	w.Attach("c", "pro") // another one at Stripe
	w.CallStripe("POST", "/v1/invoices/"+former+"/void", "")
	w.WaitIdle()
	w.Want("left", left(w, "c"), 12.0)
}

// unsaved keeps the effect of events of invoices from being saved, while it is armed.
type unsaved struct {
	http.RoundTripper
	armed *bool
}

func (u unsaved) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil || *u.armed && strings.Contains(string(body), "EVENT#") && strings.HasSuffix(r.Header.Get("X-Amz-Target"), "TransactWriteItems") {
		return nil, errors.Join(err, errors.New("connection refused"))
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return u.RoundTripper.RoundTrip(r)
}

// Use is put on a renewal whose event can't be saved for days. Billed on an invoice of
// its own then, as the subscription ends, or a later renewal was missed, it is found on
// the renewal: nothing stays reserved for it.
func TestCreditsForUseThatIsFoundOnARenewal(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(w *World){
		"the product is canceled": func(w *World) { w.Cancel("c", "pro_words", Immediately()) },
		"staff end it": func(w *World) {
			w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "")
			w.Redeliver("customer.subscription.deleted")
		},
		"the next renewal is missed, too": func(w *World) {
			w.AdvanceTo(T2.AddDate(0, 0, 2))
			w.Redeliver("invoice.created")
		},
	} {
		t.Run(name, func(t *testing.T) {
			armed := false
			w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: func(to http.RoundTripper) http.RoundTripper { return unsaved{to, &armed} }}})
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			wordCredits(w, "fifty", 50)
			w.Attach("c", "pro_words")
			give(w, "c", "fifty")
			w.Track("c", "words", 300) // 5.00
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			armed = true
			w.AdvanceTo(T1.Add(time.Minute))
			w.Redeliver("invoice.created")
			w.AdvanceTo(T1.AddDate(0, 0, 4))
			armed = false
			then(w)
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.Advance("2d")
			w.NothingUnbilled("c")
			paid := 0.0
			for _, in := range w.Invoices("c") {
				for _, line := range ValueAt(w.CallStripe("GET", "/v1/invoices/"+in.ID, ""), "lines.data").([]any) {
					if ValueAt(line, "metadata.credit_grant") != nil {
						paid -= ValueAt(line, "amount").(float64) / 100
					}
				}
			}
			w.Want("left", left(w, "c"), 50-paid)
		})
	}
}

// reads counts how often an invoice is read at Stripe.
type reads struct {
	http.RoundTripper
	of *string
	n  *int
}

func (c reads) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == "GET" && *c.of != "" && strings.HasSuffix(r.URL.Path, "/invoices/"+*c.of) {
		*c.n++
	}
	return c.RoundTripper.RoundTrip(r)
}

// An event that bills use on an invoice of its own, paid by credits, and books other
// credits, too, is decided once.
func TestAnEventThatPaysUseByCreditsIsDecidedOnce(t *testing.T) {
	t.Parallel()
	of, n := "", 0
	w := With(t, stack.Options{Faults: stack.Faults{Stripe: func(to http.RoundTripper) http.RoundTripper { return reads{to, &of, &n} }}})
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	wordCredits(w, "four", 4)
	credits(w, "all", 15)
	w.Attach("c", "pro_words")
	give(w, "c", "four")
	give(w, "c", "all")
	w.Track("c", "words", 300) // 5.00
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(T1.AddDate(0, 0, 3))
	w.Track("c", "words", 1) // closes the use of the period before
	w.AdvanceTo(T2.AddDate(0, 0, 3))
	list := w.Invoices("c")
	of = list[len(list)-1].ID
	last := ""
	for _, e := range w.Stack.Sim.Events() {
		if e.Type == "invoice.created" {
			last = e.ID
		}
	}
	w.Post("/_local/events/deliver", JSON{"ids": []string{last}})
	w.Want("read", n, 1)
	of = ""
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("1d")
	w.NothingUnbilled("c")
	w.Want("left", left(w, "c"), 0.0)
}
