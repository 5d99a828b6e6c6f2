package entitlement

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// gives is a monthly grant of so many units since 1 April.
func gives(id, n string, change ...func(*Grant)) Grant {
	holder, _, _ := strings.Cut(id, "/")
	g := Grant{ID: id, CustomerProductID: holder, ProductID: holder, Since: April, From: April, Included: Dec(n), Cycle: Monthly, Anchor: April, ResetsAt: May}
	for _, c := range change {
		c(&g)
	}
	return g
}

func usedUp(n string) func(*Grant)  { return func(g *Grant) { g.Used = Dec(n) } }
func limited(n string) func(*Grant) { return func(g *Grant) { g.UsageLimit = Decp(n) } }
func perUse(g *Grant)               { g.Overage = true }
func noLimit(g *Grant)              { g.Unlimited, g.ResetsAt = true, time.Time{} }
func resets(g *Grant)               { g.ResetUsage = true }
func lifetime(g *Grant)             { g.Cycle, g.ResetsAt = Cycle{}, time.Time{} }
func daily(g *Grant)                { g.Cycle, g.ResetsAt = Cycle{Interval: Day, Count: 1}, April.AddDate(0, 0, 1) }
func beside(g *Grant)               { g.AddOn = true }
func suspended(g *Grant)            { g.Suspended = true }
func since(t time.Time) func(*Grant) {
	return func(g *Grant) { g.Since = t }
}
func between(from, until time.Time) func(*Grant) {
	return func(g *Grant) { g.From, g.Until = from, until }
}

func pool(grants ...Grant) Balance {
	sortGrants(grants)
	return Balance{FeatureID: "messages", Grants: grants, Version: 1}
}

// usage lists what is used of each grant, in the order they are used up.
func usage(b Balance) string {
	var out []string
	for _, g := range b.Grants {
		out = append(out, g.ID+"="+g.Used.String())
	}
	return strings.Join(out, " ")
}

func TestReplaceGrants(t *testing.T) {
	t.Parallel()
	free := gives("free/1", "100", usedUp("20"))
	for _, tt := range []struct {
		name  string
		had   Balance
		ended string
		begun []Grant
		want  string
		left  string
	}{
		{"usage is carried over", pool(free), "free", []Grant{gives("pro/1", "500")}, "pro/1=20", "480"},
		{"unless the new item resets it", pool(free), "free", []Grant{gives("pro/1", "500", resets)}, "pro/1=0", "500"},
		{"usage of another interval is not", pool(free), "free", []Grant{gives("pro/1", "500", daily)}, "pro/1=0", "500"},
		{"a lifetime allowance does not take over a monthly one", pool(free), "free", []Grant{gives("pro/1", "500", lifetime)}, "pro/1=0", "500"},
		{"a lifetime one takes over from its like", pool(gives("a/1", "50", lifetime, usedUp("30"))), "a", []Grant{gives("b/1", "40", lifetime)}, "b/1=30", "10"},
		{"carried usage never goes below zero", pool(gives("big/1", "1000", usedUp("700"))), "big", []Grant{gives("small/1", "500")}, "small/1=500", "0"},
		{"except where it may be overdrawn", pool(gives("big/1", "1000", usedUp("700"))), "big", []Grant{gives("use/1", "500", perUse)}, "use/1=700", "-200"},
		{"and there up to the limit", pool(gives("big/1", "1000", usedUp("700"))), "big", []Grant{gives("use/1", "100", perUse, limited("500"))}, "use/1=500", "-400"},
		{"a limit holds below the allowance, too", pool(gives("big/1", "1000", usedUp("700"))), "big", []Grant{gives("cap/1", "500", limited("300"))}, "cap/1=300", "200"},
		{"what was overdrawn is billed, and never carried", pool(gives("use/1", "100", perUse, usedUp("130"))), "use", []Grant{gives("use2/1", "100", perUse)}, "use2/1=100", "0"},
		{"what one grant can't carry goes to the next in the order of use", pool(gives("big/1", "1000", usedUp("70"))), "big",
			[]Grant{gives("new/use", "0", perUse), gives("new/pack", "60")}, "new/pack=60 new/use=10", "-10"},
		{"before the next is overdrawn, what others include is used up", pool(gives("big/1", "1000", usedUp("700")), gives("more/1", "150", perUse, beside, usedUp("50")), gives("pack/1", "60", beside, daily)), "big",
			[]Grant{gives("use/1", "500", perUse)}, "pack/1=60 use/1=540 more/1=150", "-40"},
		{"what the next drops, others do not take", pool(gives("big/1", "1000", usedUp("700")), gives("more/1", "150", perUse, beside)), "big",
			[]Grant{gives("small/1", "500")}, "small/1=500 more/1=0", "150"},
		{"usage of two grants is added up", pool(gives("a/1", "100", usedUp("10")), gives("a/2", "20", perUse, usedUp("5"))), "a",
			[]Grant{gives("b/1", "500")}, "b/1=15", "485"},
		{"usage is carried once", pool(free), "free", []Grant{gives("pro/1", "500"), gives("pro/2", "500")}, "pro/1=20 pro/2=0", "980"},
		{"what is unlimited starts from nothing", pool(free), "free", []Grant{gives("pro/1", "0", noLimit)}, "pro/1=0", "0"},
		{"other grants stay as they are", pool(free, gives("top/1", "250", lifetime, usedUp("7"))), "free", []Grant{gives("pro/1", "500")}, "pro/1=20 top/1=7", "723"},
		{"nothing ends", pool(free), "", []Grant{gives("more/1", "50")}, "free/1=20 more/1=0", "130"},
		{"nothing begins", pool(free), "free", nil, "", "0"},
		{"bought again it adds to the same grant", pool(gives("top/1", "250", usedUp("7"))), "", []Grant{gives("top/1", "250")}, "top/1=7", "493"},
		{"usage of before a reset that was due is gone", pool(gives("free/1", "100", usedUp("20"), func(g *Grant) { g.ResetsAt = April })), "free",
			[]Grant{gives("pro/1", "500")}, "pro/1=0", "500"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var ended []string
			if tt.ended != "" {
				ended = []string{tt.ended}
			}
			before := usage(tt.had)
			got := tt.had.ReplaceGrants(ended, tt.begun, false, April)
			if usage(got) != tt.want {
				t.Errorf("usage: got %s, want %s", usage(got), tt.want)
			}
			if remaining := got.Sum(April).Remaining.String(); remaining != tt.left {
				t.Errorf("left: got %s, want %s", remaining, tt.left)
			}
			if usage(tt.had) != before {
				t.Error("the balance it was given has changed")
			}
		})
	}
}

