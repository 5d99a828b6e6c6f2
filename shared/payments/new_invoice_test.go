package payments_test

import (
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

func TestInvoiceForWhatIsPaidOnce(t *testing.T) {
	t.Parallel()
	two := billing.PriceLine{ItemID: "pr_pack", Quantity: 4}
	pack := billing.Step{Name: "price_pack", Price: &billing.NewPrice{ItemID: "pr_pack", ProductID: "pro", Name: "Pack", Currency: "usd", Amount: money.Int(25)}}
	for name, c := range map[string]struct {
		card   string
		ask    billing.NewInvoice
		status string // of the invoice left behind
		kind   refusal.Kind
	}{
		"paid with the card":        {"pm_card_visa", billing.NewInvoice{}, "paid", ""},
		"the charge fails":          {"pm_card_chargeCustomerFail", billing.NewInvoice{}, "void", refusal.KindDeclined},
		"the card wants the person": {"pm_card_authenticationRequired", billing.NewInvoice{}, "void", refusal.KindDeclined},
		"sent":                      {"", billing.NewInvoice{ByInvoice: true, CollectWithin: 30}, "open", ""},
		"kept as a draft":           {"", billing.NewInvoice{ByInvoice: true, DraftInvoice: true, CollectWithin: 30}, "draft", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, card := w.customer(c.card)
			// Items that wait for the next invoice must not be billed.
			w.must("POST", "/v1/invoiceitems", map[string][]string{"customer": {id}, "amount": {"700"}, "currency": {"usd"}})
			c.ask.Card, c.ask.Lines = card, []billing.PriceLine{setupLine, two}
			r := w.mustTake(billing.Results{CustomerID: id}, setupStep, pack)
			for range 2 {
				got, err := w.take(r, invoiceStep(c.ask))
				if kindOf(err) != c.kind || (got.Invoice == nil) != (c.kind != "") {
					t.Fatalf("got %+v, %v", got.Invoice, err)
				}
				if in := got.Invoice; in != nil && (in.Status != c.status || in.Total != 9900+100 || in.OperationID != "op_1" || in.SubscriptionID != "") {
					t.Errorf("got %+v", in)
				}
			}
			all := w.list("/v1/invoices")
			if len(all) != 1 || all[0].text("status") != c.status {
				t.Errorf("at Stripe: %v", all)
			}
		})
	}
}

// The customer's balance pays first.
func TestInvoicePaidOutOfTheBalance(t *testing.T) {
	t.Parallel()
	for balance, charged := range map[string]int{"-20000": 0, "-900": 1} {
		w := newWorld(t)
		id, card := w.customer("pm_card_visa")
		w.must("POST", "/v1/customers/"+id+"/balance_transactions", map[string][]string{"amount": {balance}, "currency": {"usd"}})
		r := w.mustTake(billing.Results{CustomerID: id}, setupStep, invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, Card: card}))
		if r.Invoice.Status != "paid" || r.Invoice.Total != 9900 || len(w.list("/v1/charges")) != charged {
			t.Errorf("balance %s: %+v, %v", balance, r.Invoice, w.list("/v1/charges"))
		}
	}
}

// If finalizing pays the invoice, Stripe may refuse the charge as too late.
func TestInvoicePaidBeforeItIsCharged(t *testing.T) {
	t.Parallel()
	for status, kind := range map[string]refusal.Kind{"paid": "", "open": refusal.KindInvalid} {
		rec := &recorder{script: func(r request) answer {
			switch r.Method + " " + r.Path {
			case "POST /v1/invoices/in_1/pay":
				return answer{status: 400, body: `{"error":{"type":"invalid_request_error","message":"Invoice is already paid"}}`}
			case "GET /v1/invoices/in_1":
				return answer{status: 200, body: `{"id":"in_1","status":"` + status + `"}`}
			}
			return answer{status: 200, body: `{"id":"in_1","status":"draft"}`}
		}}
		step := invoiceStep(billing.NewInvoice{Card: "pm_1", Lines: []billing.PriceLine{{ItemID: "pr_1", StripeID: "price_1", Quantity: 1}}})
		r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{CustomerID: "cus_1"})
		if kindOf(err) != kind || (r.Invoice != nil) != (kind == "") {
			t.Errorf("%s: %+v, %v", status, r.Invoice, err)
		}
		if voided := rec.last().Path == "/v1/invoices/in_1/void"; voided != (status == "open") {
			t.Errorf("%s: asked %v", status, rec.paths())
		}
	}
}

// A repeated step returns the invoice as it is now, not as it was sent.
func TestInvoicePaidSinceItWasSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	step := invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, ByInvoice: true, CollectWithin: 30})
	r := w.mustTake(billing.Results{CustomerID: id}, setupStep, step)
	w.must("POST", "/v1/invoices/"+r.Invoice.StripeID+"/pay", map[string][]string{"payment_method": {card}})
	if again := w.mustTake(r, step); again.Invoice.Status != "paid" || again.Invoice.StripeID != r.Invoice.StripeID {
		t.Errorf("got %+v", again.Invoice)
	}
}

func TestInvoiceStaysADraftUntilSomebodyIssuesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.customer("")
	r := w.mustTake(billing.Results{CustomerID: id}, setupStep,
		invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, ByInvoice: true, DraftInvoice: true, CollectWithin: 7}))
	if err := w.sim.AdvanceTo(t.Context(), start.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	in, err := w.pay.Invoice(t.Context(), catalog.Sandbox, r.Invoice.StripeID)
	if err != nil || in.Status != "draft" {
		t.Errorf("got %+v, %v", in, err)
	}
}

func TestInvoiceThatCannotBeWrittenLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	step := invoiceStep(billing.NewInvoice{Card: card, Lines: []billing.PriceLine{{ItemID: "pr_x", StripeID: "price_unknown", Quantity: 1}}})
	for range 2 {
		if _, err := w.take(billing.Results{CustomerID: id}, step); kindOf(err) != refusal.KindInvalid {
			t.Errorf("err = %v", err)
		}
	}
	if all := w.list("/v1/invoices"); len(all) > 0 {
		t.Errorf("left behind: %v", all)
	}
}
