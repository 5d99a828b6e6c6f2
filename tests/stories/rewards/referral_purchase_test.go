package rewards

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// worldOfCheckoutPrograms is a world with the programs P_checkout and P_bonus of the
// scenarios, and customers without a product.
func worldOfCheckoutPrograms(t *testing.T, customers ...string) *World {
	t.Helper()
	t.Parallel()
	w := worldOfReferrals(t, customers...)
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	bought := JSON{"product_ids": []string{"pro", "pro_trial"}, "max_redemptions": 2}
	createProgram(w, "P_checkout", "checkout", "monthOff", bought)
	createProgram(w, "P_bonus", "checkout", "gift", bought, JSON{"received_by": "all"})
	return w
}

func TestREF04TheRewardComesWithThePurchase(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "r1")
	w.CustomerWithCard("c1", "pro")
	done := redeem(w, referralCode(w, "c1", "P_checkout"), "r1")
	w.Advance("2d")
	w.Want("before", redemptionState(w, done), []any{false, false, false})
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("after", redemptionState(w, done), []any{true, true, false})
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 2000, 0, 2000)
	w.Billed("r1", 2000, 2000) // the redeemer's own invoices are untouched
}

func TestREF07AnotherProductIsNotThePurchase(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "r1")
	w.CustomerWithCard("c1", "pro")
	done := redeem(w, referralCode(w, "c1", "P_checkout"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "premium")
	w.Want("redemption", redemptionState(w, done), []any{false, false, false})
	w.AdvancePastRenewal(T1)
	w.Want("after the renewal", redemptionState(w, done), []any{false, false, false})
	w.Billed("c1", 2000, 2000)
}

func TestREF08AFreeProductForBothOnThePurchase(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	w.HasBalance("r1", "messages", true, 100) // of the default product
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("redemption", redemptionState(w, done), []any{true, true, true})
	w.HasBalance("r1", "messages", true, 600)
	w.HasBalance("c1", "messages", true, 200)
	w.Billed("r1", 2000)
	w.Billed("c1")
	w.Redeliver("invoice.paid", "customer.subscription.created") // delivered again
	w.AdvancePastRenewal(T1)                                     // and paid again
	w.HasBalance("r1", "messages", true, 600)
	w.HasBalance("c1", "messages", true, 200)
}

// The page is paid, and the event of the invoice comes before that of the page.
func TestREF11TheRewardComesWhenThePageIsCompleted(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "r1")
	w.CustomerWithCard("c1", "pro")
	done := redeem(w, referralCode(w, "c1", "P_checkout"), "r1")
	w.Advance("2d")
	page := fmt.Sprint(w.Attach("r1", "pro")["checkout_url"])
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(page)
	w.Redeliver("invoice.paid", "customer.subscription.created")
	w.Want("before the page's own event", redemptionState(w, done), []any{false, false, false})
	w.Redeliver("checkout.session.completed")
	w.Want("after it", redemptionState(w, done), []any{true, true, false})
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 2000, 0)
}

// The event of the paid page is lost. The schedule finds the payment when the
// page's time is over, and the reward comes with the purchase.
func TestARewardComesWhenTheEventsOfAPageAreLost(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "r1")
	createCustomer(w, "c1", "")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	page := fmt.Sprint(w.Attach("r1", "pro")["checkout_url"])
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(page)
	w.Want("before", redemptionState(w, done), []any{false, false, false})
	w.Advance("25h")
	w.HasProducts("r1", "pro active", "bonus active")
	w.Want("after", redemptionState(w, done), []any{true, true, true})
	w.HasBalance("c1", "messages", true, 200)
}

// The customer tries the product first: the reward waits for the payment.
func TestATrialIsNoPurchase(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro_trial")
	w.Want("in the trial", redemptionState(w, done), []any{false, false, false})
	w.Advance("7d")
	w.Want("while the invoice is a draft", redemptionState(w, done), []any{false, false, false})
	w.Advance("2h")
	w.Want("when it is paid", redemptionState(w, done), []any{true, true, true})
	w.HasBalance("r1", "messages", true, 600)
}

