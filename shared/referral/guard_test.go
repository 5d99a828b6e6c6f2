package referral

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
)

var now = time.Date(2027, 4, 10, 12, 0, 0, 0, time.UTC)

// strangers are two customers who have nothing in common.
func strangers() Facts {
	return Facts{Redeemer: Person{"cus_1", "phone", "ann@example.com", []string{"card1"}},
		Referrer: Person{"cus_2", "laptop", "bob@example.com", []string{"card2", "card3"}},
		Brought:  []string{"cus_3", "cus_4"}, Now: now}
}

func (f Facts) with(change func(*Facts)) Facts {
	change(&f)
	return f
}

// alike has, for each rule, two customers whom it alone concerns.
var alike = map[Rule]Facts{
	OwnCode:         strangers().with(func(f *Facts) { f.Redeemer.InternalID = "cus_2" }),
	SameFingerprint: strangers().with(func(f *Facts) { f.Redeemer.Fingerprint = "laptop" }),
	SameEmail:       strangers().with(func(f *Facts) { f.Redeemer.Email = "Bob+x@example.com" }),
	SameCard:        strangers().with(func(f *Facts) { f.Redeemer.Cards = []string{"card9", "card3"} }),
	Ring:            strangers().with(func(f *Facts) { f.Brought = []string{"cus_3", "cus_1"} }),
	Velocity:        strangers().with(func(f *Facts) { f.Recent = []time.Time{now.Add(-time.Hour), now.Add(-time.Minute)} }),
}

// allIn is a guard whose rules all do the same.
func allIn(mode catalog.GuardMode) catalog.Guard {
	return catalog.Guard{SameFingerprint: mode, SameEmail: mode, SameCard: mode, Ring: mode, Velocity: &catalog.Velocity{Count: 2, Days: 1, Mode: mode}}
}

// Each rule does what its mode says, alone. An own code is refused in every mode.
func TestEachRuleInEachMode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		guard catalog.Guard
		want  map[Rule]catalog.GuardMode
	}{
		{"as it is by default", catalog.Guard{Velocity: &catalog.Velocity{Count: 2, Days: 1}}, map[Rule]catalog.GuardMode{
			SameFingerprint: catalog.GuardRefuse, SameEmail: catalog.GuardRefuse, SameCard: catalog.GuardOff, Ring: catalog.GuardFlag, Velocity: catalog.GuardFlag}},
		{"without a velocity", catalog.Guard{}, map[Rule]catalog.GuardMode{
			SameFingerprint: catalog.GuardRefuse, SameEmail: catalog.GuardRefuse, SameCard: catalog.GuardOff, Ring: catalog.GuardFlag, Velocity: catalog.GuardOff}},
		{"all off", allIn(catalog.GuardOff), map[Rule]catalog.GuardMode{
			SameFingerprint: catalog.GuardOff, SameEmail: catalog.GuardOff, SameCard: catalog.GuardOff, Ring: catalog.GuardOff, Velocity: catalog.GuardOff}},
		{"all flag", allIn(catalog.GuardFlag), map[Rule]catalog.GuardMode{
			SameFingerprint: catalog.GuardFlag, SameEmail: catalog.GuardFlag, SameCard: catalog.GuardFlag, Ring: catalog.GuardFlag, Velocity: catalog.GuardFlag}},
		{"all refuse", allIn(catalog.GuardRefuse), map[Rule]catalog.GuardMode{
			SameFingerprint: catalog.GuardRefuse, SameEmail: catalog.GuardRefuse, SameCard: catalog.GuardRefuse, Ring: catalog.GuardRefuse, Velocity: catalog.GuardRefuse}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want[OwnCode] = catalog.GuardRefuse
			for rule, mode := range tt.want {
				want := Verdict{}
				switch mode {
				case catalog.GuardFlag:
					want.Flags = []Rule{rule}
				case catalog.GuardRefuse:
					want.Refused = rule
				case catalog.GuardOff:
				}
				if got := Judge(tt.guard, alike[rule]); got.Refused != want.Refused || !slices.Equal(got.Flags, want.Flags) {
					t.Errorf("%s is %+v, want %+v", rule, got, want)
				}
			}
			if got := Judge(tt.guard, strangers()); got.Refused != "" || got.Flags != nil {
				t.Errorf("strangers are %+v", got)
			}
		})
	}
}

