package billing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// queued is a customer at Stripe who waits for these rewards.
func queued(c *Catalog, rewards ...string) State {
	s := redeemCustomer("ada")
	s.Customer.StripeID = "cus_stripe"
	for i, id := range rewards {
		s.Queue = append(s.Queue, QueuedReward{RedemptionID: "rr_" + id, Side: BranchReferrer, Reward: c.Rewards[id],
			Since: redeemTime.Add(time.Duration(i) * time.Hour)})
	}
	return s
}

// The schedule checks the first alone, and after the next one when that
// is gone.
func TestOnlyTheFirstOfAQueueIsLookedAfter(t *testing.T) {
	s := redeemable(ReferralProgram{RewardID: "tenth", ReceivedBy: ForReferrer})
	s.Referrer = queued(s.Catalog, "five")
	d, err := redeem(s, "1")
	if err != nil || !d.Referrer.Queued[0].NextCheckAt.IsZero() {
		t.Errorf("behind another one: %+v, %v", d.Referrer.Queued, err)
	}
	two := queued(s.Catalog, "five", "tenth")
	first, _ := two.NextReward(s.Catalog)
	done := Operation{Decision: first}.Settle(two, s.Catalog, Results{Discounted: true}, redeemTime)
	if len(done.Queued) != 1 || done.Queued[0].RedemptionID != "rr_tenth" || !done.Queued[0].NextCheckAt.Equal(redeemTime.Add(24*time.Hour)) {
		t.Errorf("the next one: %+v", done.Queued)
	}
}

// A request that began earlier than the one before it still comes behind it.
func TestARewardJoinsTheEndOfTheQueue(t *testing.T) {
	c := RewardCatalog()
	for _, since := range []time.Duration{-time.Hour, 0, time.Microsecond, time.Minute} {
		s := queued(c, "five")
		s.Queue = append(s.Queue, s.join(QueuedReward{RedemptionID: "rr_a", Since: redeemTime.Add(since)}, redeemTime))
		if first, last := s.Queue[0].Since.UnixMilli(), s.Queue[1].Since.UnixMilli(); last <= first {
			t.Errorf("earned %s after the first: it waits since %s", since, s.Queue[1].Since)
		}
	}
}

// A sign-up program queues a discount for each side it is for, and nobody has
// it before Stripe does.
func TestSignUpQueuesDiscounts(t *testing.T) {
	for _, to := range []string{ForAll, ForReferrer} {
		d, err := redeem(redeemable(ReferralProgram{ReceivedBy: to, RewardID: "tenth"}), "1")
		if err != nil {
			t.Fatal(err)
		}
		r := d.Redemption
		if r.Status != "triggered" || r.Referrer.Status != "triggered" || len(d.Referrer.Products)+len(d.Redeemer.Products) > 0 {
			t.Errorf("%s: %+v", to, d)
		}
		want := QueuedReward{RedemptionID: "rr_1", Side: BranchReferrer, Reward: RewardCatalog().Rewards["tenth"], Since: redeemTime, NextCheckAt: redeemTime.Add(time.Minute)}
		if diff := cmp.Diff([]QueuedReward{want}, d.Referrer.Queued); diff != "" {
			t.Errorf("%s: the referrer's (-want +got):\n%s", to, diff)
		}
		keys := []string{"ada"}
		if to == ForAll {
			keys = append(keys, "bob")
		}
		if diff := cmp.Diff(keys, d.Earned().Discounts); diff != "" {
			t.Errorf("%s: who waits (-want +got):\n%s", to, diff)
		}
	}
}

