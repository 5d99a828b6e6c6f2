package entitlement

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
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
		{"a feature to come", dashboard, pool(gives("pro/1", "0", on, between(May, time.Time{}))), "1", false, false},
		{"a feature that ends now", dashboard, pool(gives("pro/1", "0", on, between(April.AddDate(0, -1, 0), April))), "1", false, false},

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
		{"a reset is due", messages, pool(gives("a/1", "100", usedUp("100"), func(g *Grant) { g.ResetsAt = April })), "100", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := usage(tt.b)
			got := checked(tt.f, tt.b, Dec(tt.required), April)
			if got.Allowed != tt.allowed || got.Held != tt.products || got.Boolean != (tt.f.Type == Boolean) || got.FeatureID != tt.f.ID {
				t.Errorf("got %+v", got)
			}
			if usage(tt.b) != before {
				t.Error("a check has changed the balance")
			}
		})
	}
}

func TestASumOfABalance(t *testing.T) {
	t.Parallel()
	tomorrow := April.AddDate(0, 0, 1)
	b := pool(gives("a/1", "500", usedUp("20"), limited("600")), gives("b/1", "100", perUse, usedUp("130"), limited("400")),
		gives("c/1", "50", daily), gives("d/1", "7", suspended, func(g *Grant) { g.Cycle = Cycle{Interval: Year, Count: 1} }),
		gives("e/1", "9", between(May, time.Time{})))
	want := Summary{Granted: Dec("650"), Remaining: Dec("500"), Used: Dec("150"), Overage: true, UsageLimit: Decp("1000"),
		Cycles: []Cycle{{Interval: Day, Count: 1}, Monthly}, ResetsAt: tomorrow}
	if diff := cmp.Diff(want, b.Sum(April)); diff != "" {
		t.Errorf("sum (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Summary{Unlimited: true, Cycles: []Cycle{Monthly}}, pool(gives("a/1", "0", noLimit)).Sum(April)); diff != "" {
		t.Errorf("unlimited (-want +got):\n%s", diff)
	}
}

func TestABalanceAtAMoment(t *testing.T) {
	t.Parallel()
	b := pool(gives("a/1", "100", usedUp("30")), gives("b/1", "50", lifetime, usedUp("5")), gives("c/1", "9", between(April, May)),
		gives("d/1", "9", between(May, time.Time{}), lifetime))
	for _, tt := range []struct{ at, want, left string }{
		{"2027-04-30 23:59", "a/1=30 c/1=0 b/1=5 d/1=0", "124"},
		{"2027-05-01", "a/1=0 b/1=5 d/1=0", "154"},
		{"2029-02-28", "a/1=0 b/1=5 d/1=0", "154"},
	} {
		now := Moment(tt.at)
		got := b.At(now)
		if usage(got) != tt.want || got.Sum(now).Remaining.String() != tt.left {
			t.Errorf("%s: %s, %s left", tt.at, usage(got), got.Sum(now).Remaining)
		}
	}
	if b.Grants[0].ResetsAt != May {
		t.Error("looking at a balance has changed it")
	}
}