// What is not known is like nothing else that is not known.
func TestTheUnknownNeverMatches(t *testing.T) {
	t.Parallel()
	f := Facts{Redeemer: Person{InternalID: "cus_1"}, Referrer: Person{InternalID: "cus_2"}, Now: now}
	if got := Judge(allIn(catalog.GuardRefuse), f); got.Refused != "" || got.Flags != nil {
		t.Errorf("two of whom nothing is known: %+v", got)
	}
}

// Of several rules the first that refuses is named, and those that flag are all listed.
func TestSeveralRulesAtOnce(t *testing.T) {
	t.Parallel()
	f := alike[SameEmail].with(func(f *Facts) {
		f.Brought, f.Redeemer.Cards, f.Recent = []string{"cus_1"}, []string{"card2"}, alike[Velocity].Recent
	})
	g := allIn(catalog.GuardFlag)
	g.SameEmail, g.Velocity.Mode = catalog.GuardRefuse, catalog.GuardRefuse
	if got := Judge(g, f); got.Refused != SameEmail || !slices.Equal(got.Flags, []Rule{SameCard, Ring}) {
		t.Errorf("got %+v", got)
	}
	r := Redemption{Flags: []Rule{Velocity, Ring}}
	if got := r.Flagged([]Rule{SameCard, Ring}); !slices.Equal(got, []Rule{Velocity, Ring, SameCard}) {
		t.Errorf("the flags are %v", got)
	}
}

// A day ends to the nanosecond a day later; what came before does not count.
func TestTheDaysOfTheVelocityRule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ago  []time.Duration
		fast bool
	}{
		{"nothing before", nil, false},
		{"one", []time.Duration{time.Hour}, false},
		{"two", []time.Duration{2 * time.Hour, time.Hour}, true},
		{"two at this moment", []time.Duration{0, 0}, true},
		{"the older almost a day ago", []time.Duration{24*time.Hour - 1, time.Hour}, true},
		{"the older a day ago", []time.Duration{24 * time.Hour, time.Hour}, false},
	} {
		f := strangers()
		for _, ago := range tt.ago {
			f.Recent = append(f.Recent, now.Add(-ago))
		}
		if got := Judge(allIn(catalog.GuardFlag), f); len(got.Flags) > 0 != tt.fast {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// With what is kept of the times the rule says the same as with all of them.
func TestWhatIsKeptOfTheTimesIsEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := catalog.Guard{Velocity: &catalog.Velocity{Count: rapid.IntRange(1, 4).Draw(t, "count"), Days: rapid.IntRange(1, 3).Draw(t, "days")}}
		at := now
		var all, kept []time.Time
		for range rapid.IntRange(1, 12).Draw(t, "redemptions") {
			at = at.Add(time.Duration(rapid.IntRange(0, 48).Draw(t, "hours later")) * time.Hour)
			of := func(recent []time.Time) bool { return len(Judge(g, Facts{Recent: recent, Now: at}.apart()).Flags) > 0 }
			if of(all) != of(kept) {
				t.Fatalf("of all %v it is %t, of those kept %v %t", all, of(all), kept, of(kept))
			}
			all, kept = append(all, at), Counted(g, kept, at)
			if len(kept) > g.Velocity.Count {
				t.Fatalf("%d times are kept for %d", len(kept), g.Velocity.Count)
			}
		}
	})
	if kept := Counted(catalog.Guard{}, []time.Time{now}, now); kept != nil {
		t.Errorf("without the rule %v is kept", kept)
	}
}

func (f Facts) apart() Facts {
	f.Redeemer.InternalID, f.Referrer.InternalID = "cus_1", "cus_2"
	return f
}
