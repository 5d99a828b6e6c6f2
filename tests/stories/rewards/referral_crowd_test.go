package rewards

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	. "windfall/tests/world"
)

// postAtOnce makes one call per body at the same moment and counts the answers
// by their code; successes count under "". Like any client it repeats a call
// that was told to retry, as happens on a slow machine.
func postAtOnce(w *World, path string, bodies []JSON) (map[string]int, []Answer) {
	answers := make([]Answer, len(bodies))
	var start, wait sync.WaitGroup
	start.Add(1)
	for i, body := range bodies {
		wait.Go(func() {
			start.Wait()
			for range 10 {
				answers[i] = w.Do(w.Stack.Key, "POST", path, body)
				if s := answers[i].Status; s != 409 && s < 500 {
					return
				}
			}
		})
	}
	start.Done()
	wait.Wait()
	codes := map[string]int{}
	for _, a := range answers {
		if a.Status == 200 {
			codes[""]++
			continue
		}
		codes[fmt.Sprint(a.Body["code"])]++
	}
	return codes, answers
}

func createRedeemers(w *World, n int) []string {
	w.Helper()
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("r%03d", i))
		w.Post("/v1/customers", JSON{"id": ids[i]})
	}
	return ids
}

func TestTwoHundredAtOnceNeverPassTheLimit(t *testing.T) {
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all", "max_redemptions": 10})
	text := referralCode(w, "c1", "P")
	var bodies []JSON
	ids := createRedeemers(w, 200)
	for _, id := range ids {
		bodies = append(bodies, JSON{"code": text, "customer_id": id})
	}
	got, answers := postAtOnce(w, "/v1/referrals/redeem", bodies)
	for reason := range got {
		if reason != "" && reason != "referral_code_max_redemptions_reached" {
			t.Errorf("answers %v", got)
		}
	}
	// The gifts are counted, not the answers: an answer may be lost.
	gifts := 0
	for i, a := range answers {
		s, _, err := w.Stack.Customer(t.Context(), ids[i])
		if err != nil || a.Status == 200 && len(s.Products) != 2 {
			t.Errorf("%s has %v, %v; answered %s", ids[i], s.Products, err, a.Text)
		}
		gifts += len(s.Products) - 1 // beside the default product
	}
	if gifts != 10 {
		t.Errorf("%d gifts", gifts)
	}
	w.HasBalance("c1", "messages", true, 100+10*100)
}

func TestOneCustomerRedeemsManyCodesAtOnceAndGetsOne(t *testing.T) {
	w := worldOfReferrals(t, "r")
	createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all"})
	var bodies []JSON
	for _, id := range createRedeemers(w, 24) {
		bodies = append(bodies, JSON{"code": referralCode(w, id, "P"), "customer_id": "r"})
	}
	got, _ := postAtOnce(w, "/v1/referrals/redeem", bodies)
	want := map[string]int{"": 1, "customer_already_redeemed_referral_code": 23}
	if !maps.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	w.HasBalance("r", "messages", true, 200)
}

// Whoever is second brings the one who brought them: a person is to look at that, unless
// the program has nothing against it.
func TestTwoCustomersRedeemEachOthersCodeAtOnce(t *testing.T) {
	for mode, messages := range map[string]float64{"off": 300, "flag": 200} {
		t.Run(mode, func(t *testing.T) {
			w := worldOfReferrals(t, "c1", "c2")
			createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all", "guard": JSON{"ring": mode}})
			got, _ := postAtOnce(w, "/v1/referrals/redeem", []JSON{
				{"code": referralCode(w, "c1", "P"), "customer_id": "c2"}, {"code": referralCode(w, "c2", "P"), "customer_id": "c1"}})
			if got[""] != 2 {
				t.Errorf("answers %v", got)
			}
			w.HasBalance("c1", "messages", true, messages)
			w.HasBalance("c2", "messages", true, messages)
		})
	}
}

func TestParallelRequestsForACodeGetOneCode(t *testing.T) {
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift")
	bodies := make([]JSON, 64)
	for i := range bodies {
		bodies[i] = JSON{"customer_id": "c1", "program_id": "P"}
	}
	_, answers := postAtOnce(w, "/v1/referrals/code", bodies)
	for _, a := range answers {
		if a.Text != answers[0].Text || a.Status != 200 {
			t.Errorf("%d %s, and %d %s", answers[0].Status, answers[0].Text, a.Status, a.Text)
		}
	}
}

// A referrer who uses messages all the time loses none of them, and gets the
// rewards of all friends.
func TestRedemptionsAndUsageAtOnce(t *testing.T) {
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift")
	text := referralCode(w, "c1", "P")
	var redeems, tracks []JSON
	for _, id := range createRedeemers(w, 12) {
		redeems = append(redeems, JSON{"code": text, "customer_id": id})
	}
	for range 48 {
		tracks = append(tracks, JSON{"customer_id": "c1", "feature_id": "messages", "value": 1})
	}
	var wait sync.WaitGroup
	var redeemed, tracked map[string]int
	wait.Go(func() { redeemed, _ = postAtOnce(w, "/v1/referrals/redeem", redeems) })
	wait.Go(func() { tracked, _ = postAtOnce(w, "/v1/track", tracks) })
	wait.Wait()
	if redeemed[""] != len(redeems) || tracked[""] != len(tracks) {
		t.Errorf("redeemed %v, tracked %v", redeemed, tracked)
	}
	w.HasBalance("c1", "messages", true, 100+12*100-48)
}
