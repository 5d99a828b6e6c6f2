package billing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// checked asks for a feature whose uses come out of its own balance alone. It
// must not be refused for the units.
func checked(f Feature, b Balance, required Decimal, now time.Time) Access {
	balances := map[string]Balance{}
	if len(b.Grants) > 0 {
		balances[f.ID] = b
	}
	a, err := DecideCheck(&Catalog{}, UsageRequest{Feature: f, Funding: []Source{{FeatureID: f.ID, Cost: One}}, Value: required, Now: now}, balances)
	if err != nil {
		panic(err)
	}
	return a
}

func TestDecideCheck(t *testing.T) {
	t.Parallel()
	messages, dashboard := Feature{ID: "messages", Type: SingleUse}, Feature{ID: "dashboard", Type: Boolean}
	on := func(g *Grant) { g.Boolean, g.ResetsAt = true, time.Time{} }
	for _, tt := range []struct {
		name              string
		f                 Feature
		b                 Balance
		required          string
		allowed, products bool
	}{
		{"a feature that is on", dashboard, pool(gives("pro/1", "0", on)), "1", true, true},
		{"a feature that is on, whatever is required", dashboard, pool(gives("pro/1", "0", on)), "1000", true, true},
		{"a feature no product gives", dashboard, Balance{}, "1", false, false},
		{"a feature of a product past due", dashboard, pool(gives("pro/1", "0", on, suspended)), "1", false, false},
		{"a feature to come", dashboard, pool(gives("pro/1", "0", on, between(may, time.Time{}))), "1", false, false},
		{"a feature that ends now", dashboard, pool(gives("pro/1", "0", on, between(april.AddDate(0, -1, 0), april))), "1", false, false},

		{"all that is left", messages, pool(gives("a/1", "100")), "100", true, true},
		{"one more than is left", messages, pool(gives("a/1", "100")), "101", false, true},
		{"a hair more than is left", messages, pool(gives("a/1", "100")), "100.000000000000001", false, true},
		{"nothing is left", messages, pool(gives("a/1", "100", usedUp("100"))), "1", false, true},
		{"nothing is required", messages, pool(gives("a/1", "100", usedUp("100"))), "0", true, true},
		{"nothing is required of nothing", messages, Balance{}, "0", false, false},
		{"no product gives it", messages, Balance{}, "1", false, false},
		{"the product is past due", messages, pool(gives("a/1", "100", suspended)), "1", false, false},
		{"several sources add up", messages, pool(gives("a/1", "500"), gives("b/1", "500", lifetime)), "1000", true, true},
		{"but not those past due", messages, pool(gives("a/1", "500"), gives("b/1", "500", lifetime, suspended)), "501", false, true},
		{"unlimited", messages, pool(gives("a/1", "0", noLimit)), "999999999999", true, true},
		{"pay per use below zero", messages, pool(gives("a/1", "100", perUse, usedUp("105"))), "1", true, true},
		{"pay per use up to its limit", messages, pool(gives("a/1", "100", perUse, limited("500"), usedUp("400"))), "100", true, true},
		{"and not beyond", messages, pool(gives("a/1", "100", perUse, limited("500"), usedUp("400"))), "101", false, true},
		{"at the limit", messages, pool(gives("a/1", "100", perUse, limited("500"), usedUp("500"))), "1", false, true},
		{"a reset is due", messages, pool(gives("a/1", "100", usedUp("100"), func(g *Grant) { g.ResetsAt = april })), "100", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := usage(tt.b)
			got := checked(tt.f, tt.b, dec(tt.required), april)
			if got.Allowed != tt.allowed || got.Held != tt.products || got.Boolean != (tt.f.Type == Boolean) || got.FeatureID != tt.f.ID {
				t.Errorf("got %+v", got)
			}
			if usage(tt.b) != before {
				t.Error("a check has changed the balance")
			}
		})
	}
}

