package billing

import (
	"testing"

	. "windfall/shared/rulestest"
)

func TestDecideProductCheck(t *testing.T) {
	t.Parallel()
	pro := func(s Status, change ...func(*CustomerProduct)) CustomerProduct {
		cp := CustomerProduct{ProductID: "pro", Status: s, StartsAt: April}
		for _, c := range change {
			c(&cp)
		}
		return cp
	}
	tomorrow := April.AddDate(0, 0, 1)
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, tomorrow }
	trying := func(cp *CustomerProduct) { cp.TrialEnds = tomorrow }
	over := func(cp *CustomerProduct) { cp.EndsAt = April }
	later := func(cp *CustomerProduct) { cp.StartsAt = tomorrow }
	for _, tt := range []struct {
		name     string
		products []CustomerProduct
		keep     bool
		want     ProductAccess
	}{
		{"held", []CustomerProduct{pro(Active)}, false, ProductAccess{true, "active"}},
		{"not held", nil, false, ProductAccess{}},
		{"another one held", []CustomerProduct{{ProductID: "free", Status: Active}}, false, ProductAccess{}},
		{"on trial", []CustomerProduct{pro(Active, trying)}, false, ProductAccess{true, "trialing"}},
		{"cancelled, and still running", []CustomerProduct{pro(Active, ending)}, false, ProductAccess{true, "canceled"}},
		{"on a trial that was cancelled", []CustomerProduct{pro(Active, trying, ending)}, false, ProductAccess{true, "trialing"}},
		{"past due", []CustomerProduct{pro(PastDue)}, false, ProductAccess{false, "past_due"}},
		{"past due where the company waits", []CustomerProduct{pro(PastDue)}, true, ProductAccess{true, "past_due"}},
		{"past due on a trial", []CustomerProduct{pro(PastDue, trying)}, false, ProductAccess{false, "past_due"}},
		{"scheduled", []CustomerProduct{pro(Scheduled, later)}, false, ProductAccess{false, "scheduled"}},
		{"scheduled for a moment that has come", []CustomerProduct{pro(Scheduled)}, false, ProductAccess{true, "active"}},
		{"expired", []CustomerProduct{pro(Expired)}, false, ProductAccess{}},
		{"past its end, whatever the row says", []CustomerProduct{pro(Active, over)}, false, ProductAccess{}},
		{"past its end and past due", []CustomerProduct{pro(PastDue, over)}, true, ProductAccess{}},
		{"the better of two", []CustomerProduct{pro(PastDue), pro(Active)}, false, ProductAccess{true, "active"}},
		{"in either order", []CustomerProduct{pro(Active), pro(PastDue)}, false, ProductAccess{true, "active"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := DecideProductCheck(tt.products, "pro", tt.keep, April); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
