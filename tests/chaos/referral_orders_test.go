package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "windfall/tests/world"
)

func init() {
	paidBack := func(w *World) { payPage(w, "pro"); takeBack("refund", 2000)(w) }
	purchase := func(w *World) { w.Attach("c", "pro") }
	histories = append(histories, []history{
		{"referral trigger", "a purchase gives both an add-on", invites(anAddOn, nil, redeemed, card), purchase},
		{"referral trigger", "a purchase gives both credits", invites(credits30, nil, redeemed, card, cardOf("r")), purchase},
		{"referral trigger", "a page is paid, which is held", invites(anAddOn, waiting, redeemed), func(w *World) { payPage(w, "pro") }},
		{"referral reversal", "refunded in two parts", invites(credits30, nil, cardOf("r"), redeemed, buys("c")), func(w *World) { takeBack("refund", 500)(w); takeBack("refund", 1500)(w) }},
		{"referral reversal", "disputed, discounts run", invites(aDiscount, nil, cardOf("r"), redeemed, buys("c")), takeBack("dispute", 2000)},
		{"referral reversal", "a page is paid after a sign-up, and refunded", invites(anAddOn, signUp(), redeemed), paidBack},
		{"referral reversal", "a page is paid after a sign-up that is held, and refunded", invites(anAddOn, signUp(waiting), redeemed), paidBack},
		{"referral reversal", "the payment after a trial is refunded", invites(anAddOn, signUp(), redeemed, card, func(w *World) { w.Attach("c", "tried") }), func(w *World) {
			w.AdvanceTo(T0.AddDate(0, 0, 7).Add(2 * time.Hour))
			takeBack("refund", 2000)(w)
		}},
		{"referral reversal", "what is held is refunded", invites(anAddOn, waiting, redeemed, buys("c")), takeBack("refund", 2000)},
	}...)
	situations = append(situations, situation{"a redemption is held, and its payment goes back",
		invites(anAddOn, JSON{"hold_days": 3, "guard": JSON{"same_card": "flag"}}, cardOf("r"), redeemed, buys("c"), hold, takeBack("refund", 2000)), "", []rival{
			{"referral review", "approve", func(w *World) Answer { return said("approve").do(w)[0] }},
			{"referral review", "reject", func(w *World) Answer {
				return w.Do(w.Stack.Key, "POST", "/v1/redemptions/"+w.Notes["redemption"]+"/reject", JSON{})
			}},
			{"referral reversal", "charge.refunded", func(w *World) Answer { return events("charge.refunded").do(w)[0] }},
			{"referral deletion", "delete the program", func(w *World) Answer { return removal("/v1/reward_programs/P", "").do(w)[0] }},
		}})
}

// TestACodeSurvivesTrouble brings each trouble to each external call that makes a code,
// and a second call before each of them: there is one code, which counts once.
func TestACodeSurvivesTrouble(t *testing.T) {
	t.Parallel()
	w, k := flow{prepare: invites(anAddOn, nil)}.open(t)
	start := w.Snapshot()
	ask := func() Answer {
		return w.Do(w.Stack.Key, "POST", "/v1/referrals/code", JSON{"customer_id": "c", "program_id": "P"})
	}
	one := func(how string, column trouble, answers ...Answer) {
		k.live()
		if err := w.Stack.Restart(); err != nil {
			t.Fatal(err)
		}
		code, good := codeOf(w, "c", "P"), true
		for _, a := range answers {
			good = good && (a.Status == 200 && a.Body["code"] == code || a.Status == 409 || a.Status >= 500)
		}
		rows := strings.Count(w.Stack.Tables(), `"PK":{"S":"sandbox#CODE#`)
		stats := ValueAt(w.Get("/v1/reward_programs/P"), "stats.codes")
		good = good && rows == 2 && stats == 2.0 // r's is the other one
		tally("referral code", column, 1, good)
		if !good {
			t.Errorf("%s: %v; %d codes, %v counted", how, answers, rows, stats)
		}
	}
	start()
	k.live()
	one("undisturbed", calm, ask())
	start()
	k.live()
	ask()
	calls := k.seen()
	for n, called := range calls {
		for _, what := range []trouble{dieBefore, dieAfter, loseAnswer, throttle, conflict} {
			if !what.possible(called) {
				continue
			}
			start()
			k.strike(n+1, what)
			first := ask()
			one(fmt.Sprintf("call %d (%s) %s", n+1, called, what), what, first)
		}
		var second Answer
		start()
		k.meets(n+1, func() { second = ask() })
		first := ask()
		k.meets(0, nil)
		one(fmt.Sprintf("another one before call %d (%s)", n+1, called), pairs, first, second)
	}
	var both sync.WaitGroup
	var answers [2]Answer
	start()
	k.live()
	for i := range answers {
		both.Go(func() { answers[i] = ask() })
	}
	both.Wait()
	one("two at once", pairs, answers[:]...)
}

// TestAPurchaseAndItsRefundInAnyOrder tells of both in any order. Whichever is first says
// whether the redemption was refused or reversed; either way nobody has anything of it.
func TestAPurchaseAndItsRefundInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, reward := range map[string]JSON{"an add-on": anAddOn, "discounts": aDiscount, "credits": credits30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := flow{prepare: invites(reward, nil, cardOf("r"), card, redeemed)}.open(t)
			before := len(w.Stack.Sim.Events())
			w.Attach("c", "pro")
			takeBack("refund", 2000)(w)
			ids := telling(w, before)
			start := w.Snapshot()
			draw := rand.New(rand.NewPCG(1, 2))
			_, samples := exhaustive()
			for n := range samples {
				order := append(slices.Clone(ids), ids...) // each twice
				draw.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				start()
				for _, id := range order {
					w.Stack.Sim.Deliver(w.Context(), []string{id}, false)
				}
				got := describeBoth(w)
				tally("referral reversal", orders, 1, got == nothing)
				if got != nothing {
					t.Errorf("order %d: %s", n, got)
				}
			}
			start()
		})
	}
}

const nothing = "over; c: messages 500, discount <nil>, balance 0, 0 wait; r: messages 100, discount <nil>, balance 0, 0 wait; "

// describeBoth says what both sides have.
func describeBoth(w *World) string {
	w.Helper()
	let(w)
	w.Advance("10m")
	out := fmt.Sprint(w.Get("/v1/redemptions/" + w.Notes["redemption"])["status"], "; ")
	out = strings.Replace(strings.Replace(out, "refused", "over", 1), "reversed", "over", 1)
	for _, id := range []string{"c", "r"} {
		s, _, err := w.Stack.Customer(w.Context(), id)
		if err != nil {
			w.Fatal(err)
		}
		at := w.CallStripe("GET", "/v1/customers/"+s.Customer.StripeID, "")
		out += fmt.Sprintf("%s: messages %v, discount %v, balance %v, %d wait; ", id,
			w.Check(id, "messages")["balance"], at["discount"], at["balance"], len(s.Queue)+len(s.Redeemed))
	}
	return out
}