func TestDecideProductCheck(t *testing.T) {
	t.Parallel()
	pro := func(s Status, change ...func(*CustomerProduct)) CustomerProduct {
		cp := CustomerProduct{ProductID: "pro", Status: s, StartsAt: april}
		for _, c := range change {
			c(&cp)
		}
		return cp
	}
	tomorrow := april.AddDate(0, 0, 1)
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = april, tomorrow }
	trying := func(cp *CustomerProduct) { cp.TrialEnds = tomorrow }
	over := func(cp *CustomerProduct) { cp.EndsAt = april }
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
			if got := DecideProductCheck(tt.products, "pro", tt.keep, april); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// The dates of a row win over its status, to the moment.
func TestDatesDecideTheStatus(t *testing.T) {
	t.Parallel()
	before := april.Add(-time.Nanosecond)
	for _, tt := range []struct {
		name    string
		cp      CustomerProduct
		now     time.Time
		want    Status
		running bool
	}{
		{"before the end", CustomerProduct{Status: Active, EndsAt: april}, before, Active, true},
		{"at the end", CustomerProduct{Status: Active, EndsAt: april}, april, Expired, false},
		{"before the start", CustomerProduct{Status: Scheduled, StartsAt: april}, before, Scheduled, false},
		{"at the start", CustomerProduct{Status: Scheduled, StartsAt: april}, april, Active, true},
		{"before the end of the trial", CustomerProduct{Status: Active, TrialEnds: april}, before, Trialing, true},
		{"at the end of the trial", CustomerProduct{Status: Active, TrialEnds: april}, april, Active, true},
		{"past due", CustomerProduct{Status: PastDue}, april, PastDue, true},
		{"expired for ever", CustomerProduct{Status: Expired, EndsAt: april.AddDate(1, 0, 0)}, april, Expired, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.cp.At(tt.now); got != tt.want || tt.cp.Running(tt.now) != tt.running {
				t.Errorf("got %s, running %v", got, tt.cp.Running(tt.now))
			}
		})
	}
}

func TestASumOfABalance(t *testing.T) {
	t.Parallel()
	tomorrow := april.AddDate(0, 0, 1)
	b := pool(gives("a/1", "500", usedUp("20"), limited("600")), gives("b/1", "100", perUse, usedUp("130"), limited("400")),
		gives("c/1", "50", daily), gives("d/1", "7", suspended, func(g *Grant) { g.Cycle = Cycle{Year, 1} }),
		gives("e/1", "9", between(may, time.Time{})))
	want := Summary{Granted: dec("650"), Remaining: dec("500"), Used: dec("150"), Overage: true, UsageLimit: decp("1000"),
		Cycles: []Cycle{{Day, 1}, monthly}, ResetsAt: tomorrow}
	if diff := cmp.Diff(want, b.Sum(april)); diff != "" {
		t.Errorf("sum (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Summary{Unlimited: true, Cycles: []Cycle{monthly}}, pool(gives("a/1", "0", noLimit)).Sum(april)); diff != "" {
		t.Errorf("unlimited (-want +got):\n%s", diff)
	}
}

func TestABalanceAtAMoment(t *testing.T) {
	t.Parallel()
	b := pool(gives("a/1", "100", usedUp("30")), gives("b/1", "50", lifetime, usedUp("5")), gives("c/1", "9", between(april, may)),
		gives("d/1", "9", between(may, time.Time{}), lifetime))
	for _, tt := range []struct{ at, want, left string }{
		{"2027-04-30 23:59", "a/1=30 c/1=0 b/1=5 d/1=0", "124"},
		{"2027-05-01", "a/1=0 b/1=5 d/1=0", "154"},
		{"2029-02-28", "a/1=0 b/1=5 d/1=0", "154"},
	} {
		now := moment(tt.at)
		got := b.At(now)
		if usage(got) != tt.want || got.Sum(now).Remaining.String() != tt.left {
			t.Errorf("%s: %s, %s left", tt.at, usage(got), got.Sum(now).Remaining)
		}
	}
	if b.Grants[0].ResetsAt != may {
		t.Error("looking at a balance has changed it")
	}
}
