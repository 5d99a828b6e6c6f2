package rewards

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	. "windfall/tests/world"
)

// A guess sends a code for a customer by one of the routes that take codes. By explain
// an unknown code is no refusal, but a part of the answer.
type guess struct {
	name string
	send func(customer, code string) (path string, body JSON)
}

var guessesByRoute = []guess{
	{"referrals/redeem", func(c, code string) (string, JSON) { return "/v1/referrals/redeem", redemption(c, code) }},
	{"rewards/redeem", func(c, code string) (string, JSON) { return "/v1/rewards/redeem", redemption(c, code) }},
	{"coupons", func(c, code string) (string, JSON) {
		return "/v1/customers/" + c + "/coupons/boost", JSON{"promo_code": code}
	}},
	{"attach", buying("/v1/attach", func(code string) any { return JSON{"promo_code": code} })},
	{"attach, as a reward", buying("/v1/attach", func(code string) any { return JSON{"reward": []string{code}} })},
	{"preview", buying("/v1/attach/preview", func(code string) any { return JSON{"promotion_code": code} })},
	{"checkout", buying("/v1/checkout", func(code string) any { return JSON{"discounts": []JSON{{"promotion_code": code}}} })},
	{"explain", func(c, code string) (string, JSON) { return "/v1/rewards/explain", redemption(c, code) }},
	{"explain a purchase", func(c, code string) (string, JSON) {
		return "/v1/rewards/explain", Merge(redemption(c, code), JSON{"product_id": "pro"})
	}},
}

func buying(path string, named func(code string) any) func(string, string) (string, JSON) {
	return func(customer, code string) (string, JSON) {
		return path, Merge(JSON{"customer_id": customer, "product_id": "pro"}, named(code).(JSON))
	}
}

// worldOfGuesses has the code GIFT of an add-on with 100 messages, TEN of a discount, a
// plan to buy, and customers c0 … with 50 messages and a card.
func worldOfGuesses(t *testing.T, customers int) *World {
	t.Helper()
	w := worldOfGifts(t, JSON{"code": "GIFT"}, JSON{"code": "OFF"})
	w.Post("/v1/rewards/boost/promo_codes/OFF", JSON{"active": false})
	w.Product("pro", "main", Price(20))
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}, PromoCodes("TEN")))
	for i := range customers {
		w.CustomerWithCard(fmt.Sprint("c", i))
	}
	return w
}

func (g guess) status(w *World, customer, code string) int {
	w.Helper()
	path, body := g.send(customer, code)
	a := w.Do(w.Stack.Key, "POST", path, body)
	if a.Status == 429 && a.Body["code"] != "rate_limit_exceeded" {
		w.Errorf("%s: %s", g.name, a.Text)
	}
	return a.Status
}

// unknown is the status of an unknown code.
func (g guess) unknown() int {
	if path, _ := g.send("", ""); path == "/v1/rewards/explain" {
		return 200
	}
	return 404
}

// right is a code that the route gives something for.
func (g guess) right() string {
	if _, body := g.send("", ""); body["product_id"] != nil {
		return "TEN"
	}
	return "GIFT"
}

func TestAKeyIsToldOfTwentyUnknownCodesAMinuteByAllRoutes(t *testing.T) {
	t.Parallel()
	w := worldOfGuesses(t, 11)
	for i := range 20 {
		g := guessesByRoute[i%len(guessesByRoute)]
		w.Want(fmt.Sprint(i, " ", g.name), g.status(w, fmt.Sprint("c", i%10), fmt.Sprint("GUESS", i)), g.unknown())
	}
	for _, g := range guessesByRoute {
		for _, customer := range []string{"c10", "c0", "nobody"} {
			if customer == "nobody" && g.status(w, customer, "TEN") == 404 {
				continue // the route is for customers who are there
			}
			w.Want("beyond: "+g.name+" for "+customer, g.status(w, customer, "NOSUCH"), 429)
		}
	}
	w.Want("a right code", guessesByRoute[1].status(w, "c10", "GIFT"), 200)
	w.AdvanceTo(T0.Add(time.Minute))
	for _, g := range guessesByRoute {
		w.Want("a minute later: "+g.name, g.status(w, "c10", "NOSUCH"), g.unknown())
	}
}

// Nobody finds a right code for a customer by trying: after 20 wrong ones it is answered
// as a wrong one is. Others are not disturbed.
func TestNoCodeIsTakenForACustomerAfterTwentyUnknownOnes(t *testing.T) {
	t.Parallel()
	for _, g := range guessesByRoute {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			w := worldOfGuesses(t, 2)
			for i := range 20 {
				w.Want("unknown", g.status(w, "c0", fmt.Sprint("GUESS", i)), g.unknown())
			}
			w.WaitIdle()
			table, objects := w.Stack.Tables(), w.Stack.Objects()
			for _, other := range guessesByRoute {
				w.Want("a right one by "+other.name, other.status(w, "c0", other.right()), 429)
				w.Want("one that is inactive by "+other.name, other.status(w, "c0", "OFF"), 429)
				w.Want("a wrong one by "+other.name, other.status(w, "c0", "NOSUCH"), 429)
			}
			w.Unchanged(table, objects)
			w.Post("/v1/rewards/explain", JSON{"customer_id": "c0", "reward_id": "boost"}) // no code: nothing to guess
			w.Post("/v1/customers/c0/coupons/boost", nil)
			w.HasBalance("c0", "messages", true, 150)

			w.Want("another customer's", g.status(w, "c1", g.right()), 200)
			w.AdvanceTo(T0.Add(time.Minute))
			w.Want("a minute later", guessesByRoute[3].status(w, "c0", "TEN"), 200)
			w.HasProducts("c0", "booster active", "pro active")
		})
	}
}

