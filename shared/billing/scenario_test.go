package billing

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/rulestest"
)

func TestScenario(t *testing.T) {
	t.Parallel()
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, May }
	waiting := func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, May }
	for _, tt := range []struct {
		name    string
		state   AttachState
		product string
		want    Scenario
	}{
		{"what nobody holds", customerOf(), "pro", ScenarioNew},
		{"a paid product after a free one", customerOf(holding("free")), "pro", ScenarioUpgrade},
		{"a free product after another", customerOf(holding("free")), "hobby", ScenarioNew},
		{"a dearer product", customerOf(holding("pro", onStripe)), "premium", ScenarioUpgrade},
		{"a dearer product in a trial", customerOf(holding("pro_trial", inTrial)), "premium", ScenarioUpgrade},
		{"a cheaper product", customerOf(holding("premium", onStripe)), "pro", ScenarioDowngrade},
		{"a free product after a paid one", customerOf(holding("premium", onStripe)), "free", ScenarioCancel},
		{"what is held", customerOf(holding("pro", onStripe)), "pro", ScenarioActive},
		{"what is held and free", customerOf(holding("free")), "free", ScenarioActive},
		{"what is held in another version", customerOf(holding("pro", onStripe), newer("90", Monthly)), "pro", ScenarioActive},
		{"what is held and ends", customerOf(holding("pro", onStripe, ending)), "pro", ScenarioRenew},
		{"what is held while another waits", customerOf(holding("premium", onStripe), holding("pro", waiting)), "premium", ScenarioRenew},
		{"what waits", customerOf(holding("premium", onStripe), holding("pro", waiting)), "pro", ScenarioScheduled},
		{"an add-on that is held", customerOf(holding("addon_words", onStripe)), "addon_words", ScenarioNew},
		{"an add-on that ends", customerOf(holding("addon_words", onStripe, ending)), "addon_words", ScenarioRenew},
		{"a one-off that is held", customerOf(holding("setup")), "setup", ScenarioNew},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, _ := tt.state.Catalog.Product(tt.product)
			if got := tt.state.Scenario(p, April); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A table that says "active" or "scheduled" of a product never hides that
// attaching it would charge something, and one that offers a product is never
// refused for being held.
func TestAScenarioNeverContradictsAttach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := slices.Sorted(maps.Keys(Shop().Products))
		var words []situation
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 2, rapid.ID).Draw(t, "holds") {
			words = append(words, holding(id, rapid.SampledFrom([]func(*CustomerProduct){onStripe, inTrial, func(*CustomerProduct) {},
				func(cp *CustomerProduct) { onStripe(cp); cp.CanceledAt, cp.EndsAt = April, May }}).Draw(t, "how")))
		}
		s := customerOf(append(words, withCard)...)
		id := rapid.SampledFrom(ids).Draw(t, "product")
		p, _ := s.Catalog.Product(id)
		scenario := s.Scenario(p, April)
		d, err := DecideAttach(s, s.buy(nil, id))
		blocked := slices.Contains([]Scenario{ScenarioActive, ScenarioScheduled}, scenario)
		if blocked && err == nil {
			t.Fatalf("%s, and attach is %s for %d", scenario, d.Branch, d.DueNow())
		}
		if err == nil && d.Branch.Scenario(p) != scenario {
			t.Fatalf("the table says %s, the checkout %s", scenario, d.Branch.Scenario(p))
		}
	})
}

func TestAnOffer(t *testing.T) {
	t.Parallel()
	of := func(s AttachState, id string) *Offer {
		p, _ := s.Catalog.Product(id)
		return DecideOffer(s, p, halfway)
	}
	stranger := customerOf(holding("free"))
	if o := of(stranger, "pro"); o != nil {
		t.Errorf("a page says all of it, yet there is %+v", o)
	}
	if o := of(stranger, "hobby"); o == nil || o.Refused || o.Present != "FREE" {
		t.Errorf("what is free needs no page: %+v", o)
	}
	known := customerOf(withCard, holding("pro", onStripe))
	known.Card = "" // nobody asks Stripe for it
	if o := of(known, "premium"); o == nil || o.Decision.DueNow() != 1500 || !o.Next.At.Equal(May) || Total(o.Next.Lines) != 5000 || o.Present != "PRO" {
		t.Errorf("an upgrade is %+v", o)
	}
	if o := of(known, "premium_prepaid"); o == nil || o.Refused || Total(o.Next.Lines) != 6000 {
		t.Errorf("one pack is offered: %+v", o)
	}
	if o := of(known, "pro"); o == nil || !o.Refused || o.Scenario != ScenarioActive || o.Present != "" {
		t.Errorf("what is held is %+v", o)
	}
}
