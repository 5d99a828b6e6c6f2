package billing

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	"windfall/shared/referral"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

var redeemTime = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

func redeemCustomer(id string) State {
	return State{Customer: Customer{ID: id, InternalID: "cus_" + id}, Balances: map[string]Balance{}}
}

// redeemable is a code of ada in a sign-up program that gives bonus to both,
// about to be redeemed by bob.
func redeemable(terms ReferralProgram) RedeemState {
	c := RewardCatalog()
	terms.ID, terms.InternalID = "signup", "rs_1"
	if terms.When == "" {
		terms.When = OnSignUp
	}
	if terms.RewardID == "" {
		terms.RewardID = "gift"
	}
	if terms.ReceivedBy == "" {
		terms.ReceivedBy = ForAll
	}
	c.Programs["signup"] = terms
	return RedeemState{Catalog: c, Code: ReferralCode{Code: "4EXWV2", ProgramID: "rs_1", OwnerID: "ada", InternalID: "cus_ada"},
		Referrer: redeemCustomer("ada"), Redeemer: redeemCustomer("bob")}
}

func redeem(s RedeemState, id string) (RedeemDecision, error) {
	return DecideRedeem(s, Redeem{ID: "rr_" + id, Actor: "am_sk_test", Now: redeemTime})
}

// Every combination of reasons not to redeem: the answer names the first one
// in the documented order.
func TestRefusalsComeInTheirOrder(t *testing.T) {
	breaks := []struct {
		with func(*RedeemState)
		want error
	}{
		{func(s *RedeemState) { s.Code.ProgramID = "rs_gone" }, ErrReferralCodeNotFound("")},
		{func(s *RedeemState) { s.Code.Triggered = 3 }, ErrMaxRedemptions},
		{func(s *RedeemState) { s.Redeemed = true }, ErrAlreadyRedeemed},
		{func(s *RedeemState) { s.Redeemer.Customer.Fingerprint, s.Referrer.Customer.Fingerprint = "d", "d" }, ErrOwnCode},
		{func(s *RedeemState) { s.Invoices = []Invoice{{Status: "paid", Total: 1}} }, ErrNotNew},
	}
	for set := range 1 << len(breaks) {
		s := redeemable(ReferralProgram{MaxRedemptions: 3, NewCustomersOnly: true})
		var want error
		for i, b := range breaks {
			if set&(1<<i) == 0 {
				continue
			}
			b.with(&s)
			if want == nil {
				want = b.want
			}
		}
		if _, err := redeem(s, "1"); !errors.Is(err, want) {
			t.Errorf("reasons %05b: got %v, want %v", set, err, want)
		}
	}
}

