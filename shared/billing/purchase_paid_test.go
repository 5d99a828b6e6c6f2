package billing

import (
	"errors"
	"testing"
	"time"

	. "windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

// buyer has redeemed a code of a program for pro and holds pro since then.
func buyer(change func(*ReferralProgram, *CustomerProduct, *Invoice)) (State, *Catalog, []Invoice) {
	c := RewardCatalog()
	p := ReferralProgram{ID: "friends", InternalID: "rs_1", When: OnCheckout, RewardID: "gift", ReceivedBy: ForAll, ProductIDs: []string{"pro"}, ExcludeTrial: true}
	current := CustomerProduct{ID: "cp_1", ProductID: "pro", Version: 1, Status: Active, StartsAt: redeemTime.Add(time.Hour), SubscriptionID: "sub_1"}
	paid := Invoice{StripeID: "in_1", Status: "paid", Total: 2000, ProductIDs: []string{"pro"}, SubscriptionID: "sub_1", CreatedAt: redeemTime.Add(time.Hour)}
	if change != nil {
		change(&p, &current, &paid)
	}
	c.Programs["friends"] = p
	s := redeemCustomer("bob")
	s.Products = []CustomerProduct{current}
	s.Redeemed = []referral.Redemption{referral.Redemption{ID: "rr_1", Code: "4EXWV2", ProgramID: "rs_1", RewardID: "gift"}.
		Begin(referral.Pending, true, redeemTime.Add(500*time.Millisecond))}
	return s, c, []Invoice{paid}
}

func TestWhichInvoiceIsThePurchase(t *testing.T) {
	week := redeemTime.Add(7 * 24 * time.Hour)
	for name, tt := range map[string]struct {
		change func(*ReferralProgram, *CustomerProduct, *Invoice)
		want   bool
	}{
		"the first of the product":        {nil, true},
		"in the second of the redemption": {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.CreatedAt = redeemTime }, true},
		"of nothing":                      {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.Total = 0 }, false},
		"a renewal of nothing": {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) {
			i.Renewal, i.ProductIDs, i.Total = true, nil, 0
		}, false},
		"the start of a trial, which counts": {func(p *ReferralProgram, cp *CustomerProduct, i *Invoice) {
			p.ExcludeTrial, cp.TrialEnds, i.Total = false, week, 0
		}, true},
		"before the redemption": {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.CreatedAt = redeemTime.Add(-time.Second) }, false},
		"not paid yet":          {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.Status = "open" }, false},
		"of another product":    {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.ProductIDs = []string{"bonus"} }, false},
		"of an upgrade to another product": {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) {
			i.ProductIDs, i.Credited = []string{"pro", "premium"}, []string{"pro"}
		}, false},
		"of a product that is not held":   {func(_ *ReferralProgram, cp *CustomerProduct, _ *Invoice) { cp.ProductID = "booster" }, false},
		"of a product out of the program": {func(p *ReferralProgram, _ *CustomerProduct, _ *Invoice) { p.ProductIDs = []string{"booster"} }, false},
		"in the trial":                    {func(_ *ReferralProgram, cp *CustomerProduct, _ *Invoice) { cp.TrialEnds = week }, false},
		"in the trial, which counts":      {func(p *ReferralProgram, cp *CustomerProduct, _ *Invoice) { p.ExcludeTrial, cp.TrialEnds = false, week }, true},
		"at the end of the trial": {func(_ *ReferralProgram, cp *CustomerProduct, i *Invoice) {
			cp.TrialEnds, i.CreatedAt, i.Renewal = week, week, true
		}, true},
		"a renewal":                          {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.Renewal, i.ProductIDs = true, nil }, true},
		"a renewal of another subscription":  {func(_ *ReferralProgram, _ *CustomerProduct, i *Invoice) { i.Renewal, i.SubscriptionID = true, "sub_2" }, false},
		"a renewal before the product began": {func(_ *ReferralProgram, cp *CustomerProduct, i *Invoice) { cp.StartsAt, i.Renewal = week, true }, false},
		"a renewal after the product ended": {func(_ *ReferralProgram, cp *CustomerProduct, i *Invoice) {
			cp.Status, cp.EndsAt, i.Renewal = Expired, i.CreatedAt, true
		}, false},
	} {
		s, c, invoices := buyer(tt.change)
		if got := len(s.Rewarded(c, invoices)) == 1; got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Nothing will ever come of it, so it need not wait.
func TestARedemptionOfAProgramThatIsGoneWaitsNoLonger(t *testing.T) {
	s, c, _ := buyer(nil)
	if got := s.Rewarded(c, nil); len(got) != 0 {
		t.Errorf("while it stands: %v", got)
	}
	delete(c.Programs, "friends")
	if got := s.Rewarded(c, nil); len(got) != 1 {
		t.Errorf("when it is gone: %v", got)
	}
}

func TestDecideTrigger(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*RedeemState)
		want   error
	}{
		"as it should be":         {func(*RedeemState) {}, nil},
		"one below the limit":     {func(s *RedeemState) { s.Code.Triggered = 1 }, nil},
		"at the limit":            {func(s *RedeemState) { s.Code.Triggered = 2 }, ErrMaxRedemptions},
		"the program is gone":     {func(s *RedeemState) { delete(s.Catalog.Programs, "signup") }, ErrReferralCodeNotFound("")},
		"the referrer is gone":    {func(s *RedeemState) { s.Referrer = State{} }, ErrReferralCodeNotFound("")},
		"the code is gone":        {func(s *RedeemState) { s.Code = ReferralCode{} }, ErrReferralCodeNotFound("")},
		"the reward is gone":      {func(s *RedeemState) { delete(s.Catalog.Rewards, "gift") }, refusal.NotFound(ReasonRewardNotFound)},
		"the referrer is renamed": {func(s *RedeemState) { s.Referrer.Customer.ID = "eve" }, nil},
	} {
		s := redeemable(ReferralProgram{When: OnCheckout, ProductIDs: []string{"pro"}, MaxRedemptions: 2})
		tt.change(&s)
		was := referral.Redemption{ID: "rr_1", Code: "4EXWV2", ProgramID: "rs_1", RewardID: "gift", ReferrerID: "ada", RedeemerID: "bob"}.
			Begin(referral.Pending, true, redeemTime)
		d, err := DecideTrigger(s, was, Redeem{Actor: "stripe", Now: redeemTime})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if err != nil {
			continue
		}
		r := d.Redemption
		if r.Status != referral.Applied || r.Referrer.Status != referral.Applied || r.Redeemer.Status != referral.Applied || r.ReferrerID != s.Referrer.Customer.Key() || d.Max != 2 ||
			len(d.Referrer.Products) != 1 || d.Redeemer.Products[0].CreatedBy != "rr_1" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
