package rewards

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// putCodes edits the list of codes of the reward boost.
func putCodes(w *World, codes ...JSON) Answer {
	if codes == nil {
		codes = []JSON{}
	}
	return w.Do(w.Stack.Key, "PUT", "/v1/rewards/boost", JSON{"promo_codes": codes})
}

func wantRefused(w *World, what string, a Answer, code string) {
	w.T.Helper()
	w.Want(what, fmt.Sprint(a.Status, " ", a.Body["code"]), "400 "+code)
}

// A dead code stays dead in every list that names it: the same list again, its text
// alone, other limits, or the list as it was read.
func TestI29AnEditOfTheListRevivesNoDeadCode(t *testing.T) {
	t.Parallel()
	soon := T0.AddDate(0, 0, 2).UnixMilli()
	for name, dead := range map[string]JSON{
		"used up":              {"code": "RV", "max_redemptions": 1},
		"expired":              {"code": "RV", "expires_at": soon},
		"used up by one":       {"code": "RV", "max_redemptions": 1, "customer_id": "c"},
		"its text went away":   {"code": "RV", "max_redemptions": 1},
		"and the other is off": {"code": "RV", "max_redemptions": 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfGifts(t, JSON{"code": "STAYS"})
			w.Post("/v1/customers", JSON{"id": "d"})
			w.Post("/v1/rewards/boost/promo_codes", dead)
			w.Post("/v1/rewards/redeem", redemption("c", "RV"))
			w.AdvanceTo(T0.AddDate(0, 0, 3))
			if name == "its text went away" || name == "and the other is off" {
				w.Post("/v1/rewards", JSON{"id": "next", "name": "Next", "type": "free_product", "free_product_id": "booster", "promo_codes": []JSON{{"code": "rv"}}})
			}
			if name == "and the other is off" {
				w.Post("/v1/rewards/next/promo_codes/RV", JSON{"active": false})
			}
			before := w.Get("/v1/rewards/boost")
			asRead := []JSON{}
			for _, c := range before["promo_codes"].([]any) {
				asRead = append(asRead, c.(JSON))
			}
			named := func(more JSON) JSON {
				if dead["customer_id"] != nil {
					more["customer_id"] = "c"
				}
				return Merge(JSON{"code": "RV"}, more)
			}
			text := named(JSON{})
			for what, list := range map[string][]JSON{"the same": {dead, {"code": "STAYS"}}, "the text": {text, {"code": "STAYS"}}, "as read": asRead, "inactive": {named(JSON{"active": false}), {"code": "STAYS"}}} {
				a := putCodes(w, list...)
				w.Want(what, a.Status, 200)
				w.Want(what, a.Body, before)
			}
			wantRefused(w, "other limits", putCodes(w, named(JSON{"max_redemptions": 7})), "invalid_promo_code")
			wantRefused(w, "active", putCodes(w, named(JSON{"active": true})), "promo_code_dead")
			wantRefused(w, "twice", putCodes(w, text, text), "duplicate_promo_code")
			w.Want("after all", w.Get("/v1/rewards/boost"), before)
			if name != "its text went away" {
				w.Want("nobody redeems it", w.Do(w.Stack.Key, "POST", "/v1/rewards/redeem", redemption("d", "RV")).Status, 400)
			}
			// Under its own route the text is free for a new code.
			if name == "used up" || name == "expired" {
				w.Post("/v1/rewards/boost/promo_codes", text)
				w.Post("/v1/rewards/redeem", redemption("d", "RV"))
			}
		})
	}
}

// What the list says of a code that stays is done: it is switched and annotated.
func TestTheListOfAnEditSwitchesAndAnnotates(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "CA", "metadata": JSON{"a": "1", "b": "2"}}, JSON{"code": "CB"}, JSON{"code": "CC"})
	off := putCodes(w, JSON{"code": "CA", "active": false}, JSON{"code": "CB", "metadata": JSON{"k": "v"}})
	w.Want("off", textsOf(off.Body["promo_codes"].([]any)), []string{"CA inactive", "CB active", "CC inactive"})
	w.Want("annotated", ValueAt(off.Body, "promo_codes.1.metadata"), JSON{"k": "v"})
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("c", "CA"))
	on := putCodes(w, JSON{"code": "CA", "active": true, "metadata": JSON{"a": nil, "c": "3"}}, JSON{"code": "CB"}, JSON{"code": "CC", "active": true})
	w.Want("on", textsOf(on.Body["promo_codes"].([]any)), []string{"CA active", "CB active", "CC active"})
	w.Want("merged", ValueAt(on.Body, "promo_codes.0.metadata"), JSON{"b": "2", "c": "3"})
	w.Want("left alone", ValueAt(on.Body, "promo_codes.1.metadata"), JSON{"k": "v"})
	w.Post("/v1/rewards", JSON{"id": "next", "name": "Next", "type": "free_product", "free_product_id": "booster"})
	putCodes(w, JSON{"code": "CB"})
	w.Post("/v1/rewards/next/promo_codes", JSON{"code": "CA"})
	wantRefused(w, "another has the text", putCodes(w, JSON{"code": "CA", "active": true}, JSON{"code": "CB"}), "duplicate_promo_code")
	made := putCodes(w, JSON{"code": "CB"}, JSON{"code": "NEW", "active": false, "metadata": JSON{"x": nil, "y": 1}})
	w.Want("a new one that is off", textsOf(made.Body["promo_codes"].([]any)), []string{"CB active", "CC inactive", "NEW inactive", "CA inactive"})
	w.Want("its notes", w.Get("/v1/rewards/boost/promo_codes/NEW")["metadata"], JSON{"y": "1"})
}

