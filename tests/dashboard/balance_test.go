package dashboard_test

import (
	"fmt"
	"net/http"
	"testing"

	. "windfall/tests/world"
)

// owes has staff put money on a customer's balance at Stripe, in cents: below 0 is credit.
func owes(w *World, customer string, cents int) {
	w.Helper()
	w.CallStripe("POST", "/v1/customers/"+w.StripeID(customer)+"/balance_transactions", fmt.Sprint("currency=usd&amount=", cents))
}

// What the customer's balance at Stripe pays is a line of the preview, and the card is
// charged the rest. A balance that changes before the confirmation is shown again.
func TestRWD43TheDashboardKnowsTheBalance(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.PutGoodCard("ada")
	owes(w, "ada", -700)
	p := preview(b, "ada", "pro", "Charge the card on file")
	w.Want("credit", p.Row("Charge today", "Balance at Stripe")["Amount"], "−$7.00")
	w.Want("total", p.Row("Charge today", "Total today")["Amount"], "$13.00")
	p.Says("pro is enabled at once, and the card on file is charged $13.00.")
	owes(w, "ada", 1000) // 3.00 of debt
	p = p.Press("Enable pro and charge $13.00").Refused(http.StatusConflict, "Something changed since this preview. Nothing was done. Please look again.")
	w.Want("debt", p.Row("Charge today", "Balance at Stripe")["Amount"], "$3.00")
	p.Press("Enable pro and charge $23.00").Said("pro enabled.")
	w.Want("the card is charged", charged(w, "ada"), []float64{23})
}