func TestMostProgramsAreForPayingCustomersToo(t *testing.T) {
	s := redeemable(ReferralProgram{})
	s.Invoices = []Invoice{{Status: "paid", Total: 1}}
	if _, err := redeem(s, "1"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestACodeOfACustomerWhoIsGoneIsNotFound(t *testing.T) {
	s := redeemable(ReferralProgram{})
	s.Referrer = State{}
	if _, err := redeem(s, "1"); ReasonOf(err) != "referral_code_not_found" {
		t.Errorf("deleted: %v", err)
	}
	s.Referrer = redeemCustomer("ada")
	s.Referrer.Customer.InternalID = "cus_another" // who took the id afterwards
	if _, err := redeem(s, "1"); ReasonOf(err) != "referral_code_not_found" {
		t.Errorf("replaced: %v", err)
	}
}

func TestAProgramMadeAnewUnderAnOldIDStartsAfresh(t *testing.T) {
	s := redeemable(ReferralProgram{})
	p := s.Catalog.Programs["signup"]
	p.InternalID = "rs_2"
	s.Catalog.Programs["signup"] = p
	if _, err := redeem(s, "1"); ReasonOf(err) != "referral_code_not_found" {
		t.Errorf("got %v", err)
	}
}

func TestSignUpGivesAtOnce(t *testing.T) {
	for _, tt := range []struct {
		to             string
		reward         string
		redeemerBonus  int
		redeemerWrites int
	}{{ForAll, "gift", 1, 1}, {ForReferrer, "gift", 0, 0}, {ForAll, "gift_once", 1, 1}} {
		d, err := redeem(redeemable(ReferralProgram{ReceivedBy: tt.to, RewardID: tt.reward, MaxRedemptions: 2}), "1")
		if err != nil {
			t.Fatal(err)
		}
		reward := RewardCatalog().Rewards[tt.reward]
		want := referral.Redemption{ID: "rr_1", Code: "4EXWV2", ProgramID: "rs_1", RewardID: tt.reward, ReferrerID: "ada", RedeemerID: "bob",
			RedeemerInternalID: "cus_bob", ReferrerInternalID: "cus_ada", Status: referral.Applied, Referrer: referral.Side{Status: referral.Applied, Holding: "cp_1_referrer"},
			Reward: &reward, CreatedAt: redeemTime, UpdatedAt: redeemTime}
		if tt.to == ForAll {
			want.Redeemer = referral.Side{Status: referral.Applied, Holding: "cp_1_redeemer"}
		}
		if diff := cmp.Diff(want, d.Redemption); diff != "" || d.Max != 2 {
			t.Errorf("%s: limit %d (-want +got):\n%s", tt.to, d.Max, diff)
		}
		if d.Referrer == nil || len(d.Referrer.Products) != 1 || len(d.Referrer.Balances) != 1 || d.Referrer.Invoice != nil {
			t.Errorf("%s: the referrer gets %+v", tt.to, d.Referrer)
		}
		if len(d.Redeemer.Products) != tt.redeemerBonus || len(d.Redeemer.Balances) != tt.redeemerWrites {
			t.Errorf("%s: the redeemer gets %+v", tt.to, d.Redeemer)
		}
		for _, audit := range []Audit{d.Redeemer.Audit, d.Referrer.Audit} {
			if audit.Action != "redeem" || audit.OperationID != "rr_1" || audit.Why == "" || audit.Amount != 0 {
				t.Errorf("%s: audit %+v", tt.to, audit)
			}
		}
	}
}

// A checkout program takes any number of redemptions and gives nothing yet.
func TestCheckoutWaitsForThePurchase(t *testing.T) {
	for reward := range RewardCatalog().Rewards {
		s := redeemable(ReferralProgram{When: OnCheckout, ProductIDs: []string{"pro"}, RewardID: reward, MaxRedemptions: 1})
		s.Code.Triggered = 1
		d, err := redeem(s, "1")
		if err != nil || d.Referrer != nil || d.Redemption.Status != referral.Pending || d.Places != 0 || len(d.Redeemer.Products) > 0 {
			t.Errorf("%s: %+v, %v", reward, d, err)
		}
	}
}

// A reward that was changed behind a program's back is refused, not ignored.
func TestARewardThatCannotBeGivenIsRefused(t *testing.T) {
	for reward, why := range map[string]refusal.Reason{"gift_paid": "program_reward_recurs", "gone": "reward_not_found"} {
		if _, err := redeem(redeemable(ReferralProgram{RewardID: reward}), "1"); ReasonOf(err) != why {
			t.Errorf("%s: %v", reward, err)
		}
	}
}

// A random crowd redeems the codes of a random crowd, as a table would save it
// with its conditions. No code passes its limit, nobody redeems twice or their
// own code, and everybody holds as many gifts as they earned.
func TestAnySequenceOfRedemptionsKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(0, 3).Draw(t, "limit")
		terms := ReferralProgram{MaxRedemptions: limit, ReceivedBy: rapid.SampledFrom([]string{ForAll, ForReferrer}).Draw(t, "to"),
			RewardID: rapid.SampledFrom([]string{"gift", "gift_once"}).Draw(t, "reward")}
		people, codes := map[string]State{}, map[string]ReferralCode{}
		for i := range 5 {
			id := fmt.Sprint(i)
			s := redeemCustomer(id)
			s.Customer.Fingerprint = rapid.SampledFrom([]string{"", "d1", "d2"}).Draw(t, "device")
			people[id], codes[id] = s, ReferralCode{Code: "CODE" + id, ProgramID: "rs_1", OwnerID: id, InternalID: "cus_" + id}
		}
		redeemed, earned := map[string]bool{}, map[string]int{}
		for i := range rapid.IntRange(0, 30).Draw(t, "times") {
			from, by := fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "from")), fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "by"))
			s := redeemable(terms)
			s.Code, s.Referrer, s.Redeemer, s.Redeemed = codes[from], people[from], people[by], redeemed[by]
			s.Brought = s.Referrer.Customer.Brought
			d, err := redeem(s, fmt.Sprint(i))
			if err != nil {
				continue
			}
			if from == by || redeemed[by] || s.Referrer.Customer.Fingerprint != "" && s.Referrer.Customer.Fingerprint == s.Redeemer.Customer.Fingerprint {
				t.Fatalf("%s redeemed the code of %s", by, from)
			}
			code := codes[from]
			code.Triggered += d.Places
			codes[from], redeemed[by] = code, true
			people[by] = saved(people[by], d.Redeemer)
			if slices.Contains(s.Brought, "cus_"+by) != (d.Redemption.Status == referral.Held) {
				t.Fatalf("%s, who brought %s, redeemed the code of %s: %s", by, from, from, d.Redemption.Status)
			}
			if d.Referrer == nil {
				continue
			}
			people[from] = saved(people[from], *d.Referrer)
			earned[from]++
			if terms.ReceivedBy == ForAll {
				earned[by]++
			}
		}
		for id, s := range people {
			if limit > 0 && codes[id].Triggered > limit {
				t.Fatalf("code of %s was triggered %d times, limit %d", id, codes[id].Triggered, limit)
			}
			held := 0
			for _, cp := range s.Products {
				held += cp.Quantity
			}
			granted := s.Balances["messages"].At(redeemTime).Sum(redeemTime).Granted
			if held != earned[id] || !granted.Equal(Int(int64(100*earned[id]))) || len(s.Products) > 1 {
				t.Fatalf("%s earned %d, holds %d in %d rows with %s messages", id, earned[id], held, len(s.Products), granted)
			}
		}
	})
}

// saved is the state after its settlement was saved.
func saved(s State, done Settlement) State {
	out := State{Customer: done.Customer, Balances: map[string]Balance{}}
	for id, b := range s.Balances {
		out.Balances[id] = b
	}
	for _, b := range done.Balances {
		out.Balances[b.FeatureID] = b
	}
	for _, old := range s.Products {
		keep := true
		for _, cp := range slices.Concat(done.Products, done.Gone) {
			keep = keep && cp.ID != old.ID
		}
		if keep {
			out.Products = append(out.Products, old)
		}
	}
	out.Products = append(out.Products, done.Products...)
	return out
}
