package dashboard_test

import (
	"net/http"
	"testing"

	"windfall/local/stack"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// Wherever the process dies between the confirmation of a review and its answer, the second click ends it: both
// sides have the reward, once.
func TestDASH70ACrashAtAnApproval(t *testing.T) {
	t.Parallel()
	d := &death{}
	between := func(next http.RoundTripper) http.RoundTripper { return dying{d, next} }
	w := world.With(t, stack.Options{Faults: stack.Faults{DynamoDB: between, Stripe: between, Hurry: true}})
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	code := sellReferrals(w)
	redeem(w, code, "r1", "jo.e+1@gmail.com")
	w.WaitIdle()
	const button = "Confirm approve"
	f := b.Get("/dashboard/redemptions").Press("Approve").FormOf(button)
	d.atEveryCall(w, f, button, "Redemption approved.", 4, func() {
		for _, id := range []string{"joe", "r1"} {
			w.HasBalance(id, "messages", true, 200)
		}
	})
}
