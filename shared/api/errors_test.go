package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

func TestEveryKindHasAStatusOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[int]refusal.Kind{}
	for _, kind := range refusal.Kinds() {
		status := statusOf(kind)
		if status < 400 || status > 599 || status == 500 {
			t.Errorf("kind %s has status %d", kind, status)
		}
		if other, twice := seen[status]; twice {
			t.Errorf("kinds %s and %s have one status", kind, other)
		}
		seen[status] = kind
	}
	if len(statuses) != len(refusal.Kinds()) {
		t.Errorf("%d statuses for %d kinds", len(statuses), len(refusal.Kinds()))
	}
}

func TestWhatAFailureShows(t *testing.T) {
	t.Parallel()
	cause := errors.New("dial tcp 10.0.0.7:443: sk_live_secret refused")
	const ours = "Something went wrong on our side. Repeating the request is safe."
	for _, tt := range []struct {
		name          string
		err           error
		status        int
		code, message string
	}{
		{"a rule's refusal, in the words of the dialect", refusal.ErrAlreadyAttached("pro"), 400, "product_already_attached", "says pro"},
		{"a wrapped one", fmt.Errorf("attach: %w", refusal.ErrCustomerNotFound("ada")), 404, "customer_not_found", "says ada"},
		{"its cause is hidden", &Refusal{Status: 429, Code: "rate_limit_exceeded", Message: "Wait.", Err: cause}, 429, "rate_limit_exceeded", "Wait."},
		{"a conflict of the table", &app.Conflict{Failed: []app.Write{app.SaveCustomer{}}}, 409, "changed_meanwhile", "says changed_meanwhile"},
		{"an unknown failure is hidden", cause, 500, "internal_error", ours},
		{"the time ran out", fmt.Errorf("save: %w", context.DeadlineExceeded), 503, "timeout", errTooSlow.Message},
		{"a known cause of two shows the first", errors.Join(refusal.ErrStripeUnavailable, cause), 503, "stripe_unavailable", "says stripe_unavailable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dialect := func(e *refusal.Error) (code, message string) { return string(e.Reason), "says " + e.Said() }
			a := (&Route{words: dialect}).failure(tt.err, catalog.Sandbox)
			want, _ := json.Marshal(map[string]string{"message": tt.message, "code": tt.code, "env": "sandbox"})
			if a.status != tt.status || !sameObject(t, a.body, want) {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, tt.status, want)
			}
			if strings.Contains(string(a.body), "sk_live") {
				t.Errorf("%s contains a secret", a.body)
			}
			if !errors.Is(a.err, tt.err) {
				t.Error("the cause is not in the log")
			}
		})
	}
}

func sameObject(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y map[string]string
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}
