package billing

import (
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	"windfall/shared/referral"
)

// heldBob is bob's redemption of ada's code in a checkout program, as far as a status.
func heldBob(t *testing.T, as referral.Status) (RedeemState, referral.Redemption) {
	t.Helper()
	terms := ReferralProgram{When: OnCheckout, ProductIDs: []string{"pro"}, MaxRedemptions: 2}
	if as == referral.Held {
		terms.HoldDays = 10
	}
	s := redeemable(terms)
	d, err := redeem(s, "1")
	if err == nil && as != referral.Pending {
		d, err = DecideTrigger(s, d.Redemption, Redeem{Now: redeemTime})
	}
	if err != nil || d.Redemption.Status != as {
		t.Fatalf("it is %s, want %s; %v", d.Redemption.Status, as, err)
	}
	return s, d.Redemption
}

// Only one that is refused while it is held gives its place back: what waits for a
// purchase never had one, and what a reversal takes back keeps its.
func TestWhichEndGivesAPlaceBack(t *testing.T) {
	for _, tt := range []struct {
		from, end referral.Status
		places    int
	}{
		{referral.Pending, referral.Refused, 0}, {referral.Pending, referral.Closed, 0},
		{referral.Held, referral.Refused, -1}, {referral.Held, referral.Closed, 0},
	} {
		s, r := heldBob(t, tt.from)
		d := DecideEnd(s, r, tt.end, "x", Redeem{Now: redeemTime})
		if d.Places != tt.places || d.Redemption.Status != tt.end || d.Redemption.Reason != "x" || d.Redemption.Reward != nil || d.Referrer != nil {
			t.Errorf("from %s to %s: %d places, %+v", tt.from, tt.end, d.Places, d.Redemption)
		}
	}
	s, r := heldBob(t, referral.Applied)
	if d := DecideReverse(s, r, referral.ReasonRefunded, Redeem{Now: redeemTime}); d.Places != 0 || d.Redemption.Status != referral.Reversed {
		t.Errorf("reversed: %d places, %s", d.Places, d.Redemption.Status)
	}
}

// Any life of a redemption, whatever decides: it takes one place when it is held or set
// off, and gives it back when it is refused while held, and never else.
func TestThePlaceOfARedemption(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms := ReferralProgram{HoldDays: rapid.IntRange(0, 1).Draw(t, "hold days"), MaxRedemptions: rapid.IntRange(0, 2).Draw(t, "limit"),
			RewardID: rapid.SampledFrom([]string{"gift", "gift_once"}).Draw(t, "reward")}
		if rapid.Bool().Draw(t, "checkout") {
			terms.When, terms.ProductIDs = OnCheckout, []string{"pro"}
		}
		s := redeemable(terms)
		if rapid.Bool().Draw(t, "in a ring") {
			s.Brought = []string{"cus_bob"}
		}
		d, err := redeem(s, "1")
		if err != nil {
			t.Fatal(err)
		}
		places, r := d.Places, d.Redemption
		has := func() int {
			held := r.Status == referral.Held || r.Status == referral.Closed && d.Before.Status == referral.Held
			if held || r.SetOff() {
				return 1
			}
			return 0
		}
		cmd := Redeem{Now: redeemTime.AddDate(0, 0, 1)}
		for !r.Status.Over() && places == has() {
			s.Code.Triggered = places
			end := rapid.SampledFrom([]referral.Status{"", referral.Refused, referral.Closed}).Draw(t, "end")
			switch {
			case r.SetOff():
				d = DecideReverse(s, r, "x", cmd)
			case end != "":
				d = DecideEnd(s, r, end, "x", cmd)
			case r.Status == referral.Held:
				d, err = DecideRelease(s, r, cmd)
			default:
				d, err = DecideTrigger(s, r, cmd)
			}
			if err != nil || d.Redemption.Status == r.Status {
				t.Fatalf("it is still %s: %v", r.Status, err)
			}
			d.Before = r
			places, r = places+d.Places, d.Redemption
		}
		if places != has() {
			t.Fatalf("it was %s and is %s, and has %d places", d.Before.Status, r.Status, places)
		}
	})
}
