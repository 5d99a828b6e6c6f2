package catalog_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestCreateProgram(t *testing.T) {
	good := EditProgram{ID: "new", InternalID: "rs_new", When: OnSignUp, Reward: "gift", ReceivedBy: ForAll, Now: time.UnixMilli(5).UTC()}
	with := func(change func(*EditProgram)) EditProgram { p := good; change(&p); return p }
	tests := []struct {
		name string
		cmd  EditProgram
		why  refusal.Reason
	}{
		{"as it should be", good, ""},
		{"a reward by our id", with(func(p *EditProgram) { p.Reward = "rew_gift" }), ""},
		{"an unknown reward", with(func(p *EditProgram) { p.Reward = "x" }), "reward_not_found"},
		{"no id", with(func(p *EditProgram) { p.ID = "" }), "program_text"},
		{"an id that would break a key", with(func(p *EditProgram) { p.ID = "a#b" }), "program_text"},
		{"an id that is taken", with(func(p *EditProgram) { p.ID = "old" }), "duplicate_program"},
		{"an unknown trigger", with(func(p *EditProgram) { p.When = "never" }), "program_trigger"},
		{"an unknown receiver", with(func(p *EditProgram) { p.ReceivedBy = "redeemer" }), "program_receivers"},
		{"checkout without products", with(func(p *EditProgram) { p.When = OnCheckout }), "program_without_products"},
		{"checkout of an unknown product", with(func(p *EditProgram) { p.When, p.ProductIDs = OnCheckout, []string{"x"} }), "product_not_found"},
		{"checkout of a product", with(func(p *EditProgram) { p.When, p.ProductIDs = OnCheckout, []string{"pro"} }), ""},
		{"products of a sign-up", with(func(p *EditProgram) { p.ProductIDs = []string{"pro"} }), "program_products_at_sign_up"},
		{"a limit", with(func(p *EditProgram) { p.MaxRedemptions = ptr(1) }), ""},
		{"a limit of nothing", with(func(p *EditProgram) { p.MaxRedemptions = ptr(0) }), "program_limit"},
		{"a limit below nothing", with(func(p *EditProgram) { p.MaxRedemptions = ptr(-1) }), "program_limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := RewardCatalog()
			c.Programs["old"] = ReferralProgram{ID: "old", InternalID: "rs_old"}
			got, err := DecideCreateProgram(c, tt.cmd)
			WantReason(t, err, tt.why)
			if err == nil && !got.ExcludeTrial {
				t.Error("a trial counts as a purchase, though nobody said so")
			}
		})
	}
}

// Every reward with every trigger and every receiver: a program is made only
// if its reward can be given.
func TestAProgramNeverPromisesWhatItCannotGive(t *testing.T) {
	givable := map[string]bool{"gift": true, "gift_once": true, "tenth": true, "five": true, "credits": true, "months": true, "words": true}
	shop := func() *Catalog {
		c := RewardCatalog()
		for id, product := range map[string]string{"months": "pro", "words": "addon_words", "nothing": "bonus", "gone": "x"} {
			c.Rewards[id] = Reward{ID: id, InternalID: "rew_" + id, Type: FreeProduct, FreeProduct: product, FreePeriods: 2}
		}
		return c
	}
	for reward := range shop().Rewards {
		for _, when := range []string{OnSignUp, OnCheckout} {
			for _, to := range []string{ForReferrer, ForAll} {
				cmd := EditProgram{ID: "p", When: when, Reward: reward, ReceivedBy: to}
				if when == OnCheckout {
					cmd.ProductIDs = []string{"pro"}
				}
				_, err := DecideCreateProgram(shop(), cmd)
				if (err == nil) != givable[reward] {
					t.Errorf("%s, %s, %s: %v", reward, when, to, err)
				}
			}
		}
	}
}

func TestEditProgramReplacesAllTerms(t *testing.T) {
	c := RewardCatalog()
	was := ReferralProgram{ID: "old", InternalID: "rs_old", When: OnSignUp, RewardID: "gift", ReceivedBy: ForAll,
		MaxRedemptions: 5, NewCustomersOnly: true, CreatedAt: time.UnixMilli(1).UTC()}
	c.Programs["old"] = was
	got, err := DecideEditProgram(c, EditProgram{ID: "rs_old", When: OnCheckout, Reward: "tenth", ReceivedBy: ForReferrer,
		ProductIDs: []string{"pro", "bonus"}, ExcludeTrial: ptr(false)})
	if err != nil {
		t.Fatal(err)
	}
	want := ReferralProgram{ID: "old", InternalID: "rs_old", When: OnCheckout, RewardID: "tenth", ReceivedBy: ForReferrer,
		ProductIDs: []string{"bonus", "pro"}, CreatedAt: was.CreatedAt}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("program (-want +got):\n%s", diff)
	}
	twice := EditProgram{ID: "old", When: OnCheckout, Reward: "tenth", ReceivedBy: ForReferrer, ProductIDs: []string{"pro", "bonus", "pro"}}
	if _, err := DecideEditProgram(c, twice); ReasonOf(err) != ReasonProgramProductTwice {
		t.Errorf("a product twice: %v", err)
	}
	if _, err := DecideEditProgram(c, EditProgram{ID: "x"}); ReasonOf(err) != ReasonProgramNotFound {
		t.Errorf("unknown: %v", err)
	}
	if _, err := DecideEditProgram(c, EditProgram{ID: "old", NewID: "x"}); ReasonOf(err) != ReasonProgramIDFixed {
		t.Errorf("another id: %v", err)
	}
}