func TestATrialIsAPurchaseWhereTheProgramSaysSo(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1")
	createProgram(w, "P_trial", "checkout", "gift", JSON{"product_ids": []string{"pro_trial"}, "exclude_trial": false})
	done := redeem(w, referralCode(w, "c1", "P_trial"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro_trial")
	w.Want("in the trial", redemptionState(w, done), []any{true, true, false})
}

// Max 2: the third friend may redeem and buy, without a reward.
func TestPurchasesBeyondTheLimitGiveNothing(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1", "r2", "r3")
	text := referralCode(w, "c1", "P_bonus")
	var done []JSON
	for _, id := range []string{"r1", "r2", "r3"} {
		done = append(done, redeem(w, text, id))
		w.PutGoodCard(id)
	}
	for _, id := range []string{"r1", "r2", "r3"} {
		w.Buy(id, "pro")
	}
	w.Want("the second", redemptionState(w, done[1]), []any{true, true, true})
	w.Want("the third", redemptionState(w, done[2]), []any{false, false, false})
	w.HasBalance("c1", "messages", true, 300)
	w.HasBalance("r3", "messages", true, 500)
	s, _, err := w.Stack.Customer(t.Context(), "r3")
	if err != nil || len(s.Redeemed) > 0 {
		t.Errorf("the third waits for ever: %v, %v", s.Redeemed, err)
	}
}

// A deleted program gives nothing, and the purchase succeeds.
func TestThePurchaseAfterTheProgramIsGone(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	w.Call("DELETE", "/v1/reward_programs/P_bonus", nil)
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("redemption", redemptionState(w, done), []any{false, false, false})
	w.HasBalance("r1", "messages", true, 500)
}

// A payment before the redemption does not count: the next one does.
func TestAnEarlierPurchaseDoesNotCount(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1")
	w.CustomerWithCard("r1", "pro")
	w.Advance("1d")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	sub := fmt.Sprint(ValueAt(w.AtStripe("r1"), "subscriptions.0.id"))
	w.CallStripe("POST", "/v1/subscriptions/"+sub, "description=any+news+of+it")
	w.Want("after other news", redemptionState(w, done), []any{false, false, false})
	w.AdvancePastRenewal(T1)
	w.Want("after the renewal", redemptionState(w, done), []any{true, true, true})
}

func TestREF13ACustomerShowsItsReferrals(t *testing.T) {
	w := worldOfCheckoutPrograms(t, "c1", "r1", "r2", "r3")
	text := referralCode(w, "c1", "P_bonus")
	redeem(w, text, "r1")
	w.Advance("1d")
	redeem(w, text, "r2")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	person := func(id string) JSON { return JSON{"id": id, "name": "Name of " + id, "email": id + "@example.com"} }
	day := T0.AddDate(0, 0, 1).UnixMilli()
	c1 := w.Customer("c1", "referrals")
	w.Want("who redeemed", c1["referrals"], []JSON{
		{"program_id": "P_bonus", "customer": person("r2"), "reward_applied": false, "created_at": day},
		{"program_id": "P_bonus", "customer": person("r1"), "reward_applied": true, "created_at": T0.UnixMilli()}})
	w.Want("whose codes", c1["redeemed_referrals"], []JSON{})
	r1 := w.Customer("r1", "referrals")
	w.Want("who redeemed r1's", r1["referrals"], []JSON{})
	w.Want("whose code r1 redeemed", r1["redeemed_referrals"], []JSON{{"program_id": "P_bonus", "code": text, "referrer": person("c1"),
		"triggered": true, "reward_applied": true, "created_at": T0.UnixMilli()}})
	w.Want("who did neither", w.Customer("r3", "referrals")["referrals"], []JSON{})
	w.Want("unasked", w.Customer("c1")["referrals"], nil)
}

// refuses fails every request that contains a word, while it is armed.
type refuses struct {
	http.RoundTripper
	word  string
	armed *bool
}

func (f refuses) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil || *f.armed && strings.Contains(string(body), f.word) {
		return nil, errors.Join(err, errors.New("connection refused"))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return f.RoundTripper.RoundTrip(r)
}

// The purchase is saved and its reward can't be: the event is answered with an
// error, and Stripe delivers it again.
func TestAPurchaseIsToldAgainUntilItsRewardIsSaved(t *testing.T) {
	t.Parallel()
	armed := false
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: func(to http.RoundTripper) http.RoundTripper { return refuses{to, "triggered", &armed} }}})
	w.StandardCatalog()
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"})
	createProgram(w, "P_bonus", "checkout", "gift", JSON{"product_ids": []string{"pro"}})
	createCustomer(w, "c1", "")
	createCustomer(w, "r1", "")
	done := redeem(w, referralCode(w, "c1", "P_bonus"), "r1")
	w.PutGoodCard("r1")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Attach("r1", "pro")
	armed = true
	if got := fmt.Sprint(w.Redeliver("invoice.paid")); got == "[200]" {
		t.Errorf("delivered once: %s", got)
	}
	armed = false
	w.Want("in between", redemptionState(w, done), []any{false, false, false})
	w.Want("told again", fmt.Sprint(w.Redeliver("invoice.paid")), "[200]")
	w.Want("redemption", redemptionState(w, done), []any{true, true, false})
	w.HasBalance("c1", "messages", true, 200)
}
