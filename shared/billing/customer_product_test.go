package billing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/rulestest"
)

// The dates of a row win over its status, to the moment.
func TestDatesDecideTheStatus(t *testing.T) {
	t.Parallel()
	before := April.Add(-time.Nanosecond)
	for _, tt := range []struct {
		name    string
		cp      CustomerProduct
		now     time.Time
		want    Status
		running bool
	}{
		{"before the end", CustomerProduct{Status: Active, EndsAt: April}, before, Active, true},
		{"at the end", CustomerProduct{Status: Active, EndsAt: April}, April, Expired, false},
		{"before the start", CustomerProduct{Status: Scheduled, StartsAt: April}, before, Scheduled, false},
		{"at the start", CustomerProduct{Status: Scheduled, StartsAt: April}, April, Active, true},
		{"before the end of the trial", CustomerProduct{Status: Active, TrialEnds: April}, before, Trialing, true},
		{"at the end of the trial", CustomerProduct{Status: Active, TrialEnds: April}, April, Active, true},
		{"past due", CustomerProduct{Status: PastDue}, April, PastDue, true},
		{"expired for ever", CustomerProduct{Status: Expired, EndsAt: April.AddDate(1, 0, 0)}, April, Expired, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.cp.At(tt.now); got != tt.want || tt.cp.Running(tt.now) != tt.running {
				t.Errorf("got %s, running %v", got, tt.cp.Running(tt.now))
			}
		})
	}
}

func TestACustomerHoldsTheVersionTheyBought(t *testing.T) {
	t.Parallel()
	c := &Catalog{Products: map[string][]Product{"pro": {{ID: "pro", Version: 1, Name: "old"}, {ID: "pro", Version: 2, Name: "new"}}}}
	if got := ProductOf(c, CustomerProduct{ProductID: "pro", Version: 1}); got.Name != "old" {
		t.Errorf("version 1 is %q", got.Name)
	}
	if got := ProductOf(c, CustomerProduct{ProductID: "pro", Version: 1, Custom: &Product{Name: "own"}}); got.Name != "own" {
		t.Errorf("items of the customer's own are %q", got.Name)
	}
	want := Product{ID: "gone", Name: "gone", Group: "main", AddOn: true, Version: 4}
	if diff := cmp.Diff(want, ProductOf(c, CustomerProduct{ProductID: "gone", Version: 4, Group: "main", AddOn: true})); diff != "" {
		t.Errorf("a deleted product (-want +got):\n%s", diff)
	}
}
