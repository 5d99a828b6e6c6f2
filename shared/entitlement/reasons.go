package entitlement

import "windfall/shared/refusal"

// Why the rules of this package refuse. The comment of a dialect's sentence says
// in which order it names the arguments.
const (
	ReasonUsageNegative       refusal.Reason = "usage_negative"
	ReasonNoBalance           refusal.Reason = "no_balance"
	ReasonBalanceNegative     refusal.Reason = "balance_negative"
	ReasonBalanceUnlimited    refusal.Reason = "balance_unlimited"
	ReasonNoBalanceOfInterval refusal.Reason = "no_balance_of_interval"
	ReasonEventNameTooLong    refusal.Reason = "event_name_too_long"
	ReasonPropertiesTooLarge  refusal.Reason = "properties_too_large"
	ReasonRangeEndsFirst      refusal.Reason = "range_ends_first"
	ReasonRangeTooLong        refusal.Reason = "range_too_long"
	ReasonTooManyFigures      refusal.Reason = "too_many_figures"
	ReasonInsufficientBalance refusal.Reason = "insufficient_balance"
	ReasonUsageTooLarge       refusal.Reason = "usage_too_large"
	ReasonLockExpiry          refusal.Reason = "lock_expiry"
	ReasonLockNothing         refusal.Reason = "lock_of_nothing"
	ReasonLockContinuous      refusal.Reason = "lock_of_continuous_use"
	ReasonTooManyLocks        refusal.Reason = "too_many_locks"
	ReasonGrantOfFlag         refusal.Reason = "grant_of_flag"
	ReasonGrantUnused         refusal.Reason = "grant_unused"
	ReasonGrantOfNothing      refusal.Reason = "grant_of_nothing"
	ReasonGrantUnlimited      refusal.Reason = "grant_unlimited"
	ReasonGrantContinuous     refusal.Reason = "grant_of_continuous_use"
	ReasonGrantOver           refusal.Reason = "grant_over"
	ReasonTooManyGrants       refusal.Reason = "too_many_grants"
	ReasonGrantExists         refusal.Reason = "grant_exists"
	ReasonGrantAmbiguous      refusal.Reason = "grant_ambiguous"
	ReasonGrantOfProduct      refusal.Reason = "grant_of_product"
	ReasonGrantUnknown        refusal.Reason = "grant_unknown"
	ReasonGrantHeld           refusal.Reason = "grant_held"
	ReasonGrantNoReset        refusal.Reason = "grant_no_reset"
	ReasonGrantResetDate      refusal.Reason = "grant_reset_date"
	ReasonNoGrantOfID         refusal.Reason = "no_grant_of_id"
)
