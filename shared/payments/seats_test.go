package payments_test

import (
	"testing"
	"time"

	"windfall/shared/billing"
)

// seatSteps bill $6 of seats on the present card on file.
var seatSteps = []billing.Step{seatsStep, invoiceStep(billing.NewInvoice{Currency: "usd", OnFile: true, CollectWithin: 30,
	Usage: []billing.NewUsage{{Name: "seats_op_1_0", ItemID: "pr_seats", Period: month, Amount: 600, Currency: "usd", Since: start, Description: "Pro: seats"}}})}

// An invoice for seats is collected at once. A declined card is no error: the
// invoice stays open, and Stripe retries. A customer without a card is sent the
// invoice.
func TestSeatsAreCollectedAtOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ card, status, method string }{
		"a good card":    {"pm_card_visa", "paid", "charge_automatically"},
		"a refused card": {"pm_card_chargeCustomerFail", "open", "charge_automatically"},
		"no card":        {"", "open", "send_invoice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, _ := w.customer(tt.card)
			w.mustTake(billing.Results{CustomerID: id}, seatSteps...)
			in := w.list("/v1/invoices?customer=" + id)
			if len(in) != 1 || in[0].text("status") != tt.status || in[0].text("collection_method") != tt.method || in[0]["total"] != 600.0 {
				t.Fatalf("got %v", in)
			}
			if tries := in[0]["next_payment_attempt"] != nil; tries != (name == "a refused card") {
				t.Errorf("the next try is %v", in[0]["next_payment_attempt"])
			}
		})
	}
}

// A credit waits for the next invoice of its subscription, once.
func TestASeatCreditWaitsForItsSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, seatsStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}))
	credit := billing.Step{Name: "seats_op_2_0", Usage: &billing.NewUsage{Name: "seats_op_2_0", ItemID: "pr_seats", SubscriptionID: r.SubscriptionID,
		Period: month, Amount: -250, Currency: "usd", Since: start, Description: "Pro: seats"}}
	for _, late := range []time.Duration{0, time.Minute, 48 * time.Hour} {
		if _, err := w.takeLater(late, r, credit); err != nil {
			t.Fatal(err)
		}
	}
	items := w.list("/v1/invoiceitems?pending=true&customer=" + id)
	if len(items) != 1 || items[0]["amount"] != -250.0 || items[0].text("subscription") != r.SubscriptionID {
		t.Errorf("got %v", items)
	}
}

// An operation that bills on two invoices has each of them once, also when it is
// continued after Stripe has forgotten its keys.
func TestTwoInvoicesOfAnOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, seatSteps[0])
	for _, late := range []time.Duration{0, 48 * time.Hour, 49 * time.Hour} {
		for n, name := range []string{"invoice", "invoice_1"} {
			if late == 0 && n == 1 {
				continue // it died between the two
			}
			step := invoiceStep(billing.NewInvoice{Currency: "usd", OnFile: true, CollectWithin: 30, Usage: []billing.NewUsage{
				{Name: "seats_op_1_" + name, ItemID: "pr_seats", Period: month, Amount: 90_000_000, Currency: "usd", Since: start, Description: "Pro: seats"}}})
			step.Name = name
			if _, err := w.takeLater(late, r, step); err != nil {
				t.Fatal(err)
			}
		}
	}
	in := w.list("/v1/invoices?customer=" + id)
	if len(in) != 2 || in[0]["total"] != 90_000_000.0 || in[1]["total"] != 90_000_000.0 || in[0].text("status") != "paid" {
		t.Errorf("got %v", in)
	}
}

// Seats that wait for a subscription are on an invoice of their own if it ends
// before they are billed, and once in whatever order the two are tried again.
func TestSeatsOfAnEndedSubscriptionAreBilledAlone(t *testing.T) {
	t.Parallel()
	for _, endsFirst := range []bool{true, false} {
		w := newWorld(t)
		id, card := w.customer("pm_card_visa")
		r := w.mustTake(billing.Results{CustomerID: id}, baseStep, seatsStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}))
		seats := billing.Step{Name: "seats_op_2_0", Usage: &billing.NewUsage{Name: "seats_op_2_0", ItemID: "pr_seats", SubscriptionID: r.SubscriptionID,
			Period: month, Amount: 250, Currency: "usd", Since: start, Description: "Pro: seats"}}
		steps := []billing.Step{seats, endStep(billing.EndSubscription{}, r)}
		if endsFirst {
			steps[0], steps[1] = steps[1], steps[0]
		}
		for _, late := range []time.Duration{0, time.Minute, 48 * time.Hour} {
			if _, err := w.takeLater(late, r, steps...); err != nil {
				t.Fatal(err)
			}
		}
		in := w.list("/v1/invoices?customer=" + id)
		if len(in) != 2 || in[0]["total"] != 250.0 || in[0].text("status") != "paid" {
			t.Errorf("ended first: %v; got %v", endsFirst, in)
		}
		if items := w.list("/v1/invoiceitems?pending=true&customer=" + id); len(items) != 0 {
			t.Errorf("ended first: %v; %v still wait", endsFirst, items)
		}
	}
}
