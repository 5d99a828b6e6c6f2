package reward

import "windfall/shared/refusal"

// Why the rules of this package refuse. The comment of a dialect's sentence says
// what its arguments are.
const (
	ReasonCodeForm            refusal.Reason = "code_form"
	ReasonCodeRewardEnded     refusal.Reason = "code_reward_ended"
	ReasonCodeLimit           refusal.Reason = "code_limit"
	ReasonCodeLimitBeyond     refusal.Reason = "code_limit_beyond"
	ReasonCodeExpired         refusal.Reason = "code_expired_at_once"
	ReasonCodeExpiryBeyond    refusal.Reason = "code_expiry_beyond"
	ReasonCodeCurrencyAlone   refusal.Reason = "code_currency_alone"
	ReasonCodeCurrency        refusal.Reason = "code_currency"
	ReasonCodeCurrencyUnknown refusal.Reason = "code_currency_unknown"
	ReasonCodeMinimum         refusal.Reason = "code_minimum"
	ReasonCodeMinimumOfAGift  refusal.Reason = "code_minimum_of_a_gift"
	ReasonCodeMetadata        refusal.Reason = "code_metadata"
	ReasonCodeDead            refusal.Reason = "code_dead"
	ReasonCodesTooMany        refusal.Reason = "codes_too_many"
	ReasonCodesTooManyAtOnce  refusal.Reason = "codes_too_many_at_once"
	ReasonCodesOfCustomer     refusal.Reason = "codes_of_customer"
	ReasonCodeNotThere        refusal.Reason = "code_not_there"
	ReasonCodeMeets           refusal.Reason = "code_meets"
	ReasonCodeTermsFixed      refusal.Reason = "code_terms_fixed"
	ReasonCodeNotOfReward     refusal.Reason = "code_not_of_reward"
	ReasonCodeOfSeveral       refusal.Reason = "code_of_several"
	ReasonDuplicateCode       refusal.Reason = "duplicate_code"
)

// Why a reward can't be used, in the order of the rules.
const (
	ReasonCodeUnknown          refusal.Reason = "code_unknown"
	ReasonUsedUp               refusal.Reason = "reward_used_up"
	ReasonInactive             refusal.Reason = "code_inactive"
	ReasonExpired              refusal.Reason = "code_expired"
	ReasonForAnother           refusal.Reason = "code_for_another"
	ReasonWrongWay             refusal.Reason = "reward_wrong_way"
	ReasonUsedByCustomer       refusal.Reason = "reward_used_by_customer"
	ReasonNotFirstTime         refusal.Reason = "code_not_first_time"
	ReasonOtherCurrency        refusal.Reason = "reward_other_currency"
	ReasonMinimumOtherCurrency refusal.Reason = "minimum_other_currency"
	ReasonMinimumNotMet        refusal.Reason = "code_minimum_not_met"
	ReasonNewPurchasesOnly     refusal.Reason = "code_new_purchases_only"
	ReasonNotApplicable        refusal.Reason = "reward_not_applicable"
	ReasonNotCombinable        refusal.Reason = "reward_not_combinable"
	ReasonNothingBoughtNow     refusal.Reason = "reward_nothing_bought_now"
	ReasonMissedOnAPage        refusal.Reason = "reward_missed_on_a_page"
	ReasonWasted               refusal.Reason = "reward_wasted"
	ReasonOutlived             refusal.Reason = "reward_outlived"
	ReasonAnotherDiscount      refusal.Reason = "reward_another_discount"
)

// Why a rule allows it.
const (
	ReasonOKExists      refusal.Reason = "ok_exists"
	ReasonOKUses        refusal.Reason = "ok_uses"
	ReasonOKUnlimited   refusal.Reason = "ok_unlimited"
	ReasonOKActive      refusal.Reason = "ok_active"
	ReasonOKActiveUntil refusal.Reason = "ok_active_until"
	ReasonOKAnybody     refusal.Reason = "ok_anybody"
	ReasonOKOwn         refusal.Reason = "ok_own"
	ReasonOKWay         refusal.Reason = "ok_way"
	ReasonOKOften       refusal.Reason = "ok_often"
	ReasonOKTimes       refusal.Reason = "ok_times"
	ReasonOKAnyTime     refusal.Reason = "ok_any_time"
	ReasonOKFirstTime   refusal.Reason = "ok_first_time"
	ReasonOKCurrency    refusal.Reason = "ok_currency"
	ReasonOKNoMinimum   refusal.Reason = "ok_no_minimum"
	ReasonOKMinimum     refusal.Reason = "ok_minimum"
	ReasonOKNoPurchase  refusal.Reason = "ok_no_purchase"
	ReasonOKAll         refusal.Reason = "ok_all"
	ReasonOKCovers      refusal.Reason = "ok_covers"
	ReasonOKAlone       refusal.Reason = "ok_alone"
	ReasonOKQueued      refusal.Reason = "ok_queued"
	ReasonOKUnknown     refusal.Reason = "ok_unknown" // a rule about a code, where there is none
)

// The ways of using a reward, as a sentence names them.
const (
	ReasonWayPurchase  refusal.Reason = "way_purchase"
	ReasonWayChange    refusal.Reason = "way_change"
	ReasonWayScheduled refusal.Reason = "way_scheduled"
	ReasonWayCoupon    refusal.Reason = "way_coupon"
	ReasonWayRedeem    refusal.Reason = "way_redeem"
)
