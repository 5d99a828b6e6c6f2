package payments_test

import (
	"errors"
	"net/url"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

func TestPortalAsStripeIsTold(t *testing.T) {
	t.Parallel()
	for returnURL, told := range map[string]map[string]string{
		"https://app/back": {"customer": "cus_1", "return_url": "https://app/back"},
		"":                 {"customer": "cus_1", "return_url": ""},
	} {
		rec := always(200, `{"id":"bps_1","object":"billing_portal.session","url":"https://portal.test/bps_1"}`)
		page, err := over(rec).Portal(t.Context(), catalog.Sandbox, "cus_1", returnURL)
		if err != nil || page != "https://portal.test/bps_1" || len(rec.seen) != 1 {
			t.Errorf("got %q, %v; asked %v", page, err, rec.paths())
		}
		want(t, rec.last().Params, told)
	}
}

// Stripe opens no portal until its settings were saved once. The operator sees
// Stripe's own message.
func TestPortalThatStripeRefuses(t *testing.T) {
	t.Parallel()
	rec := always(400, `{"error":{"type":"invalid_request_error","message":"Save your customer portal settings first."}}`)
	_, err := over(rec).Portal(t.Context(), catalog.Sandbox, "cus_1", "")
	var refused *refusal.Error
	if !errors.As(err, &refused) || refused.Kind != refusal.KindInvalid || refused.Said() != "Save your customer portal settings first." {
		t.Errorf("got %v", err)
	}
	if _, err := over(always(500, `{}`)).Portal(t.Context(), catalog.Sandbox, "cus_1", ""); !errors.Is(err, refusal.ErrStripeUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestAPageSavesACardThatBecomesTheDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customer, old := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: customer}, pageStep(billing.NewSession{Setup: true}))
	if s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID); err != nil || s.Status != "open" || s.Card != "" {
		t.Fatalf("open: %+v, %v", s, err)
	}
	if status, answer := w.complete(r.URL, `{"payment_method":"pm_card_mastercard"}`); status != 200 {
		t.Fatal(status, answer)
	}
	s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID)
	if err != nil || s.Status != "complete" || s.CustomerID != customer || s.OperationID != "op_1" || s.Card == "" || s.Card == old {
		t.Fatalf("complete: %+v, %v", s, err)
	}
	for _, card := range []string{old, s.Card, s.Card} {
		if err := w.pay.SetDefaultCard(t.Context(), catalog.Sandbox, customer, card); err != nil {
			t.Fatal(err)
		}
		if c, err := w.pay.Customer(t.Context(), catalog.Sandbox, customer); err != nil || c.Card != card {
			t.Errorf("charged is %+v, %v; want %s", c, err, card)
		}
	}
	w.must("POST", "/v1/payment_methods/"+s.Card+"/detach", nil)
	if err := w.pay.SetDefaultCard(t.Context(), catalog.Sandbox, customer, s.Card); err != nil {
		t.Errorf("a card that is gone: %v", err)
	}
	if err := w.pay.SetDefaultCard(t.Context(), catalog.Sandbox, "cus_nobody", old); err != nil {
		t.Errorf("a customer that is gone: %v", err)
	}
}

// Only a page whose sole purpose is to save a card makes it the default: the
// card of a purchase stays on its subscription.
func TestAPurchaseSavesNoDefaultCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.mustTake(billing.Results{}, customerStep, baseStep, pageStep(billing.NewSession{Lines: []billing.PriceLine{baseLine}, Recurring: true}))
	if status, answer := w.complete(r.URL, `{"payment_method":"pm_card_visa"}`); status != 200 {
		t.Fatal(status, answer)
	}
	if s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID); err != nil || s.Status != "complete" || s.Card != "" {
		t.Errorf("got %+v, %v", s, err)
	}
	body := `{"id":"cs_1","mode":"payment","status":"complete","payment_status":"paid","setup_intent":{"id":"seti_1","payment_method":"pm_1"}}`
	if s, err := over(always(200, body)).Session(t.Context(), catalog.Sandbox, "cs_1"); err != nil || s.Card != "" {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestCardPageAsStripeIsTold(t *testing.T) {
	t.Parallel()
	told := func(extra map[string]string) url.Values {
		rec := always(200, pageBody)
		page := &billing.NewSession{Setup: true, SuccessURL: "https://app/saved", Extra: extra}
		if _, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "session", Session: page}, billing.Results{CustomerID: "cus_1"}); err != nil {
			t.Fatal(err)
		}
		return rec.last().Params
	}
	want(t, told(nil), map[string]string{"payment_method_types[0]": "card", "setup_intent_data[metadata][customer_id]": "ada"})
	extra := map[string]string{"payment_method_types[0]": "us_bank_account", "setup_intent_data[metadata][env]": "forged"}
	want(t, told(extra), map[string]string{"mode": "setup", "customer": "cus_1", "success_url": "https://app/saved", "payment_method_types[0]": "us_bank_account",
		"setup_intent_data[metadata][operation_id]": "op_1", "setup_intent_data[metadata][env]": "sandbox", "metadata[operation_id]": "op_1",
		"allow_promotion_codes": "", "invoice_creation[enabled]": "", "payment_intent_data[setup_future_usage]": "", "line_items[0][price]": ""})
}
