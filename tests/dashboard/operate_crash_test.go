package dashboard_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

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
	restore := w.Snapshot()
	d.plan(0, false)
	f.Press(button).Said("Redemption approved.")
	calls := d.plan(0, false)
	if calls < 4 {
		t.Fatalf("only %d calls", calls)
	}
	for n := 1; n <= calls; n++ {
		for _, after := range []bool{false, true} {
			restore()
			if err := w.Stack.Restart(); err != nil {
				t.Fatal(err)
			}
			cookies := maps.Clone(b.Cookies)
			d.plan(n, after)
			f.Press(button)
			b.Cookies = cookies
			d.plan(0, false)
			w.AdvanceWithoutEvents(w.Stack.Sim.Now().Add(2 * time.Minute)) // nothing but the click goes on
			f.Press(button).Said("Redemption approved.")
			for _, id := range []string{"joe", "r1"} {
				w.HasBalance(id, "messages", true, 200)
			}
			if t.Failed() {
				t.Fatalf("it died at call %d of %d, after it: %t", n, calls, after)
			}
		}
	}
}