// The list of an edit can say everything that is there: it takes what the reward's
// own answer says.
func TestTheListOfAnEditTakesWhatIsThere(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	for _, id := range []string{"d1", "d2"} {
		w.Post("/v1/customers", JSON{"id": id})
		w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "TWO", "customer_id": id})
	}
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "SOLO", "customer_id": "d1", "max_redemptions": 4, "metadata": JSON{"k": "v"}})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "YB", "max_redemptions": 5, "first_time_transaction": true, "expires_at": "2027-05-01T00:00:00.123456Z"})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "OFF", "active": false})
	w.Post("/v1/rewards/boost", JSON{"max_redemptions": 3})
	before := w.Get("/v1/rewards/boost")
	all := []JSON{}
	for _, c := range before["promo_codes"].([]any) {
		all = append(all, c.(JSON))
	}
	for what, list := range map[string][]JSON{
		"as read":       all,
		"by customers":  {{"code": "TWO", "customer_id": "d2"}, {"code": "two", "customer": "d1"}, {"code": "SOLO", "customer_id": "d1", "max_uses": 4}, {"code": "YB"}, {"code": "OFF"}},
		"the text only": {all[0], {"code": "SOLO"}, {"code": "YB", "max_redemptions": 5, "first_time_only": true, "expires_at": "2027-05-01T00:00:00.123Z"}, {"code": "TWO", "customer_id": "d1"}, {"code": "TWO", "customer_id": "d2"}},
	} {
		a := putCodes(w, list...)
		w.Want(what+" "+a.Text, a.Status, 200)
		w.Want(what, a.Body, before)
	}
	wantRefused(w, "one of two", putCodes(w, JSON{"code": "TWO"}), "invalid_inputs")
	wantRefused(w, "a new one beyond the limit", putCodes(w, JSON{"code": "MORE", "max_redemptions": 5}), "invalid_promo_code")
	wantRefused(w, "a new one with a history", putCodes(w, JSON{"code": "MORE", "times_redeemed": 1}), "invalid_promo_code")
	wantRefused(w, "a code of another reward", putCodes(w, JSON{"code": "YB", "reward_id": "other"}), "invalid_promo_code")
	wantRefused(w, "a status alone", putCodes(w, JSON{"code": "YB", "status": "inactive"}), "invalid_inputs")
	wantRefused(w, "a status that is another", putCodes(w, JSON{"code": "YB", "active": true, "status": "dead"}), "invalid_inputs")
	w.Refused(400, "invalid_inputs", "/v1/rewards/boost/promo_codes", JSON{"code": "YC", "times_redeemed": 0})
	w.Want("after all", w.Get("/v1/rewards/boost"), before)
	w.AdvanceTo(T0.Add(time.Hour))
	off := putCodes(w, JSON{"code": "TWO", "customer_id": "d1"})
	w.Want("the others", textsOf(off.Body["promo_codes"].([]any)), []string{"OFF inactive", "SOLO inactive", "TWO active", "TWO inactive", "YB inactive"})
}

func TestTheListOfAnEditTakesAMinimumAsItWasRead(t *testing.T) {
	t.Parallel()
	w := New(t)
	made := w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "BIG", "minimum_amount": 30.5, "minimum_amount_currency": "USD", "max_redemptions_per_customer": 1}}}))
	w.Want("as read", w.Call("PUT", "/v1/rewards/ten", JSON{"promo_codes": made["promo_codes"]}), made)
	a := w.Do(w.Stack.Key, "PUT", "/v1/rewards/ten", JSON{"promo_codes": []JSON{{"code": "BIG", "minimum_amount": 30, "max_redemptions_per_customer": 1}}})
	wantRefused(w, "another minimum", a, "invalid_promo_code")
}

// One transaction writes a row once: what meets in one is refused with a reason.
func TestTheListOfAnEditMakesOneCodeOfAText(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "OLD", "active": false})
	for _, id := range []string{"d1", "d2"} {
		w.Post("/v1/customers", JSON{"id": id})
	}
	before := w.Get("/v1/rewards/boost")
	for what, list := range map[string][]JSON{
		"two customers":          {{"code": "N", "customer_id": "d1"}, {"code": "N", "customer_id": "d2"}, {"code": "OLD"}},
		"a customer and anybody": {{"code": "N", "customer_id": "d1"}, {"code": "N"}, {"code": "OLD"}},
		"an edit and a new one":  {{"code": "OLD", "metadata": JSON{"k": "v"}}, {"code": "OLD", "customer_id": "d1"}},
	} {
		wantRefused(w, what, putCodes(w, list...), "duplicate_promo_code")
	}
	w.Want("after all", w.Get("/v1/rewards/boost"), before)
}