// Whatever ends and begins: nothing is used beyond what may be, and never more
// is carried than was used.
func TestReplaceGrantsKeepsTheFloors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		had := pool(anyGrants("old").Draw(t, "had")...).Deduct(Int(rapid.Int64Range(0, 500).Draw(t, "used")), April)
		begun := anyGrants("new").Draw(t, "begun")
		got := had.ReplaceGrants([]string{"old"}, begun, false, April)
		if len(got.Grants) != len(begun) {
			t.Fatalf("%d grants of %d", len(got.Grants), len(begun))
		}
		carried := Zero
		for _, g := range got.Grants {
			wantSound(t, g)
			carried = carried.Add(g.Used)
		}
		total := Zero
		for _, g := range had.Grants {
			total = total.Add(g.Used)
		}
		if carried.GreaterThan(total) {
			t.Fatalf("%s were used, %s carried", total, carried)
		}
	})
}

func TestGrantsOfAProduct(t *testing.T) {
	t.Parallel()
	c := Shop()
	p := OfItems("plan", "main",
		Allowance("pr_a", "messages", "100", Cycle{Interval: Month, Count: 0}),
		Sells("pr_b", "messages", PayPerUse, "1", "10", Monthly),
		Sells("pr_c", "words", Prepaid, "1", "100", Cycle{}),
		Allowance("pr_d", "seats", "5", Monthly),
		Item{ID: "pr_e", FeatureID: "dashboard", Cycle: Monthly},
		Fee("pr_f", "20", Monthly))
	p.Items[1].UsageLimit = Decp("500")
	from := Origin{CustomerProductID: "cp_1", ProductID: "plan", AddOn: true, Suspended: true, StartsAt: April, EndsAt: May, Quantities: []Quantity{{FeatureID: "words", Quantity: Dec("150")}}}
	base := Grant{CustomerProductID: "cp_1", ProductID: "plan", AddOn: true, Since: April, From: April, Until: May, Suspended: true, Anchor: April}
	with := func(id string, change func(*Grant)) Grant {
		g := base
		g.ID = "cp_1/" + id
		change(&g)
		return g
	}
	want := map[string][]Grant{
		"messages": {
			with("pr_a", func(g *Grant) { g.Included, g.Cycle, g.ResetsAt, g.ResetUsage = Dec("100"), Monthly, May, true }),
			with("pr_b", func(g *Grant) { g.Overage, g.UsageLimit, g.Cycle, g.ResetsAt = true, Decp("500"), Monthly, May }),
		},
		"words":     {with("pr_c", func(g *Grant) { g.Prepaid = Dec("200") })},
		"seats":     {with("pr_d", func(g *Grant) { g.Included, g.ResetUsage, g.Held = Dec("5"), true, true })},
		"dashboard": {with("pr_e", func(g *Grant) { g.Boolean, g.Cycle = true, Monthly })},
	}
	if diff := cmp.Diff(want, from.Grants(p.Items, c.Features)); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}

