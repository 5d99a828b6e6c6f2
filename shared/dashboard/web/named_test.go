package web

import (
	"testing"

	"windfall/shared/catalog"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	c := &catalog.Catalog{
		Products: map[string][]catalog.Product{"pro": {{ID: "pro", Name: "Professional"}}, "both": {{ID: "both", Name: "Both of it"}}, "odd": {{ID: "odd", Name: `A "great" one`}}},
		Features: map[string]catalog.Feature{"words": {ID: "words", Name: "Words"}, "both": {ID: "both", Name: "Feature of both"}},
		Rewards:  map[string]catalog.Reward{"ten": {ID: "ten", Name: "Ten off"}, "both": {ID: "both", Name: "Reward of both"}},
	}
	for text, want := range map[string]string{
		`The customer has "pro".`:                                                      "The customer has “Professional”.",
		`Reward "both" lowers feature "both" of "both".`:                               "Reward “Reward of both” lowers feature “Feature of both” of “Both of it”.",
		`both sides get "ten" and "words"`:                                             "both sides get “Ten off” and “Words”",
		`The reward "gone" was deleted.`:                                               `The reward "gone" was deleted.`,
		`"pro" redeemed code A; the referrer gets "pro".`:                              `"pro" redeemed code A; the referrer gets “Professional”.`,
		`Reward "ten" of redemption rr_key_5b-A9 is applied.`:                          "Reward “Ten off” is applied.",
		`Redemption rr_5b gives the customer "pro"; free periods: 2.`:                  "A redemption gives the customer “Professional”; free periods: 2.",
		`It is held: a person is to look at it: [same_email velocity].`:                "It is held: a person is to look at it: Same e-mail inbox, Too many in a short time.",
		`The customer is given "pro". Reason: they asked for "pro" of redemption rr_1`: `The customer is given “Professional”. Reason: they asked for "pro" of redemption rr_1`,
		`The customer has "odd".`:                                                      `The customer has “A "great" one”.`,
		`One mark " of "pro" alone`:                                                    `One mark " of "pro" alone`,
		"":                                                                             "",
	} {
		if got := Named(text, c); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
