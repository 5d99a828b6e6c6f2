package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

func review(w *World, redemption JSON, verdict string) JSON {
	w.Helper()
	return w.Post("/v1/redemptions/"+fmt.Sprint(redemption["id"])+"/"+verdict, JSON{})
}

func heldOnes(w *World) []string {
	w.Helper()
	return IDsOf(w.Get("/v1/redemptions?status=held"))
}

func TestREF23ARingIsLookedAtByAPerson(t *testing.T) {
	for verdict, messages := range map[string]float64{"approve": 300, "reject": 200} {
		t.Run(verdict, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "A", "B")
			createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all"})
			redeem(w, referralCode(w, "A", "P"), "B")
			back := redeem(w, referralCode(w, "B", "P"), "A")
			w.Want("held", []any{back["status"], back["triggered"], back["applied"]}, []any{"held", false, false})
			w.Want("listed", heldOnes(w), []string{fmt.Sprint(back["id"])})
			w.HasBalance("A", "messages", true, 200)
			w.Advance("40d")
			w.Want("as long as nobody looks", statusOf(w, back), alike("held"))
			said := review(w, back, verdict)
			w.Want("again", review(w, back, verdict), said)
			w.Want("flags", said["flags"], []any{"ring"})
			other := map[string]string{"approve": "reject", "reject": "approve"}[verdict]
			w.Refused(400, "invalid_request", "/v1/redemptions/"+fmt.Sprint(back["id"])+"/"+other, JSON{})
			w.HasBalance("A", "messages", true, messages)
			w.HasBalance("B", "messages", true, messages)
			if len(heldOnes(w)) > 0 {
				t.Errorf("still listed: %v", heldOnes(w))
			}
		})
	}
}

// A brings B, B brings C and so on: the code of the last one, redeemed by the first, is a
// ring up to four steps long.
func TestARingIsFoundFourStepsBack(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c0", "c1", "c2", "c3", "c4", "c5")
	createProgram(w, "P", "customer_creation", "gift")
	createProgram(w, "Q", "customer_creation", "gift")
	for n := 1; n <= 5; n++ {
		program := []string{"P", "Q"}[n%2] // whichever program it was
		redeem(w, referralCode(w, fmt.Sprintf("c%d", n-1), program), fmt.Sprintf("c%d", n))
	}
	w.RequireDeleted("c2", "") // the history knows whom c2 brought, and who brought c2
	createProgram(w, "R", "customer_creation", "gift")
	for n, want := range map[int]string{1: "held", 2: "applied"} { // c5 is four steps from c1, and three from c2, who is gone
		if n == 2 {
			createCustomer(w, "c2", "") // another one of the same id
		}
		done := redeem(w, referralCode(w, "c5", "R"), fmt.Sprintf("c%d", n))
		w.Want(fmt.Sprintf("c%d", n), done["status"], want)
	}
	w.Want("five steps", redeem(w, referralCode(w, "c5", "P"), "c0")["status"], "applied")
}

func TestREF24OneMailboxIsOnePerson(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t)
	createProgram(w, "P", "customer_creation", "gift")
	for id, email := range map[string]string{"joe": "joe@googlemail.com", "r1": "jo.e+x@gmail.com", "r2": "J.O.E@GMAIL.com", "r3": "joe+a@example.com", "r4": "jo.e@example.com", "r5": ""} {
		w.Post("/v1/customers", JSON{"id": id, "email": email})
	}
	text := referralCode(w, "joe", "P")
	for _, id := range []string{"r1", "r2"} {
		redeemRefused(w, 400, "customer_cannot_redeem_own_code", text, id)
	}
	tagged := referralCode(w, "r3", "P")
	for _, id := range []string{"r4", "r5"} { // dots count elsewhere, and no address is like no other
		w.Want(id, redeem(w, tagged, id)["status"], "applied")
	}
	createProgram(w, "lax", "customer_creation", "gift", JSON{"guard": JSON{"same_email": "off"}})
	w.Want("where it may be", redeem(w, referralCode(w, "joe", "lax"), "r1")["status"], "applied")
}

func TestREF29TooManyInADayAreLookedAt(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c1", "c2", "r1", "r2", "r3", "r4", "r5", "r6", "r7")
	createProgram(w, "P", "customer_creation", "gift", JSON{"guard": JSON{"velocity": JSON{"count": 3, "days": 1}}})
	text := referralCode(w, "c1", "P")
	for id, want := range inOrder("r1", "applied", "r2", "applied", "r3", "applied", "r4", "held") {
		w.Want(id, redeem(w, text, id)["status"], want)
	}
	w.Want("another one's code", redeem(w, referralCode(w, "c2", "P"), "r5")["status"], "applied")
	w.Advance("1d")
	w.Want("a day later", redeem(w, text, "r6")["status"], "applied")
	w.HasBalance("c1", "messages", true, 100+4*100)
	createProgram(w, "strict", "customer_creation", "gift", JSON{"guard": JSON{"velocity": JSON{"count": 1, "days": 7, "mode": "refuse"}}})
	strict := referralCode(w, "c1", "strict")
	redeem(w, strict, "r1")
	redeemRefused(w, 400, "customer_cannot_redeem_own_code", strict, "r2")
}

// inOrder goes through pairs.
func inOrder(pairs ...string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i < len(pairs) && yield(pairs[i], pairs[i+1]); i += 2 {
		}
	}
}

// Of thirty at one moment three are as fast as they may be.
func TestVelocityCountsAtOneMoment(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift", JSON{"guard": JSON{"velocity": JSON{"count": 3, "days": 1}}})
	text := referralCode(w, "c1", "P")
	var bodies []JSON
	for _, id := range createRedeemers(w, 30) {
		bodies = append(bodies, JSON{"code": text, "customer_id": id})
	}
	_, answers := postAtOnce(w, "/v1/referrals/redeem", bodies)
	count := map[any]int{}
	for _, a := range answers {
		count[a.Body["status"]]++
	}
	w.Want("applied and held", []any{count["applied"], count["held"]}, []any{3, 27})
	w.HasBalance("c1", "messages", true, 400)
}

// Two customers with one card are one person where the program says so; the card is known
// with the purchase.
func TestOneCardIsOnePerson(t *testing.T) {
	for mode, want := range map[string]string{"": "applied", "off": "applied", "flag": "held", "refuse": "refused"} {
		t.Run("mode "+mode, func(t *testing.T) {
			guard := JSON{"guard": JSON{"same_card": mode}}
			if mode == "" {
				guard = nil
			}
			w := worldOfBonuses(t, guard, "r1", "r2")
			w.CustomerWithCard("c1", "pro")
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.Want("no card is known", done["status"], "pending")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.Want("paid", statusOf(w, done), alike(want))
			w.PutCard("r2", "pm_card_mastercard")
			other := redeem(w, referralCode(w, "c1", "P"), "r2")
			w.Buy("r2", "pro")
			w.Want("another card", statusOf(w, other), alike("applied"))
		})
	}
}
