package billing

import (
	"errors"
	"slices"
	"testing"
	"time"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// pendingOfBob is a redemption of bob's of ada's code that waits for a purchase.
func pendingOfBob() referral.Redemption {
	return referral.Redemption{ID: "rr_1", Code: "4EXWV2", ProgramID: "rs_1", RewardID: "gift", ReferrerID: "ada", RedeemerID: "bob",
		ReferrerInternalID: "cus_ada", RedeemerInternalID: "cus_bob"}.Begin(referral.Pending, true, redeemTime)
}

func TestAPurchaseGivesOrIsHeldOrRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		terms  ReferralProgram
		change func(*RedeemState)
		want   referral.Status
		places int
		flags  []referral.Rule
	}{
		"as it should be":   {ReferralProgram{}, func(*RedeemState) {}, referral.Applied, 1, nil},
		"hold days":         {ReferralProgram{HoldDays: 3}, func(*RedeemState) {}, referral.Held, 1, nil},
		"a ring":            {ReferralProgram{}, func(s *RedeemState) { s.Brought = []string{"cus_bob"} }, referral.Held, 1, []referral.Rule{referral.Ring}},
		"one card":          {ReferralProgram{Guard: Guard{SameCard: GuardRefuse}}, oneCard, referral.Refused, 0, nil},
		"one card, by eye":  {ReferralProgram{Guard: Guard{SameCard: GuardFlag}}, oneCard, referral.Held, 1, []referral.Rule{referral.SameCard}},
		"one card, allowed": {ReferralProgram{}, oneCard, referral.Applied, 1, nil},
		"too fast by now":   {ReferralProgram{Guard: Guard{Velocity: &Velocity{Count: 1, Days: 9, Mode: GuardRefuse}}}, func(s *RedeemState) { s.Code.Recent = []time.Time{redeemTime} }, referral.Applied, 1, nil},
	} {
		tt.terms.When, tt.terms.ProductIDs, tt.terms.ReceivedBy = OnCheckout, []string{"pro"}, ForAll
		s := redeemable(tt.terms)
		tt.change(&s)
		d, err := DecideTrigger(s, pendingOfBob(), Redeem{Now: redeemTime})
		if err != nil || d.Redemption.Status != tt.want || d.Places != tt.places || !slices.Equal(d.Redemption.Flags, tt.flags) {
			t.Errorf("%s: %+v, %v", name, d.Redemption, err)
		}
		if gives := d.Referrer != nil; gives != (tt.want == referral.Applied) {
			t.Errorf("%s: the referrer gets %+v", name, d.Referrer)
		}
		if due := d.Redemption.Due(); (tt.terms.HoldDays > 0) != due.Equal(redeemTime.AddDate(0, 0, tt.terms.HoldDays)) {
			t.Errorf("%s: due %s", name, due)
		}
	}
}

func oneCard(s *RedeemState) { s.RedeemerCards, s.ReferrerCards = []string{"a", "b"}, []string{"b"} }

// What was held is given as it was promised, although the program is gone.
func TestWhatIsHeldIsGivenOrEnds(t *testing.T) {
	s := redeemable(ReferralProgram{HoldDays: 3, When: OnCheckout, ProductIDs: []string{"pro"}})
	held, err := DecideTrigger(s, pendingOfBob(), Redeem{Now: redeemTime})
	if err != nil {
		t.Fatal(err)
	}
	delete(s.Catalog.Programs, "signup")
	delete(s.Catalog.Rewards, "gift")
	given, err := DecideRelease(s, held.Redemption, Redeem{Now: redeemTime})
	if err != nil || given.Redemption.Status != referral.Applied || given.Places != 0 || len(given.Redeemer.Products)+len(given.Referrer.Products) != 2 {
		t.Errorf("given: %+v, %v", given, err)
	}
	for end, places := range map[referral.Status]int{referral.Refused: -1, referral.Closed: 0} {
		d := DecideEnd(s, held.Redemption, end, "why", Redeem{Now: redeemTime})
		if d.Redemption.Status != end || d.Redemption.Reason != "why" || d.Places != places || d.Referrer != nil || d.Redeemer.Audit.Why == "" {
			t.Errorf("%s: %+v", end, d)
		}
	}
	if d := DecideEnd(s, pendingOfBob(), referral.Refused, "why", Redeem{Now: redeemTime}); d.Places != 0 {
		t.Errorf("what only waited had a place: %+v", d)
	}
	s.Referrer = State{}
	if _, err := DecideRelease(s, held.Redemption, Redeem{Now: redeemTime}); WhyNever(err, s.Catalog, held.Redemption) != referral.ReasonOwnerGone {
		t.Errorf("without the referrer: %v", err)
	}
}

