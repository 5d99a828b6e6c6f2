package chaos

import (
	"net/http"
	"net/url"

	. "windfall/tests/world"
)

// toppedUp prepares a customer who has used a part of what they bought.
func toppedUp(w *World) {
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Track("c", "messages", 140)
}

// takeBack has staff refund, or the bank dispute, a part of the last payment. It
// waits for no event.
func takeBack(how string, cents int) func(w *World) {
	return func(w *World) {
		w.Helper()
		all := w.Invoices("c")
		a := w.Do(w.Stack.Key, "POST", "/_local/invoices/"+all[len(all)-1].ID+"/"+how, JSON{"amount": cents})
		if a.Status != http.StatusOK {
			w.Errorf("%s: %d %s", how, a.Status, a.Text)
		}
	}
}

func disputeAnd(status string) func(w *World) {
	return func(w *World) { takeBack("dispute", 900)(w); closeDisputes(status)(w) }
}

// closeDisputes has the bank decide.
func closeDisputes(status string) func(w *World) {
	return func(w *World) {
		w.Helper()
		_, text, err := w.Stack.Stripe("GET", "/v1/disputes", url.Values{})
		if err != nil {
			w.Fatal(err)
		}
		for _, d := range ParseJSON(w.T, text)["data"].([]any) {
			w.Do(w.Stack.Key, "POST", "/_local/disputes/"+ValueAt(d, "id").(string)+"/close", JSON{"status": status})
		}
	}
}

// happened prepares a customer, and lets something happen whose events are on
// the way.
func happened(before, then func(w *World)) func(w *World) {
	return func(w *World) {
		before(w)
		hold(w)
		then(w)
	}
}

func disputeEnds(w *World) { w.Call("PATCH", "/v1/settings", JSON{"dispute_ends_access": true}) }
