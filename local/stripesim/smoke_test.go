package stripesim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76"
)

func TestSubscribeAndRenew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, err := w.api.Customers.New(&stripe.CustomerParams{
		Email: stripe.String("ada@example.com"), PaymentMethod: stripe.String("pm_card_visa"),
		InvoiceSettings: &stripe.CustomerInvoiceSettingsParams{DefaultPaymentMethod: stripe.String("pm_card_visa")},
	})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := w.api.Subscriptions.New(&stripe.SubscriptionParams{
		Customer: stripe.String(cus.ID), Items: []*stripe.SubscriptionItemsParams{{Price: stripe.String(w.price("2000", ""))}},
		Params: stripe.Params{Expand: []*string{stripe.String("latest_invoice.payment_intent")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if sub.Status != "active" || sub.LatestInvoice.AmountPaid != 2000 || sub.LatestInvoice.PaymentIntent.Status != "succeeded" {
		t.Errorf("status %s, paid %d", sub.Status, sub.LatestInvoice.AmountPaid)
	}
	w.to(start.AddDate(0, 1, 0))
	if got := w.invoices(cus.ID); len(got) != 2 || got[1].str("status") != "draft" {
		t.Errorf("at period end: %v", got)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	got := w.invoices(cus.ID)
	if got[1].str("status") != "paid" || got[1].num("amount_paid") != 2000 {
		t.Errorf("after the draft hour: %v", got[1])
	}
	for _, e := range w.sim.Events() {
		t.Log(e.Created.Format(time.RFC3339), e.Type)
	}
}

func TestCheckoutSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	cs, err := w.api.CheckoutSessions.New(&stripe.CheckoutSessionParams{
		Customer: stripe.String(cus), Mode: stripe.String("subscription"), SuccessURL: stripe.String("https://shop.test/ok?s={CHECKOUT_SESSION_ID}"),
		LineItems:        []*stripe.CheckoutSessionLineItemParams{{Price: stripe.String(w.price("2000", "")), Quantity: stripe.Int64(1)}},
		SubscriptionData: &stripe.CheckoutSessionSubscriptionDataParams{Metadata: map[string]string{"a": "b"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if cs.URL != "http://sim.test/pay/"+cs.ID {
		t.Errorf("url %s", cs.URL)
	}
	status, body := w.machine("/pay/"+cs.ID+"/complete", `{"payment_method":"pm_card_visa_chargeDeclined"}`)
	if status != 402 || body.str("error.decline_code") != "generic_decline" {
		t.Errorf("declined: %d %v", status, body)
	}
	status, body = w.machine("/pay/"+cs.ID+"/complete", `{"payment_method":"pm_card_chargeCustomerFail"}`)
	if status != 402 {
		t.Errorf("declined at charge: %d %v", status, body)
	}
	if subs := w.get("/v1/subscriptions", "customer="+cus).list("data"); len(subs) != 0 {
		t.Errorf("subscriptions after declines: %v", subs)
	}
	status, body = w.machine("/pay/"+cs.ID+"/complete", `{"payment_method":"pm_card_visa"}`)
	if status != 200 || body.str("payment_status") != "paid" {
		t.Fatalf("complete: %d %v", status, body)
	}
	sub := w.get("/v1/subscriptions/"+body.str("subscription"), "expand[]=default_payment_method")
	if sub.str("status") != "active" || sub.str("metadata.a") != "b" || sub.str("default_payment_method.customer") != cus {
		t.Errorf("subscription: %v", sub)
	}
	var types string
	for _, e := range w.sim.Events() {
		types += fmt.Sprintln(e.Type)
	}
	t.Log(types)
}