func TestTheFirstRewardIsNext(t *testing.T) {
	c := RewardCatalog()
	if d, waits := queued(c).NextReward(c); waits {
		t.Errorf("nobody waits: %+v", d)
	}
	d, waits := queued(c, "tenth", "five").NextReward(c)
	if !waits || d.Reward.RedemptionID != "rr_tenth" {
		t.Fatalf("got %+v", d)
	}
	want := []Step{{Name: "discount", Discount: &PutDiscount{Coupon: Coupon{RewardID: "tenth", Name: "Tenth", Percent: Int(10), Currency: "usd", Duration: OneOffDiscount}, Of: "rr_tenth"}}}
	if diff := cmp.Diff(want, d.Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	s := queued(c, "five")
	s.Customer.StripeID = ""
	d, _ = s.NextReward(c)
	if len(d.Steps) != 2 || d.Steps[0].Customer == nil || d.Steps[1].Discount.Coupon.Amount != 500 || !d.Steps[1].Discount.Coupon.Percent.IsZero() {
		t.Errorf("a customer Stripe doesn't know: %+v", d.Steps)
	}
}

// The terms are those the reward had when it was earned, and its prices those
// that are still sold.
func TestARewardForSomePrices(t *testing.T) {
	c := RewardCatalog()
	r := c.Rewards["tenth"]
	r.Discount = &Discount{Value: Int(10), Duration: MonthsDiscount, Months: 2, PriceIDs: []string{"pr_addon", "pr_gone", "pr_pro"}}
	c.Rewards["part"] = r
	c.StripePrices = map[string]string{"pr_pro": "price_pro"}
	s := queued(c, "part")
	c.Rewards["part"] = Reward{ID: "part", Type: FixedDiscount, Discount: &Discount{Value: One, Duration: ForeverDiscount, ApplyToAll: true}}
	d, _ := s.NextReward(c)
	if len(d.Steps) != 2 || d.Steps[0].Price == nil || d.Steps[0].Price.ItemID != "pr_addon" {
		t.Fatalf("steps %+v", d.Steps)
	}
	want := Coupon{RewardID: "tenth", Name: "Tenth", Percent: Int(10), Currency: "usd", Duration: MonthsDiscount, Months: 2,
		Only: []PriceLine{{ItemID: "pr_addon"}, {ItemID: "pr_pro", StripeID: "price_pro"}}}
	if diff := cmp.Diff(want, d.Steps[1].Discount.Coupon); diff != "" {
		t.Errorf("coupon (-want +got):\n%s", diff)
	}
}

// A reward for prices that are all gone would become a discount on everything.
func TestARewardForNothingIsDropped(t *testing.T) {
	c := RewardCatalog()
	c.Rewards["part"] = Reward{ID: "part", Type: PercentageDiscount, Discount: &Discount{Value: One, Duration: OneOffDiscount, PriceIDs: []string{"pr_gone"}}}
	s := queued(c, "part", "tenth")
	d, waits := s.NextReward(c)
	if !waits || len(d.Steps) > 0 || d.Branch != BranchVoid {
		t.Fatalf("got %+v", d)
	}
	done := Operation{Decision: d}.Settle(s, c, Results{}, redeemTime)
	if done.Unqueued == nil || done.Applied || done.Audit.Why == "" {
		t.Errorf("left behind: %+v", done)
	}
}

func TestWhatBecomesOfAQueuedReward(t *testing.T) {
	c := RewardCatalog()
	s := queued(c, "tenth")
	d, _ := s.NextReward(c)
	soon := redeemTime.Add(36 * time.Hour)
	for name, tt := range map[string]struct {
		r      Results
		lookAt time.Time // zero: it waits no longer
	}{
		"applied":                         {Results{Discounted: true}, time.Time{}},
		"another one runs until a day":    {Results{DiscountTurn: soon}, soon},
		"another one runs without end":    {Results{}, redeemTime.Add(24 * time.Hour)},
		"its end lies in the past by now": {Results{DiscountTurn: redeemTime}, redeemTime.Add(24 * time.Hour)},
	} {
		done := Operation{ID: "op", Command: "apply_reward", Decision: d}.Settle(s, c, tt.r, redeemTime)
		if tt.lookAt.IsZero() {
			if done.Unqueued == nil || !done.Applied || len(done.Queued) > 0 || done.Audit.Action != "apply_reward" {
				t.Errorf("%s: %+v", name, done)
			}
			continue
		}
		if done.Unqueued != nil || done.Applied || len(done.Queued) != 1 || !done.Queued[0].NextCheckAt.Equal(tt.lookAt) || done.Audit.Action != "" {
			t.Errorf("%s: %+v", name, done)
		}
	}
}
