package payments_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

const (
	mismatch  = `{"error":{"type":"idempotency_error","message":"Keys for idempotent requests can only be used with the same parameters"}}`
	fault     = `{"error":{"type":"api_error","message":"oops"}}`
	subBody   = `{"id":"sub_%d","object":"subscription","status":"active","metadata":{"operation_id":"%s"}}`
	subscribe = "POST /v1/subscriptions"
	look      = "GET /v1/subscriptions"
)

// The key of a step is used up in three ways; each is recovered by looking for
// the object, and creating it only if there is none.
func TestAKeyThatIsUsedUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first   answer // Stripe's answer to the first key
		listed  string // operation of the subscription that is there already
		age     time.Duration
		asked   []string
		id      string
		failing bool
	}{
		"the key works":                          {first: made(1), asked: []string{subscribe}, id: "sub_1"},
		"other parameters, made before":          {first: answer{status: 400, body: mismatch}, listed: "op_1", asked: []string{subscribe, look}, id: "sub_7"},
		"other parameters, never made":           {first: answer{status: 400, body: mismatch}, listed: "op_0", asked: []string{subscribe, look, subscribe}, id: "sub_2"},
		"a fault repeated, made before":          {first: answer{status: 500, body: fault, replayed: true}, listed: "op_1", asked: []string{subscribe, look}, id: "sub_7"},
		"a fault repeated, never made":           {first: answer{status: 500, body: fault, replayed: true}, asked: []string{subscribe, look, subscribe}, id: "sub_2"},
		"a fault for the first time":             {first: answer{status: 500, body: fault}, asked: []string{subscribe}, failing: true},
		"a day old, made before":                 {first: made(1), listed: "op_1", age: 24 * time.Hour, asked: []string{look}, id: "sub_7"},
		"a day old, never made":                  {first: made(1), listed: "op_0", age: 24 * time.Hour, asked: []string{look, subscribe}, id: "sub_1"},
		"22 hours old, so the key is still good": {first: made(1), listed: "op_1", age: 22 * time.Hour, asked: []string{subscribe}, id: "sub_1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firstKey := ""
			rec := &recorder{}
			rec.script = func(r request) answer {
				switch {
				case r.Method == "GET":
					if r.Params.Get("customer") != "cus_1" || r.Params.Get("status") != "all" { // an ended one counts too
						t.Errorf("looked for %v", r.Params)
					}
					return answer{status: 200, body: fmt.Sprintf(`{"data":[`+subBody+`]}`, 7, c.listed)}
				case firstKey == "" || r.Key == firstKey:
					firstKey = r.Key
					return c.first
				}
				return made(2)
			}
			ref := ada
			ref.Now = ref.CreatedAt.Add(c.age)
			r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ref, seats(), billing.Results{CustomerID: "cus_1"})
			if !slices.Equal(rec.paths(), c.asked) {
				t.Errorf("asked %v, want %v", rec.paths(), c.asked)
			}
			if r.SubscriptionID != c.id || errors.Is(err, refusal.ErrStripeUnavailable) != c.failing {
				t.Errorf("got %q, %v", r.SubscriptionID, err)
			}
		})
	}
}

func made(n int) answer { return answer{status: 200, body: fmt.Sprintf(subBody, n, "op_1")} }

func seats() billing.Step {
	return billing.Step{Name: "subscription", Subscription: &billing.NewSubscription{Card: "pm_1",
		Lines: []billing.PriceLine{{ItemID: "pr_seats", StripeID: "price_1", Quantity: 3, Recurring: true}}}}
}

// A repeated answer is old; the subscription may have changed since, so it is
// read.
func TestARepeatedAnswerIsReadAfresh(t *testing.T) {
	t.Parallel()
	rec := &recorder{script: func(r request) answer {
		if r.Method == "POST" {
			return answer{status: 200, replayed: true, body: `{"id":"sub_1","object":"subscription","latest_invoice":{"id":"in_1","status":"open"}}`}
		}
		return answer{status: 200, body: `{"id":"sub_1","object":"subscription","latest_invoice":{"id":"in_1","status":"paid"}}`}
	}}
	r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, seats(), billing.Results{CustomerID: "cus_1"})
	if err != nil || r.Invoice == nil || r.Invoice.Status != "paid" {
		t.Fatalf("got %+v, %v", r.Invoice, err)
	}
}

func TestKeysDifferPerOperationAndStep(t *testing.T) {
	t.Parallel()
	rec := always(200, `{"id":"x","object":"subscription"}`)
	s := over(rec)
	other, step := ada, seats()
	other.OperationID, step.Name = "op_2", "subscription_b"
	for _, call := range []func() error{
		func() error { _, err := s.Perform(t.Context(), "sandbox", ada, seats(), billing.Results{}); return err },
		func() error {
			_, err := s.Perform(t.Context(), "sandbox", other, seats(), billing.Results{})
			return err
		},
		func() error { _, err := s.Perform(t.Context(), "sandbox", ada, step, billing.Results{}); return err },
		func() error { _, err := s.Perform(t.Context(), "sandbox", ada, seats(), billing.Results{}); return err },
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c, again := rec.seen[0].Key, rec.seen[1].Key, rec.seen[2].Key, rec.seen[3].Key
	if a != again || a == b || a == c || b == c || len(a) != 64 {
		t.Errorf("keys %q %q %q, again %q", a, b, c, again)
	}
	if strings.Contains(rec.last().Version, "2023-10-16") == false {
		t.Errorf("Stripe-Version %q", rec.last().Version)
	}
}
