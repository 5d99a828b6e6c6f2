package rewards

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	. "windfall/tests/world"
)

// Every filter, alone and with others, has in pages of any size what a look at all of them
// finds, the newest first and each once.
func TestTheListOfRedemptions(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "A", "B", "r1", "r2", "r3", "r4")
	createReward(w, "promo", "free_product", JSON{"free_product_id": "booster"}, code("PROMO"))
	createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all"})
	createProgram(w, "Q", "checkout", "gift", JSON{"product_ids": []string{"pro"}})
	createProgram(w, "gone", "checkout", "gift", JSON{"product_ids": []string{"pro"}})
	internal := map[string]string{}
	for _, p := range []string{"P", "Q", "gone"} {
		internal[p] = fmt.Sprint(w.Get("/v1/reward_programs/" + p)["internal_id"])
	}
	var all []JSON // the newest last
	made := func(r JSON) {
		all = append(all, r)
		w.Advance("1m")
	}
	for _, p := range []string{"P", "Q", "gone"} {
		text := referralCode(w, "A", p)
		for _, id := range []string{"r1", "r2", "r3", "B"} {
			made(redeem(w, text, id))
		}
	}
	made(redeem(w, referralCode(w, "B", "P"), "A")) // a ring
	made(redeem(w, referralCode(w, "B", "Q"), "A"))
	made(w.Post("/v1/rewards/redeem", JSON{"code": "PROMO", "customer_id": "r4"}))
	w.Call("DELETE", "/v1/reward_programs/gone", nil)
	w.Advance("1h")
	for i, r := range all {
		all[i] = w.Get("/v1/redemptions/" + fmt.Sprint(r["id"]))
	}
	slices.Reverse(all)

	for _, status := range []string{"", "pending", "held", "applied", "closed", "reversed"} {
		for _, program := range []string{"", "P", "Q", internal["gone"]} {
			for _, customer := range []string{"", "A", "B", "r1", "r4"} {
				want := []string{}
				for _, r := range all {
					of := r["internal_reward_program_id"]
					if (status == "" || r["status"] == status) && (program == "" || of == internal[program] || of == program) &&
						(customer == "" || r["customer_id"] == customer || r["referrer_id"] == customer) {
						want = append(want, fmt.Sprint(r["id"]))
					}
				}
				query := url.Values{}
				for name, value := range map[string]string{"status": status, "program_id": program, "customer_id": customer} {
					if value != "" {
						query.Set(name, value)
					}
				}
				for _, limit := range []int{2, 5, 100} {
					query.Set("limit", fmt.Sprint(limit))
					if got := pagesOf(w, "/v1/redemptions?"+query.Encode(), limit); !slices.Equal(got, want) {
						t.Errorf("%s: got %q, want %q", query.Encode(), got, want)
					}
				}
			}
		}
	}
	for path, want := range map[string]string{"status=done": "400 invalid_inputs", "limit=0": "400 invalid_inputs", "limit=101": "400 invalid_inputs", "program_id=none": "404 reward_program_not_found",
		"program_id=gone": "404 reward_program_not_found", "customer_id=nobody": "404 customer_not_found", "cursor=x": "400 invalid_cursor", "state=held": "400 invalid_inputs"} {
		if a := w.Do(w.Stack.Key, "GET", "/v1/redemptions?"+path, nil); fmt.Sprint(a.Status, " ", a.Body["code"]) != want {
			t.Errorf("%s: %d %v, want %s", path, a.Status, a.Body["code"], want)
		}
	}
}

// pagesOf reads a list page by page, none of which is longer than its limit.
func pagesOf(w *World, path string, limit int) []string {
	w.Helper()
	out := []string{}
	for cursor := ""; ; {
		page := w.Get(path + cursor)
		ids := IDsOf(page)
		if len(ids) > limit {
			w.Errorf("%s: a page of %d", path, len(ids))
		}
		out = append(out, ids...)
		next, more := page["next_cursor"].(string)
		if !more {
			return out
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}
