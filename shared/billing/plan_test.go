package billing

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// planText writes a plan as "ends begins: cp_a cp_b".
func planText(p plan) string {
	var words []string
	if p.ends {
		words = append(words, "ends")
	}
	if p.begins {
		words = append(words, "begins")
	}
	for _, cp := range p.stay {
		words = append(words, cp.ID)
	}
	return strings.Join(words, " ")
}

func TestPlanOf(t *testing.T) {
	t.Parallel()
	cp := func(id, sub string, change ...func(*CustomerProduct)) CustomerProduct {
		out := CustomerProduct{ID: id, SubscriptionID: sub, Status: Active, StartsAt: April}
		for _, c := range change {
			c(&out)
		}
		return out
	}
	ends := func(cp *CustomerProduct) { cp.EndsAt = May }
	over := func(cp *CustomerProduct) { cp.Status = Expired }
	waits := func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, May }
	pastDue := func(cp *CustomerProduct) { cp.Status = PastDue }
	for _, tt := range []struct {
		name     string
		products []CustomerProduct
		want     string
	}{
		{"one that goes on", []CustomerProduct{cp("a", "s")}, "a"},
		{"one that goes on though it is not paid", []CustomerProduct{cp("a", "s", pastDue)}, "a"},
		{"one that ends", []CustomerProduct{cp("a", "s", ends)}, "ends"},
		{"one that ends and one that follows", []CustomerProduct{cp("a", "s", ends), cp("b", "s", waits)}, "ends begins b"},
		{"one that ends and one that goes on", []CustomerProduct{cp("a", "s", ends), cp("b", "s")}, "ends b"},
		{"another subscription is another plan", []CustomerProduct{cp("a", "s", ends), cp("b", "t")}, "ends"},
		{"what is free has no subscription", []CustomerProduct{cp("a", "s", ends), cp("b", "", waits)}, "ends"},
		{"what is over is over", []CustomerProduct{cp("a", "s", over), cp("b", "s")}, "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := planText(planOf(tt.products, "s", April)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := planText(planOf([]CustomerProduct{cp("a", "")}, "", April)); got != "" {
		t.Errorf("no subscription has the plan %q", got)
	}
}

func TestWhatStripeIsAskedForThePlan(t *testing.T) {
	t.Parallel()
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, May }
	waits := func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, May }
	line := func(item string) []PriceLine { return []PriceLine{{ItemID: item, Quantity: 1, Recurring: true}} }
	for _, tt := range []struct {
		name  string
		state AttachState
		buys  string
		steps string
		want  SetPlan
	}{
		{"a downgrade follows", customerOf(withCard, holding("premium", onSub("s"))), "pro", "price_pr_pro plan",
			SetPlan{SubscriptionID: "s", Next: line("pr_pro")}},
		{"a downgrade of another interval starts its own period", customerOf(withCard, holding("pro_year", onSub("s"))), "pro", "price_pr_pro plan",
			SetPlan{SubscriptionID: "s", Next: line("pr_pro"), Restart: true}},
		{"to free is the end", customerOf(withCard, holding("premium", onSub("s"))), "free", "plan",
			SetPlan{SubscriptionID: "s", Ends: true}},
		{"to free is the end of its prices alone", customerOf(withCard, holding("premium", onSub("s")), holding("addon_words", onSub("s"))), "free", "price_pr_words plan",
			SetPlan{SubscriptionID: "s", Next: line("pr_words")}},
		{"attached again it goes on", customerOf(withCard, holding("premium", onSub("s"), ending), holding("pro", onSub("s"), waits)), "premium", "plan",
			SetPlan{SubscriptionID: "s"}},
		{"another downgrade takes the place of the first", customerOf(withCard, holding("premium", onSub("s"), ending), holding("pro", onSub("s"), waits)), "hobby_paid", "price_pr_hobby_paid plan",
			SetPlan{SubscriptionID: "s", Next: line("pr_hobby_paid")}},
		{"an upgrade takes the plan back", customerOf(withCard, holding("pro", onSub("s"), ending), holding("free", waits)), "premium", "price_pr_pro price_pr_premium change plan",
			SetPlan{SubscriptionID: "s"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := decideFor(t, tt.state, onDay(10), tt.buys)
			if got := stepNames(d); got != tt.steps {
				t.Errorf("steps %q, want %q", got, tt.steps)
			}
			if diff := cmp.Diff(&tt.want, lastStep(d).Plan); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// One subscription can't be billed in two intervals, so such a plan is refused
// before anything is asked.
func TestTwoIntervalsOnOneSubscriptionAreRefused(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro_year", onSub("s")), holding("addon_words", onSub("s"), func(cp *CustomerProduct) { cp.ProductID = "g1_pro" }))
	s.Products[1].Group = "g1"
	year := OfItems("words_year", "g1", Fee("pr_words_year", "10", Cycle{Interval: Year, Count: 1})) // its group is billed by the year, too
	s.Catalog.Products["g1_pro"] = []Product{{ID: "g1_pro", Group: "g1", Version: 1, Items: year.Items}}
	_, err := DecideAttach(s, s.buy(onDay(10), "pro"))
	WantReason(t, err, ReasonIntervalsOfAPlan)
}

// Nothing is asked where the plan is what it was.
func TestNothingIsAskedForAPlanThatStays(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro", onSub("s")))
	if d := decideFor(t, s, onDay(10), "premium"); lastStep(d).Plan != nil {
		t.Errorf("an upgrade sets a plan: %+v", lastStep(d).Plan)
	}
	for _, months := range []int{0, 1} {
		products := []CustomerProduct{{ID: "a", SubscriptionID: "s", Status: Active, Quantities: []Quantity{{FeatureID: "messages", Quantity: Int(int64(months))}}}}
		same := planOf(products, "s", April).same(planOf(products, "s", April.Add(time.Hour)))
		if !same {
			t.Errorf("a plan differs from itself: %v", products)
		}
	}
}
