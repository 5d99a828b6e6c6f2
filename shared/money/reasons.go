package money

import "windfall/shared/refusal"

// Why the rules of this package refuse. The comment of a dialect's sentence says
// in which order it names the arguments.
const (
	ReasonNotANumber    refusal.Reason = "not_a_number"
	ReasonNumberTooFine refusal.Reason = "number_too_fine"

	ReasonAmountUnchargeable refusal.Reason = "amount_unchargeable"
)