// What a code is refused for is no guess, and neither is what no code can look like,
// where that is said; a text that is answered like an unknown code is one.
func TestOnlyWhatIsAnsweredAsUnknownIsAGuess(t *testing.T) {
	t.Parallel()
	w := worldOfGuesses(t, 3)
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": "c1"})
	for range 21 {
		w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("c0", "OFF"))
		w.Refused(400, "promo_code_not_for_customer", "/v1/rewards/redeem", redemption("c0", "VIP"))
		w.Refused(400, "invalid_inputs", "/v1/attach", JSON{"customer_id": "c0", "product_id": "pro", "promo_code": "é"})
		w.Refused(404, "customer_not_found", "/v1/rewards/redeem", redemption("nobody", "NOSUCH"))
		w.Refused(404, "reward_not_found", "/v1/customers/c0/coupons/nosuch", JSON{})
	}
	w.Post("/v1/rewards/redeem", redemption("c0", "GIFT"))
	for range 20 {
		w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("c2", "é or more"))
	}
	w.Refused(429, "rate_limit_exceeded", "/v1/rewards/redeem", redemption("c2", "GIFT"))
}

// A referral code without its program is answered as an unknown one, and counts as one.
func TestACodeWhoseProgramIsGoneIsAGuess(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "ada", "bob")
	createProgram(w, "gone", "customer_creation", "gift")
	createProgram(w, "stays", "customer_creation", "gift")
	gone, stays := referralCode(w, "ada", "gone"), referralCode(w, "ada", "stays")
	w.Call("DELETE", "/v1/reward_programs/gone", nil)
	for range 20 {
		redeemRefused(w, 404, "referral_code_not_found", gone, "bob")
	}
	redeemRefused(w, 429, "rate_limit_exceeded", gone, "bob")
	redeemRefused(w, 429, "rate_limit_exceeded", stays, "bob")
	w.AdvanceTo(T0.Add(time.Minute))
	redeem(w, stays, "bob")
}

// Another id is no new beginning; a customer who is deleted leaves nothing to the next
// one with the id.
func TestGuessesGoWithTheirCustomer(t *testing.T) {
	t.Parallel()
	w := worldOfGuesses(t, 1)
	w.Post("/v1/customers", JSON{"email": "grace@x.io"})
	for range 20 {
		w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("c0", "NOSUCH"))
	}
	w.Post("/v1/customers/c0", JSON{"id": "c9"})
	w.Refused(429, "rate_limit_exceeded", "/v1/rewards/redeem", redemption("c9", "GIFT"))
	w.Post("/v1/customers", JSON{"id": "c0"})
	w.Post("/v1/rewards/redeem", redemption("c0", "GIFT"))
	w.RequireDeleted("c9", "")
	w.Post("/v1/customers", JSON{"id": "c9"})
	w.Post("/v1/rewards/redeem", redemption("c9", "GIFT"))
}

func TestGuessesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		customers int
		right     int // the status of a right code afterwards
	}{"one customer": {1, 429}, "three customers": {3, 200}, "many customers": {25, 200}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfGuesses(t, tt.customers)
			var bodies []JSON
			for i := range 25 {
				bodies = append(bodies, redemption(fmt.Sprint("c", i%tt.customers), fmt.Sprint("GUESS", i)))
			}
			got, _ := postAtOnce(w, "/v1/rewards/redeem", bodies)
			w.Want("answers", got, map[string]int{"reward_not_found": 20, "rate_limit_exceeded": 5})
			w.Want("a right one", guessesByRoute[1].status(w, "c0", "GIFT"), tt.right)
		})
	}
}

// Each key has its own count, and a customer has one whatever the keys are.
func TestGuessesWithTwoKeys(t *testing.T) {
	t.Parallel()
	w := worldOfGuesses(t, 10)
	const second = "am_sk_test_second"
	if err := w.Stack.PutKey(t.Context(), second, app.Key{Env: catalog.Sandbox}); err != nil {
		t.Fatal(err)
	}
	status := func(key string, i, customers int) int {
		return w.Do(key, "POST", "/v1/rewards/redeem", redemption(fmt.Sprint("c", i%customers), "NOSUCH")).Status
	}
	for i := range 21 {
		w.Want("the first key", status(w.Stack.Key, i, 10), map[bool]int{true: 404, false: 429}[i < 20])
	}
	w.Want("the second key", status(second, 0, 10), 404)

	w.AdvanceTo(T0.Add(time.Minute))
	got := make([]int, 40)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = status([]string{w.Stack.Key, second}[i%2], i, 1) })
	}
	all.Wait()
	slices.Sort(got)
	w.Want("one customer, at once with both", got, append(slices.Repeat([]int{404}, 20), slices.Repeat([]int{429}, 20)...))
}

// A publishable key sends no codes, and counts none.
func TestAPublishableKeyGuessesNothing(t *testing.T) {
	t.Parallel()
	w := worldOfGuesses(t, 2)
	w.AllowPublishableCheckout()
	for _, g := range guessesByRoute {
		path, body := g.send("c0", "NOSUCH")
		want := w.Do(w.PublishableKey(), "POST", path, body)
		if want.Status != 400 && want.Status != 401 {
			t.Errorf("%s: %d %s", g.name, want.Status, want.Text)
		}
		for range 21 {
			w.Want(g.name, w.Do(w.PublishableKey(), "POST", path, body).Text, want.Text)
		}
	}
	w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("c0", "NOSUCH"))
	w.Post("/v1/rewards/redeem", redemption("c0", "GIFT"))
}
