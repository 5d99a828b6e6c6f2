package rewards

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"windfall/shared/api/endpoints"
	"windfall/shared/referral"
	. "windfall/tests/world"
)

func referralsPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/referrals.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// blocks are the parts of a page in one language.
func blocks(page, language string) (out []string) {
	for _, b := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		out = append(out, b[1])
	}
	return out
}

// objects reads JSON objects, one behind the other.
func objects(t *testing.T, text string) (out []JSON) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(text)); d.More(); {
		var o JSON
		if err := d.Decode(&o); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		out = append(out, o)
	}
	return out
}

// fields are the names in an object, with those of the objects in it.
func fields(o JSON) (out []string) {
	for _, key := range slices.Sorted(maps.Keys(o)) {
		out = append(out, key)
		if in, is := o[key].(map[string]any); is {
			for _, f := range fields(in) {
				out = append(out, key+"."+f)
			}
		}
	}
	return out
}

// The commands of docs/referrals.md, pasted into a shell: only the address is another.
// They answer with the fields that the page shows.
func TestTheCommandsOfThePageOfReferrals(t *testing.T) {
	t.Parallel()
	page := referralsPage(t)
	w := New(t)
	server := httptest.NewServer(w.Stack)
	defer server.Close()
	script := "exec 2>&1\n" + strings.ReplaceAll(strings.Join(blocks(page, "sh"), ""), "http://127.0.0.1:8787", server.URL)
	out, err := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "am_sk_test_local", w.Stack.Key)).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	answers := objects(t, string(out))
	if len(answers) != 7 {
		t.Fatalf("%d answers: %s", len(answers), out)
	}
	program, code, done := answers[4], answers[5], answers[6]
	for field, want := range (JSON{"id": "friends", "when": "checkout", "reward_id": "tenth", "received_by": "all", "max_redemptions": 20, "product_ids": []string{"team"},
		"exclude_trial": true, "new_customers_only": true, "hold_days": 14,
		"guard": JSON{"same_fingerprint": "refuse", "same_email": "refuse", "same_card": "flag", "ring": "flag", "velocity": JSON{"count": 10, "days": 1, "mode": "flag"}}}) {
		w.Want("program "+field, program[field], want)
	}
	w.Want("redeemed", []any{done["status"], ValueAt(done, "referrer.id"), ValueAt(done, "redeemer.id"), done["reward_id"]}, []any{"pending", "gwen", "finn", "tenth"})
	var shown []JSON
	for _, b := range blocks(page, "json") {
		shown = append(shown, objects(t, b)...)
	}
	redemption := w.Get("/v1/redemptions/" + fmt.Sprint(done["id"]))
	stats := w.Get("/v1/reward_programs/friends")["stats"].(JSON)
	for i, got := range []JSON{code, done, redemption, stats} {
		if i >= len(shown) || !slices.Equal(fields(got), fields(shown[i])) {
			t.Errorf("answer %d has the fields\n%v, and the page shows\n%v", i, fields(got), fields(shown[min(i, len(shown)-1)]))
		}
	}
	w.Want("statistics", stats, shown[3])
	for _, same := range []string{"triggered", "applied", "redeemer_applied", "status", "referrer_status", "redeemer_status", "flags", "held_until", "reversed_at", "reason", "promo_code", "customer_id", "referrer_id"} {
		w.Want(same, redemption[same], shown[2][same])
	}
	w.Want("listed", IDsOf(w.Get("/v1/redemptions?program_id=friends&customer_id=gwen&status=pending")), []any{done["id"]})
}

// The diagram has the edges of the code, and no other.
func TestTheDiagramOfRedemptionsIsWhatTheCodeDoes(t *testing.T) {
	t.Parallel()
	diagram := strings.Join(blocks(referralsPage(t), "mermaid"), "")
	drawn := map[string]bool{}
	for _, edge := range regexp.MustCompile(`(?m)^ +(\S+) --> ([^\s:]+)`).FindAllStringSubmatch(diagram, -1) {
		drawn[edge[1]+" "+edge[2]] = true
	}
	want := map[string]bool{}
	for _, first := range []referral.Status{referral.Pending, referral.Held, referral.Triggered, referral.Applied} {
		want[fmt.Sprint("[*] ", first)] = true
	}
	for _, from := range referral.Statuses() {
		if from.Over() {
			want[fmt.Sprint(from, " [*]")] = true
		}
		for _, to := range referral.Statuses() {
			if _, leads := (referral.Redemption{Status: from}).To(to, T0); leads {
				want[fmt.Sprint(from, " ", to)] = true
			}
		}
	}
	if !maps.Equal(drawn, want) {
		t.Errorf("the page draws\n%v, the code has\n%v", slices.Sorted(maps.Keys(drawn)), slices.Sorted(maps.Keys(want)))
	}
}

// The page has every route of programs, codes and redemptions, every status, every rule
// of the guard, and every reason, in its tables.
func TestThePageOfReferralsLeavesNothingOut(t *testing.T) {
	t.Parallel()
	page := referralsPage(t)
	var routes []string
	for _, function := range []string{"referral_programs", "referral_code", "redeem_referral", "redemptions"} {
		routes = append(routes, endpoints.Routes()[function]...)
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`").FindAllStringSubmatch(page, -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(routes)
	slices.Sort(listed)
	if !slices.Equal(routes, listed) {
		t.Errorf("the page lists\n%q, and there are\n%q", listed, routes)
	}
	rows := []string{}
	for _, status := range referral.Statuses() {
		rows = append(rows, string(status))
	}
	for _, rule := range []referral.Rule{referral.OwnCode, referral.SameFingerprint, referral.SameEmail, referral.SameCard, referral.Ring, referral.Velocity} {
		rows = append(rows, string(rule))
	}
	for _, name := range rows {
		if !strings.Contains(page, "\n| `"+name+"`") {
			t.Errorf("no table has a row for %s", name)
		}
	}
	for _, reason := range []string{referral.ReasonLimit, referral.ReasonProgramGone, referral.ReasonOwnerGone, referral.ReasonBuyerGone,
		referral.ReasonRewardGone, referral.ReasonRefunded, referral.ReasonDisputed} {
		if !strings.Contains(page, "`"+reason+"`") {
			t.Errorf("the reason %s is not explained", reason)
		}
	}
}
