package payments_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// What is paid of an invoice of 50.00, and what is due.
func TestWhatIsPaidOfAnInvoice(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		invoice   string
		paid, due money.Amount
		collected bool
	}{
		"a draft":                          {`"status":"draft","amount_remaining":5000,"collection_method":"send_invoice","auto_advance":true`, 0, 5000, false},
		"a draft that is held":             {`"status":"draft","amount_remaining":5000,"collection_method":"charge_automatically"`, 0, 5000, false},
		"a draft that Stripe collects":     {`"status":"draft","amount_remaining":5000,"collection_method":"charge_automatically","auto_advance":true`, 0, 5000, true},
		"open":                             {`"status":"open","amount_remaining":5000`, 0, 5000, false},
		"open, partly paid from a balance": {`"status":"open","amount_remaining":3000`, 2000, 3000, false},
		"open, with a debt of before":      {`"status":"open","amount_remaining":7000`, 0, 5000, false},
		"open, less a credit note":         {`"status":"open","amount_remaining":3000,"pre_payment_credit_notes_amount":2000`, 0, 3000, false},
		"void":                             {`"status":"void","amount_remaining":5000`, 0, 0, false},
		"written off":                      {`"status":"uncollectible","amount_remaining":5000`, 0, 0, false},
		"written off, partly paid":         {`"status":"uncollectible","amount_remaining":3000`, 2000, 0, false},
		"paid":                             {`"status":"paid"`, 5000, 0, false},
		"paid, less a credit note":         {`"status":"paid","pre_payment_credit_notes_amount":2000`, 3000, 0, false},
		"paid, and refunded":               {`"status":"paid","charge":{"id":"ch_1","amount":5000,"amount_refunded":5000}`, 0, 0, false},
		"paid, refunded by a credit note":  {`"status":"paid","post_payment_credit_notes_amount":2000,"charge":{"id":"ch_1","amount":5000,"amount_refunded":2000}`, 3000, 0, false},
		"paid, and credited to a balance":  {`"status":"paid","post_payment_credit_notes_amount":2000,"charge":{"id":"ch_1","amount":5000}`, 3000, 0, false},
		"paid, and disputed":               {`"status":"paid","charge":{"id":"ch_1","amount":5000,"disputed":true}`, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := &recorder{script: func(request) answer {
				return answer{status: 200, body: `{"object":"list","data":[{"id":"in_1","object":"invoice","total":5000,` + tt.invoice + `}]}`}
			}}
			billed, err := over(rec).Billed(t.Context(), catalog.Sandbox, "cus_1", "usd", start, start)
			got := billed.Invoices
			if err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			if in := got[0]; in.Total != 5000 || in.Paid != tt.paid || in.Due != tt.due || in.Collected != tt.collected {
				t.Errorf("got %+v", in)
			}
		})
	}
}

// The oldest comes first, with all of its lines: Stripe lists some of them only.
func TestBilledInvoicesWithMoreLinesThanStripeLists(t *testing.T) {
	t.Parallel()
	line := func(item string) string {
		return fmt.Sprintf(`{"id":"il_%s","amount":100,"metadata":{"item_id":%q}}`, item, item)
	}
	rec := &recorder{script: func(r request) answer {
		if strings.HasSuffix(r.Path, "/lines") {
			return answer{status: 200, body: `{"object":"list","data":[` + line("a") + `,` + line("b") + `]}`}
		}
		return answer{status: 200, body: `{"object":"list","data":[{"id":"in_2","created":2,"lines":{"data":[` + line("c") + `]}},
			{"id":"in_1","created":1,"lines":{"has_more":true,"data":[` + line("a") + `]}}]}`}
	}}
	billed, err := over(rec).Billed(t.Context(), catalog.Sandbox, "cus_1", "usd", start, start)
	got := billed.Invoices
	if err != nil || len(got) != 2 || len(got[0].Lines) != 2 || got[0].Lines[1].ItemID != "b" || got[1].Lines[0].ItemID != "c" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// A discount that still runs is in Stripe's own credit; one that is over is not.
func TestTheDiscountOfABilledLine(t *testing.T) {
	t.Parallel()
	for duration, want := range map[string][2]money.Amount{"once": {2000, 1000}, "forever": {1000, 0}} {
		w := newWorld(t)
		id, card := w.customer("pm_card_visa")
		w.must("POST", "/v1/coupons", url.Values{"id": {"half"}, "percent_off": {"50"}, "duration": {duration}})
		w.must("POST", "/v1/customers/"+id, url.Values{"coupon": {"half"}})
		w.mustTake(billing.Results{CustomerID: id}, baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}))
		billed, err := w.pay.Billed(t.Context(), catalog.Sandbox, id, "usd", start, start)
		got := billed.Invoices
		if err != nil || len(got) != 1 || len(got[0].Lines) != 1 {
			t.Fatal(got, err)
		}
		in := got[0]
		if l := in.Lines[0]; in.Paid != 1000 || l.Amount != want[0] || l.Off != want[1] || l.ItemID != "pr_base" || l.SubscriptionID == "" || l.Period != month {
			t.Errorf("%s: got %+v", duration, in)
		}
	}
}
