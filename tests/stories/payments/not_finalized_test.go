package payments

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Products that one subscription carries together may come to more than an
// invoice takes. Stripe leaves the renewal a draft then; a person is told, once,
// and divides it. Everything else goes on.
func TestARenewalThatStripeCannotFinalizeIsTold(t *testing.T) {
	t.Parallel()
	heard := &MetricLog{}
	w := heard.World(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	id := w.AtStripe("c")["customer"].(JSON)["id"].(string)
	item := w.CallStripe("POST", "/v1/invoiceitems", "customer="+id+"&subscription="+w.FirstSubscription("c")+"&amount=99999999&currency=usd")["id"].(string)
	w.Track("c", "messages", 150)
	w.AdvancePastRenewal(T1)
	got := w.Invoices("c")
	if len(got) != 3 || got[1].Status != "draft" || got[2].Status != "paid" || got[2].Total != 500 {
		t.Fatalf("invoices %v", got)
	}
	told := notBilled(w, "c")
	if len(told) != 1 || !strings.Contains(told[0], "1000019.99") || heard.Sum("AmountNotBilled") != 1 {
		t.Errorf("told %q, counted %v", told, heard.Sum("AmountNotBilled"))
	}
	w.Redeliver("invoice.finalization_failed")
	w.Want("told again", len(notBilled(w, "c")), 1)
	w.HasProducts("c", "pro_use active")
	w.HasBalance("c", "messages", true, 100)
	w.Attach("c", "premium")
	w.CallStripe("POST", "/v1/invoiceitems/"+item, "amount=100")
	w.Post("/_local/invoices/"+got[1].ID+"/pay", nil)
	w.Want("divided", []any{w.Invoices("c")[1].Status, w.Invoices("c")[1].Total}, []any{"paid", 2100})
}