func TestTheFirstReset(t *testing.T) {
	t.Parallel()
	week := April.AddDate(0, 0, 7)
	for _, tt := range []struct {
		name          string
		from          Origin
		anchor, first time.Time
		cycle         Cycle
		then          time.Time // the reset after that
	}{
		{"without Stripe it is a cycle after the start", Origin{StartsAt: April}, April, May, Monthly, April.AddDate(0, 2, 0)},
		{"with Stripe a cycle after the period began", Origin{StartsAt: April.AddDate(0, 0, 2), Period: Period{Start: April}}, April, May, Monthly, April.AddDate(0, 2, 0)},
		{"months into a year", Origin{StartsAt: April.AddDate(0, 3, 5), Period: Period{Start: April}}, April, April.AddDate(0, 4, 0), Monthly, April.AddDate(0, 5, 0)},
		{"a trial's allowance comes back when it ends", Origin{StartsAt: April, TrialEnds: week, Period: Period{Start: April}}, week, week, Monthly, week.AddDate(0, 1, 0)},
		{"a trial that was over at the start is none", Origin{StartsAt: week, TrialEnds: April}, April, May, Monthly, April.AddDate(0, 2, 0)},
		{"a trial longer than the interval", Origin{StartsAt: April, TrialEnds: week}, week, week, Cycle{Interval: Day, Count: 1}, week.AddDate(0, 0, 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := OfItems("plan", "main", Allowance("pr_a", "messages", "100", tt.cycle))
			g := tt.from.Grants(p.Items, Shop().Features)["messages"][0]
			if !g.Anchor.Equal(tt.anchor) || !g.ResetsAt.Equal(tt.first) {
				t.Errorf("anchor %s, first reset %s", g.Anchor, g.ResetsAt)
			}
			if next := (Balance{Grants: []Grant{g}}).At(tt.first).Grants[0].ResetsAt; !next.Equal(tt.then) {
				t.Errorf("then %s, want %s", next, tt.then)
			}
		})
	}
}

// A billing period that is begun anew brings fresh allowances, closes what was
// used beyond them, and leaves what comes back less often or never.
func TestABillingPeriodBegunAnew(t *testing.T) {
	t.Parallel()
	eleventh := Period{Start: April.AddDate(0, 0, 10), End: May.AddDate(0, 0, 10)}
	yearly := func(g *Grant) { g.Cycle, g.ResetsAt = Cycle{Interval: Year, Count: 1}, April.AddDate(1, 0, 0) }
	seats := func(g *Grant) { lifetime(g); g.Seats, g.PaidFor = true, Period{Start: April, End: May} }
	b := Balance{Grants: []Grant{gives("cp/m", "500", usedUp("500")), gives("cp/o", "100", perUse, usedUp("150")), gives("cp/y", "12", yearly, usedUp("5")),
		gives("cp/l", "9", lifetime, usedUp("3")), gives("cp/s", "2", seats, usedUp("4")), gives("other/m", "100", usedUp("7"))}}
	got, changed := b.Follow(Origin{CustomerProductID: "cp", StartsAt: April, Period: eleventh, Restarts: true}, Product{}, false, eleventh.Start)
	if !changed {
		t.Fatal("nothing changed")
	}
	used, comesBack := []string{}, []time.Time{}
	for _, g := range got.Grants {
		used, comesBack = append(used, g.Used.String()), append(comesBack, g.ResetsAt)
	}
	if diff := cmp.Diff([]string{"0", "0", "5", "3", "4", "7"}, used); diff != "" {
		t.Errorf("used: %s", diff)
	}
	if diff := cmp.Diff([]time.Time{eleventh.End, eleventh.End, April.AddDate(1, 0, 0), {}, {}, May}, comesBack); diff != "" {
		t.Errorf("resets: %s", diff)
	}
	if diff := cmp.Diff([]UnbilledUsage{{GrantID: "cp/o", Period: Period{Start: April, End: eleventh.Start}, Units: Dec("50")}}, got.Closed); diff != "" {
		t.Errorf("closed: %s", diff)
	}
	if diff := cmp.Diff(Period{Start: April, End: May}, got.Grants[4].PaidFor); diff != "" { // the rest is billed by billing's rule
		t.Errorf("seats paid for: %s", diff)
	}
	if again, changed := got.Follow(Origin{CustomerProductID: "cp", StartsAt: April, Period: eleventh, Restarts: true}, Product{}, false, eleventh.Start); changed {
		t.Errorf("told again it is %+v", again)
	}
}
