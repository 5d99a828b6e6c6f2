package payments_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

func TestWhatStripesAnswersMean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		body      string
		kind      refusal.Kind // "" is a plain error
		why       refusal.Reason
		saysAlso  string
		keepsMute string // must not be in the message or the log
	}{
		"no answer":             {0, "", refusal.KindUnavailable, refusal.ReasonStripeUnavailable, "", "lovelace"},
		"a fault of Stripe's":   {500, `{"error":{"type":"api_error","message":"oops"}}`, refusal.KindUnavailable, refusal.ReasonStripeUnavailable, "", ""},
		"a page of a proxy":     {502, `<html>bad gateway</html>`, refusal.KindUnavailable, refusal.ReasonStripeUnavailable, "", ""},
		"half an answer":        {200, `{"id":"cus`, refusal.KindUnavailable, refusal.ReasonStripeUnavailable, "", ""},
		"too many requests":     {429, `{"error":{"type":"invalid_request_error","code":"rate_limit","message":"slow"}}`, refusal.KindUnavailable, refusal.ReasonStripeUnavailable, "", ""},
		"the key is in use":     {409, `{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"wait"}}`, refusal.KindConflict, refusal.ReasonChangedMeanwhile, "", ""},
		"a wrong API key":       {401, `{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_abc"}}`, "", "", "", "sk_test_abc"},
		"an API key too weak":   {403, `{"error":{"type":"invalid_request_error","message":"no"}}`, "", "", "", ""},
		"a bad address":         {400, `{"error":{"type":"invalid_request_error","code":"email_invalid","param":"email","message":"Invalid email address: x@"}}`, refusal.KindInvalid, app.ReasonStripeSaysNo, "Invalid email address", ""},
		"an id it has not":      {404, `{"error":{"type":"invalid_request_error","code":"resource_missing","param":"id","message":"No such thing"}}`, refusal.KindNotFound, app.ReasonStripeSaysGone, "No such thing", ""},
		"a refused card":        {402, declinedBody, refusal.KindDeclined, app.ReasonCardDeclined, "insufficient_funds", "pi_1_secret"},
		"a card to confirm":     {402, `{"error":{"type":"invalid_request_error","code":"subscription_payment_intent_requires_action","message":"confirm"}}`, refusal.KindDeclined, app.ReasonCardDeclined, "requires_action", ""},
		"an invoice to confirm": {400, `{"error":{"type":"invalid_request_error","code":"invoice_payment_intent_requires_action","message":"confirm"}}`, refusal.KindDeclined, app.ReasonCardDeclined, "requires_action", ""},
		"a card that is gone":   {400, `{"error":{"type":"invalid_request_error","code":"resource_missing","param":"default_payment_method","message":"No such PaymentMethod"}}`, refusal.KindDeclined, app.ReasonCardDeclined, "No such PaymentMethod", ""},
		"a customer not there":  {400, `{"error":{"type":"invalid_request_error","code":"resource_missing","param":"customer","message":"No such customer"}}`, refusal.KindInvalid, app.ReasonStripeSaysNo, "No such customer", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := always(c.status, c.body)
			step := billing.Step{Name: "customer", Customer: &billing.NewCustomer{Email: "lovelace@example.com"}}
			r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{SubscriptionID: "kept"})
			if err == nil || r.SubscriptionID != "kept" || r.CustomerID != "" {
				t.Fatalf("got %+v, %v", r, err)
			}
			if c.keepsMute != "" && strings.Contains(err.Error(), c.keepsMute) {
				t.Errorf("%q contains %q", err, c.keepsMute)
			}
			var ours *refusal.Error
			if errors.As(err, &ours) != (c.kind != "") {
				t.Fatalf("err = %v", err)
			}
			if ours != nil && (ours.Kind != c.kind || ours.Reason != c.why || !strings.Contains(ours.Error(), c.saysAlso)) {
				t.Errorf("got %s %s %q", ours.Kind, ours.Reason, ours)
			}
			if errors.Is(err, refusal.ErrStripeUnavailable) != (c.kind == refusal.KindUnavailable) {
				t.Errorf("err = %v", err)
			}
			if c.kind != "" && errors.Unwrap(ours) == nil {
				t.Error("the cause is lost to the log")
			}
		})
	}
}

const declinedBody = `{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds.",
	"payment_intent":{"id":"pi_1","client_secret":"pi_1_secret"}}}`

func TestACallGivenUpIsUnavailable(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := over(nil).Subscription(ctx, catalog.Live, "sub_1")
	if !errors.Is(err, refusal.ErrStripeUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestALookUpKeepsTheAddressOutOfTheLog(t *testing.T) {
	t.Parallel()
	rec := always(0, "")
	old := ada
	old.Now = start.AddDate(0, 0, 2) // so that customers are looked up by e-mail address
	step := billing.Step{Name: "customer", Customer: &billing.NewCustomer{Email: "lovelace@example.com"}}
	_, err := over(rec).Perform(t.Context(), catalog.Sandbox, old, step, billing.Results{})
	if rec.last().Params.Get("email") == "" {
		t.Fatal("no look-up was made")
	}
	if !errors.Is(err, refusal.ErrStripeUnavailable) || strings.Contains(err.Error(), "lovelace") {
		t.Errorf("err = %v", err)
	}
}

func TestWhatIsGoneNeedsNothing(t *testing.T) {
	t.Parallel()
	rec := always(404, `{"error":{"type":"invalid_request_error","code":"resource_missing","param":"id","message":"No such customer"}}`)
	s := over(rec)
	if c, err := s.Customer(t.Context(), catalog.Sandbox, "cus_1"); err != nil || c.Found {
		t.Errorf("Customer: %+v, %v", c, err)
	}
	for name, step := range map[string]billing.Step{
		"delete": {Name: "delete", Delete: &billing.DeleteStripeCustomer{}}, "end": {Name: "end", End: &billing.EndSubscription{SubscriptionID: "sub_1"}},
	} {
		if _, err := s.Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{CustomerID: "cus_1"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, read := range map[string]func() error{
		"Invoice":      func() error { _, err := s.Invoice(t.Context(), catalog.Sandbox, "in_1"); return err },
		"Session":      func() error { _, err := s.Session(t.Context(), catalog.Sandbox, "cs_1"); return err },
		"Subscription": func() error { _, err := s.Subscription(t.Context(), catalog.Sandbox, "sub_1"); return err },
	} {
		if err := read(); !errors.Is(err, app.ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.UpdateCustomer(t.Context(), catalog.Sandbox, billing.Customer{StripeID: "cus_1"}); err != nil {
		t.Errorf("UpdateCustomer: %v", err)
	}
	asked := len(rec.seen)
	if err := s.UpdateCustomer(t.Context(), catalog.Sandbox, billing.Customer{}); err != nil || len(rec.seen) != asked {
		t.Errorf("a customer Stripe never knew: %v, %v", err, rec.paths())
	}
}
