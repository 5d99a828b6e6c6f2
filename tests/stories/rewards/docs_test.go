package rewards

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	. "windfall/tests/world"
)

// The commands of docs/rewards.md do what the page says.
func TestTheCommandsOfThePageOfRewards(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/rewards.md")
	if err != nil {
		t.Fatal(err)
	}
	w := New(t)
	answers := map[string]JSON{}
	for _, call := range regexp.MustCompile(`(?m)^call (\S+) '(.*)'`).FindAllStringSubmatch(string(page), -1) {
		var body JSON
		if err := json.Unmarshal([]byte(call[2]), &body); err != nil {
			t.Fatalf("%s: %v", call[0], err)
		}
		name := fmt.Sprint(call[1], " ", body["code"], " ", body["customer_id"], " ", body["product_id"])
		answers[name] = w.Post("/v1/"+call[1], body)
	}
	w.Want("100 images", ValueAt(answers["rewards/redeem boost grace <nil>"], "entitlements_granted.0.balance"), 100.0)
	given := answers["customers/grace/coupons/fifth <nil> <nil> <nil>"]
	w.Want("given", []any{given["applied"], ValueAt(w.Customer("grace", "rewards"), "rewards.discounts.0.id")}, []any{true, "fifth"})
	w.Want("previewed", ValueAt(answers["attach/preview <nil> hal studio"], "due_today.total"), 22.5)
	for asked, want := range map[string][]string{
		"boost grace <nil>": {}, "vip grace <nil>": {"per_customer"},
		"GRACE hal studio": {"customer"}, "FIRST hal studio": {}, "FIFTY hal studio": {"minimum"}, "SPRING hal boost": {"applies"}, "HUNDRED hal studio": {"active"},
	} {
		w.Want(asked, noes(answers["rewards/explain "+asked]), want)
	}
}
