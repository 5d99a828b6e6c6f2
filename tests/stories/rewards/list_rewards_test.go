package rewards

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

func TestListRewardsAndPrograms(t *testing.T) {
	t.Parallel()
	w := New(t)
	for _, path := range []string{"/v1/rewards", "/v1/reward_programs"} {
		w.Want("none", w.Get(path), JSON{"list": []any{}, "next_cursor": nil})
	}
	w.CreateFiveRewards()
	newestFirst := []string{"r4", "r3", "r2", "r1", "r0"}
	for _, path := range []string{"/v1/rewards", "/v1/reward_programs"} {
		all := w.Get(path)
		w.Want(path, []any{IDsOf(all), all["next_cursor"]}, []any{newestFirst, nil})
		for _, limit := range []int{1, 2, 4, 5, 100} {
			w.Want(path, w.AllIDs(fmt.Sprintf("%s?limit=%d", path, limit)), newestFirst)
		}
		one := all["list"].([]any)[1].(JSON)
		for _, id := range []string{"r3", one["internal_id"].(string)} {
			got := w.Get(path + "/" + id)
			delete(got, "stats") // of a program, where it is asked for alone
			w.Want("one by id", got, one)
		}
	}
	w.Want("a program", w.Get("/v1/reward_programs/r0")["reward_id"], "r0")
	w.Want("the codes of a reward", ValueAt(w.Get("/v1/rewards/r0"), "promo_codes.0.code"), "CODER0")
}

// A page continues after an entry that is deleted by then.
func TestListRewardsWhileOneIsDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.CreateFiveRewards()
	for _, path := range []string{"/v1/reward_programs", "/v1/rewards"} {
		first := w.Get(path + "?limit=2")
		w.Call("DELETE", path+"/r3", nil)
		second := w.Get(path + "?limit=2&cursor=" + url.QueryEscape(first["next_cursor"].(string)))
		w.Want(path, slices.Concat(IDsOf(first), IDsOf(second)), []string{"r4", "r3", "r2", "r1"})
	}
}

func TestListRewardsRefusals(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.CreateFiveRewards()
	public := w.PublishableKey()
	before := w.Stack.Tables()
	for call, want := range map[string]string{ // status, code, what the sentence names
		"/v1/rewards?limit=0":            "400 invalid_inputs limit",
		"/v1/rewards?limit=two":          "400 invalid_inputs limit",
		"/v1/rewards?cursor=x":           "400 invalid_cursor cursor",
		"/v1/rewards?cursor=%00":         "400 invalid_cursor cursor",
		"/v1/rewards?offset=2":           "400 invalid_inputs offset",
		"/v1/rewards/r1?expand=stats":    "400 invalid_inputs expand",
		"/v1/rewards/none":               "404 reward_not_found none",
		"/v1/reward_programs?limit=101":  "400 invalid_inputs limit",
		"/v1/reward_programs?cursor=e30": "400 invalid_cursor cursor",
		"/v1/reward_programs?q=r":        "400 invalid_inputs q",
		"/v1/reward_programs/r1?limit=1": "400 invalid_inputs limit",
		"/v1/reward_programs/none":       "404 reward_program_not_found none",
	} {
		a := w.Do(w.Stack.Key, "GET", call, nil)
		got := fmt.Sprint(a.Status, " ", a.Body["code"])
		status, name, _ := strings.Cut(want, " ")
		code, name, _ := strings.Cut(name, " ")
		if message, _ := a.Body["message"].(string); got != status+" "+code || !strings.Contains(message, name) {
			t.Errorf("%s: %d %s, want %s", call, a.Status, a.Text, want)
		}
		path, _, _ := strings.Cut(call, "?")
		w.Want(path+" with a publishable key", w.Do(public, "GET", path, nil).Status, 401)
	}
	w.Want("the table", w.Stack.Tables(), before)
}
