package fields

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// TaxOnPage takes the automatic tax out of the parameters of the page: it is of what is
// bought, whether on a page or not.
func TaxOnPage(terms *billing.Attach) error {
	const param = "automatic_tax[enabled]"
	said, given := terms.Extra[param]
	if !given {
		return nil
	}
	on := said == "true"
	if terms.AutomaticTax != nil && *terms.AutomaticTax != on {
		return api.InvalidInputs("automatic_tax: checkout_session_params.automatic_tax says otherwise. Send one of them.")
	}
	terms.AutomaticTax = &on
	delete(terms.Extra, param)
	return nil
}

// BillingDay reads billing_cycle_anchor: a day of the month, or "now".
func BillingDay(text json.RawMessage) (day int, now bool, err error) {
	switch string(text) {
	case "", "null":
		return 0, false, nil
	case `"now"`:
		return 0, true, nil
	}
	switch day, err = strconv.Atoi(string(text)); {
	case err == nil && day > 1_000_000:
		return 0, false, api.Invalid("billing_cycle_anchor: a moment in ms is not available in this version. Pass in the day of the month from 1 to 31, or \"now\".")
	case err != nil || day < 1 || day > 31:
		return 0, false, api.InvalidInputs("billing_cycle_anchor: a day of the month from 1 to 31, or \"now\".")
	}
	return day, false, nil
}

// A NamedReward names the reward of a purchase: by its id, or by a code.
type NamedReward struct {
	RewardID      string `json:"reward_id"`
	PromotionCode string `json:"promotion_code"`
}

// mostNamed bounds how many rewards a request names; a purchase takes one.
const mostNamed = 20

// AddRewards adds discounts to the rewards that a command names, and checks all names.
func AddRewards(cmd *app.AttachCommand, discounts []NamedReward) error {
	for i, d := range discounts {
		if (d.RewardID == "") == (d.PromotionCode == "") {
			return api.InvalidInputs("discounts[%d]: send either reward_id or promotion_code.", i)
		}
		if d.RewardID != "" {
			cmd.RewardIDs = append(cmd.RewardIDs, d.RewardID)
		} else {
			cmd.Codes = append(cmd.Codes, d.PromotionCode)
		}
	}
	if n := len(cmd.Rewards) + len(cmd.RewardIDs) + len(cmd.Codes); n > mostNamed {
		return api.InvalidInputs("reward: %d rewards and codes are named, and a purchase takes one.", n)
	}
	for _, name := range slices.Concat(cmd.Rewards, cmd.RewardIDs) {
		if strings.TrimSpace(name) == "" {
			return api.InvalidInputs("reward: an empty text names nothing. Send the id of a reward or a promotion code, or leave it out.")
		}
	}
	for i, code := range cmd.Codes { // in its one spelling, so that equal commands are equal
		if cmd.Codes[i] = catalog.NormalCode(code); !catalog.PossibleCode(cmd.Codes[i]) {
			return api.InvalidInputs("promo_code: expected 1 to %d letters, digits, _ or -.", catalog.MaxCode)
		}
	}
	return nil
}