func TestWhyNothingComesOfARedemption(t *testing.T) {
	held := pendingOfBob()
	held.Status = referral.Held
	for _, tt := range []struct {
		err     error
		r       referral.Redemption
		program bool
		want    string
	}{
		{ErrMaxRedemptions, pendingOfBob(), true, referral.ReasonLimit},
		{ErrReferralCodeNotFound("x"), pendingOfBob(), false, referral.ReasonProgramGone},
		{ErrReferralCodeNotFound("x"), pendingOfBob(), true, referral.ReasonOwnerGone},
		{ErrReferralCodeNotFound("x"), held, false, referral.ReasonOwnerGone},
		{refusal.NotFound(ReasonRewardNotFound), pendingOfBob(), true, referral.ReasonRewardGone},
		{refusal.ErrDatabaseUnavailable, pendingOfBob(), true, ""},
		{errors.New("a fault of ours"), pendingOfBob(), true, ""},
	} {
		c := redeemable(ReferralProgram{}).Catalog
		if !tt.program {
			c = &Catalog{}
		}
		if got := WhyNever(tt.err, c, tt.r); got != tt.want {
			t.Errorf("%v of a %s one: %q, want %q", tt.err, tt.r.Status, got, tt.want)
		}
	}
}

func TestWhenAPaymentWentBack(t *testing.T) {
	for want, all := range map[string][]Payment{
		"":                      {{Amount: 5}, {Amount: 5, Refunded: 4}, {}},
		referral.ReasonRefunded: {{Amount: 5, Refunded: 5}},
		referral.ReasonDisputed: {{Amount: 5, Disputed: 2}, {Amount: 5, Refunded: 5, Disputed: 5}},
	} {
		for _, p := range all {
			if got := p.WentBack(); got != want {
				t.Errorf("%+v: %q, want %q", p, got, want)
			}
		}
	}
}

func TestWhichPaymentIsTheFirst(t *testing.T) {
	s, c, _ := buyer(nil)
	in := func(id string, days int, total int64, product string) Invoice {
		return Invoice{StripeID: id, Status: "paid", Total: Amount(100 * total), ProductIDs: []string{product}, SubscriptionID: "sub_1", CreatedAt: redeemTime.AddDate(0, 0, days)}
	}
	newestFirst := []Invoice{in("in_5", 40, 20, "pro"), in("in_4", 10, 20, "pro"), in("in_3", 5, 9, "booster"), in("in_2", 3, 0, "pro"), in("in_1", -3, 20, "pro")}
	for invoice, want := range map[string]bool{"in_1": false, "in_2": false, "in_3": false, "in_4": true, "in_5": false} {
		if got := s.IsFirstPayment(c, s.Redeemed[0], newestFirst, invoice); got != want {
			t.Errorf("checkout, %s: %v", invoice, got)
		}
	}
	p := c.Programs["friends"]
	p.When, p.ProductIDs = OnSignUp, nil
	c.Programs["friends"] = p
	for invoice, want := range map[string]bool{"in_1": false, "in_2": false, "in_3": true, "in_4": false, "in_5": false} {
		if got := s.IsFirstPayment(c, s.Redeemed[0], newestFirst, invoice); got != want {
			t.Errorf("sign-up, %s: %v", invoice, got)
		}
	}
}
