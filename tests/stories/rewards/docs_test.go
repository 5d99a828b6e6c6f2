package rewards

import (
	"encoding/json"
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
	var answers []JSON
	for _, call := range regexp.MustCompile(`(?m)^call (\S+) '(.*)'`).FindAllStringSubmatch(string(page), -1) {
		var body JSON
		if err := json.Unmarshal([]byte(call[2]), &body); err != nil {
			t.Fatalf("%s: %v", call[0], err)
		}
		answers = append(answers, w.Post("/v1/"+call[1], body))
	}
	w.Want("commands", len(answers), 10)
	w.Want("every rule says yes", noes(answers[5]), []string{})
	w.Want("100 images", ValueAt(answers[6], "entitlements_granted.0.balance"), 100.0)
	w.Want("given", []any{answers[9]["applied"], ValueAt(w.Customer("grace", "rewards"), "rewards.discounts.0.id")}, []any{true, "fifth"})
	w.Want("once", noes(answers[7]), []string{"per_customer"})
}
