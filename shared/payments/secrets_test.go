package payments_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/payments"
	"windfall/shared/refusal"
)

const customerBody = `{"id":"cus_1","object":"customer","invoice_settings":{"default_payment_method":"pm_1"}}`

func TestSecretsAreReadAgainWhenFiveMinutesOld(t *testing.T) {
	t.Parallel()
	now, reads := start, 0
	rec := always(200, customerBody)
	s := payments.New(func(context.Context) (map[catalog.Env]payments.Secrets, error) {
		reads++
		return map[catalog.Env]payments.Secrets{catalog.Sandbox: {APIKey: "sk_test_" + strings.Repeat("x", reads)}}, nil
	}, payments.Options{HTTPClient: &http.Client{Transport: rec}, Now: func() time.Time { return now }})
	for _, step := range []struct {
		after time.Duration
		key   string
	}{{0, "sk_test_x"}, {5*time.Minute - 1, "sk_test_x"}, {5 * time.Minute, "sk_test_xx"}, {-time.Hour, "sk_test_xxx"}} {
		now = start.Add(step.after)
		if _, err := s.Customer(t.Context(), catalog.Sandbox, "cus_1"); err != nil {
			t.Fatal(err)
		}
		if got := rec.last().Auth; got != "Bearer "+step.key {
			t.Errorf("after %v: %q, want %q", step.after, got, step.key)
		}
	}
}

func TestSecretsAreReadAgainAfterStripeRefusedTheKey(t *testing.T) {
	t.Parallel()
	key := "sk_test_rolled"
	rec := &recorder{script: func(r request) answer {
		if r.Auth == "Bearer sk_test_rolled" {
			return answer{status: 401, body: `{"error":{"type":"invalid_request_error","message":"Expired API Key provided: sk_test_rolled"}}`}
		}
		return answer{status: 200, body: customerBody}
	}}
	s := payments.New(func(context.Context) (map[catalog.Env]payments.Secrets, error) {
		return map[catalog.Env]payments.Secrets{catalog.Sandbox: {APIKey: key}}, nil
	}, payments.Options{Now: time.Now, HTTPClient: &http.Client{Transport: rec}})
	_, err := s.Customer(t.Context(), catalog.Sandbox, "cus_1")
	var ours *refusal.Error
	if err == nil || errors.As(err, &ours) || strings.Contains(err.Error(), "sk_test_rolled") {
		t.Fatalf("err = %v, want a plain error without the key", err)
	}
	key = "sk_test_good"
	if _, err := s.Customer(t.Context(), catalog.Sandbox, "cus_1"); err != nil {
		t.Fatal(err)
	}
}

func TestSecretsThatAreNotThere(t *testing.T) {
	t.Parallel()
	step := billing.Step{Name: "customer", Customer: &billing.NewCustomer{Name: "Ada"}}
	for name, c := range map[string]struct {
		secrets map[catalog.Env]payments.Secrets
		why     refusal.Reason // "" is a plain error
	}{
		"environment unknown":       {map[catalog.Env]payments.Secrets{}, app.ReasonStripeNotConfigured},
		"only webhook secrets":      {map[catalog.Env]payments.Secrets{catalog.Sandbox: {WebhookSecrets: []string{"x"}}}, app.ReasonStripeNotConfigured},
		"a live key in the sandbox": {map[catalog.Env]payments.Secrets{catalog.Sandbox: {APIKey: "sk_live_1"}}, ""},
		"a restricted live key":     {map[catalog.Env]payments.Secrets{catalog.Sandbox: {APIKey: "rk_live_1"}}, ""},
	} {
		rec := always(200, customerBody)
		s := payments.New(fixed(c.secrets), payments.Options{Now: time.Now, HTTPClient: &http.Client{Transport: rec}})
		_, err := s.Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{})
		var ours *refusal.Error
		switch errors.As(err, &ours); {
		case err == nil, len(rec.seen) > 0:
			t.Errorf("%s: Stripe was asked: %v", name, rec.paths())
		case c.why == "" && ours != nil, c.why != "" && (ours == nil || ours.Reason != c.why || ours.Kind != refusal.KindInvalid):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("secrets manager is down")
	s := payments.New(func(context.Context) (map[catalog.Env]payments.Secrets, error) { return nil, broken }, payments.Options{Now: time.Now})
	if _, err := s.Invoice(t.Context(), catalog.Live, "in_1"); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if _, _, err := s.Event(t.Context(), nil, ""); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
}

func TestEnvironmentsDoNotCross(t *testing.T) {
	t.Parallel()
	rec := always(200, customerBody)
	s := over(rec)
	for env, secrets := range maps.All(testSecrets) {
		if _, err := s.Customer(t.Context(), env, "cus_1"); err != nil {
			t.Fatal(err)
		}
		if rec.last().Auth != "Bearer "+secrets.APIKey {
			t.Errorf("%s: %q", env, rec.last().Auth)
		}
	}
}

func TestMeterCountsEveryRequest(t *testing.T) {
	t.Parallel()
	type mark struct{}
	var calls atomic.Int64
	s := payments.New(fixed(testSecrets), payments.Options{
		Now:        time.Now,
		HTTPClient: &http.Client{Transport: always(200, `{"id":"cus_1","object":"customer","data":[]}`)},
		Meter: func(ctx context.Context) {
			if ctx.Value(mark{}) == "ada" {
				calls.Add(1)
			}
		},
	})
	ctx := context.WithValue(t.Context(), mark{}, "ada")
	if _, err := s.Customer(ctx, catalog.Sandbox, "cus_1"); err != nil || calls.Load() != 2 {
		t.Fatalf("%d calls, %v; want 2: the customer, and what is attached", calls.Load(), err)
	}
}
