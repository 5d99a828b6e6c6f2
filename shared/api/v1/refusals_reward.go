package v1

import (
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// refusalsOfRewards words the refusals of promotion codes, and why the use of a
// reward is allowed or not.
var refusalsOfRewards = map[refusal.Reason]wording{
	reward.ReasonCodesTooMany:       {"invalid_reward", "promo_codes: a request takes at most %d codes, and edits them only of a reward that has no more than 100. Use /v1/rewards/{reward_id}/promo_codes for single codes."},
	reward.ReasonCodeForm:           {"invalid_promo_code", "The promotion code %.80q must have 1 to %d letters, digits, _ or -."},
	reward.ReasonCodeRewardEnded:    {"invalid_promo_code", "Code %s: reward %q has ended, so nobody could use it."},
	reward.ReasonCodeLimit:          {"invalid_promo_code", "Code %s: a limit must be from 1 to %d."},
	reward.ReasonCodeLimitBeyond:    {"invalid_promo_code", "Code %s: a limit of %d is beyond %d, that of its reward or of all customers together."},
	reward.ReasonCodeExpired:        {"invalid_promo_code", "Code %s: expires_at must be in the future."},
	reward.ReasonCodeExpiryBeyond:   {"invalid_promo_code", "Code %s: expires_at is after the reward's redeem_by, %d."},
	reward.ReasonCodeCurrencyAlone:  {"invalid_promo_code", "Code %s: minimum_amount_currency comes with minimum_amount."},
	reward.ReasonCodeCurrency:       {"invalid_promo_code", "Code %s: minimum_amount_currency is %.10q, and prices are in %s."},
	reward.ReasonCodeMinimum:        {"invalid_promo_code", "Code %s: a minimum_amount of %s is no amount of %s."},
	reward.ReasonCodeMinimumOfAGift: {"invalid_promo_code", "Code %s: a free product is given without a purchase, so it can't have a minimum_amount."},
	reward.ReasonCodeMetadata:       {"invalid_promo_code", "Code %s: metadata takes %d keys of 1 to %d characters, with texts of up to %d."},
	reward.ReasonCodeDead:           {"promo_code_dead", "Code %s is used up, expired, or its reward has ended: it can't be activated again. Its text is free for a new code."},
	reward.ReasonCodeTermsFixed:     {"invalid_promo_code", "Code %s exists with other limits, and those of a code can't change. Deactivate it and create another, or send its text alone."},
	reward.ReasonCodeNotOfReward:    {"reward_not_found", "There is no promotion code %.80q of reward %q."},
	reward.ReasonCodeOfSeveral:      {"invalid_inputs", "customer_id: required in the query, as several customers have a code %s."},
	reward.ReasonDuplicateCode:      {"duplicate_promo_code", "The promotion code %s is used already."},

	reward.ReasonCodeUnknown:      {"reward_not_found", "No reward was found for code %.80q."},
	reward.ReasonUsedUp:           {"referral_code_max_redemptions_reached", "This code has been used as often as it may: %d times."},
	reward.ReasonInactive:         {"promo_code_inactive", "The promotion code %s is not active."},
	reward.ReasonExpired:          {"promo_code_expired", "This promotion code expired at %d."},
	reward.ReasonForAnother:       {"promo_code_not_for_customer", "The promotion code %s is meant for another customer."},
	reward.ReasonWrongWay:         {"invalid_reward", "A reward of type %s can't be used %s"},
	reward.ReasonUsedByCustomer:   {"customer_already_redeemed_referral_code", "This customer has used the reward as often as one may: %d times."},
	reward.ReasonNotFirstTime:     {"promo_code_first_time_only", "The promotion code %s is for a first purchase, and this customer has bought before."},
	reward.ReasonOtherCurrency:    {"promo_code_currency", "This reward is in %s, and the customer pays in %s."},
	reward.ReasonMinimumNotMet:    {"promo_code_minimum_not_met", "The purchase comes to %s %s before discounts, and this code needs %s."},
	reward.ReasonNewPurchasesOnly: {"promo_code_new_purchases_only", "The promotion code %s needs a minimum amount, so it is for new purchases only."},
	reward.ReasonNothingBoughtNow: {"promo_code_not_applicable", "Nothing is bought now that the reward could lower."},
	reward.ReasonMissedOnAPage:    {"promo_code_not_applicable", "The discount is for one invoice, and the first one of this page has nothing that it lowers: it would be used up there. With a card on file it waits for an invoice that it lowers."},
	reward.ReasonNotApplicable:    {"promo_code_not_applicable", "The reward lowers none of the prices of this purchase."},
	reward.ReasonNotCombinable:    {"promo_code_not_combinable", "One purchase takes one reward."},
	reward.ReasonAnotherDiscount:  {"promo_code_not_combinable", "Another discount runs, %q, and discounts are not added up."},

	reward.ReasonWayPurchase:  {"", "with a purchase."},
	reward.ReasonWayChange:    {"", "with a change."},
	reward.ReasonWayScheduled: {"", "with a change for later."},
	reward.ReasonWayCoupon:    {"", "as a coupon of the customer."},
	reward.ReasonWayRedeem:    {"", "by redeeming its code."},

	reward.ReasonOKExists:      {"", "It exists."},
	reward.ReasonOKUses:        {"", "Used %d of %d times."},
	reward.ReasonOKUnlimited:   {"", "It has no limit."},
	reward.ReasonOKActive:      {"", "It is active and has no last day."},
	reward.ReasonOKActiveUntil: {"", "It is active until %d."},
	reward.ReasonOKAnybody:     {"", "It is for anybody."},
	reward.ReasonOKOwn:         {"", "It is this customer's own."},
	reward.ReasonOKWay:         {"", "A reward of type %s can be used like this."},
	reward.ReasonOKOften:       {"", "A customer may use it any number of times."},
	reward.ReasonOKTimes:       {"", "This customer has used it %d of %d times."},
	reward.ReasonOKAnyTime:     {"", "It is not only for first purchases."},
	reward.ReasonOKFirstTime:   {"", "The customer has not bought before."},
	reward.ReasonOKCurrency:    {"", "The currencies fit."},
	reward.ReasonOKNoMinimum:   {"", "It needs no minimum amount."},
	reward.ReasonOKMinimum:     {"", "The purchase comes to %s %s, and it needs %s."},
	reward.ReasonOKNoPurchase:  {"", "It is used without a purchase."},
	reward.ReasonOKAll:         {"", "It covers all prices."},
	reward.ReasonOKCovers:      {"", "It covers a price of this purchase."},
	reward.ReasonOKAlone:       {"", "No other discount runs."},
	reward.ReasonOKQueued:      {"", "Another discount runs, and it waits for its end."},
	reward.ReasonOKUnknown:     {"", "There is nothing to ask of a code that does not exist."},
}
