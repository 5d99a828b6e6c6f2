package stripesim

// card is one of Stripe's test cards.
//
// assumption: the older names without a brand, such as pm_card_chargeDeclined,
// mean the same cards.
//
// https://docs.stripe.com/testing
type card struct {
	token, number string
	brand         string
	behavior      string // a key of verdicts, "" when everything works
	label         string // on the hosted page, "" when it is not offered there
}

var cards = []card{
	{"pm_card_visa", "4242424242424242", "visa", "", "Visa, always works"},
	{"pm_card_us", "4242424242424242", "visa", "", ""},
	{"pm_card_mastercard", "5555555555554444", "mastercard", "", "Mastercard, always works"},
	{"pm_card_amex", "378282246310005", "amex", "", ""},
	{"pm_card_discover", "6011111111111117", "discover", "", ""},
	{"pm_card_visa_debit", "4000056655665556", "visa", "", ""},
	{"pm_card_chargeCustomerFail", "4000000000000341", "visa", "charge_fails", "Visa that can be saved, then every charge fails"},
	{"pm_card_visa_chargeDeclined", "4000000000000002", "visa", "generic_decline", "Visa, always declined"},
	{"pm_card_chargeDeclined", "4000000000000002", "visa", "generic_decline", ""},
	{"pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", "insufficient_funds", "Visa without sufficient funds"},
	{"pm_card_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", "insufficient_funds", ""},
	{"pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "visa", "lost_card", ""},
	{"pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "visa", "stolen_card", ""},
	{"pm_card_visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "visa", "card_velocity_exceeded", ""},
	{"pm_card_chargeDeclinedExpiredCard", "4000000000000069", "visa", "expired_card", "Visa that has expired"},
	{"pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "visa", "incorrect_cvc", ""},
	{"pm_card_chargeDeclinedProcessingError", "4000000000000119", "visa", "processing_error", ""},
	{"pm_card_createDispute", "4000000000000259", "visa", "dispute", "Visa whose payments the bank takes back"},
	{"pm_card_createDisputeProductNotReceived", "4000000000002685", "visa", "dispute_not_received", ""},
	{"pm_card_createDisputeInquiry", "4000000000001976", "visa", "inquiry", ""},
	{"pm_card_authenticationRequired", "4000002760003184", "visa", "authentication_required", "Visa that asks for authentication each time"},
	{"pm_card_threeDSecure2Required", "4000000000003220", "visa", "authentication_required", ""},
	{"pm_card_authenticationRequiredOnSetup", "4000002500003155", "visa", "", ""},
}

// verdict is what a card says to a charge.
type verdict struct{ code, decline, message string }

var verdicts = map[string]verdict{
	"charge_fails":            {"card_declined", "generic_decline", "Your card was declined."},
	"generic_decline":         {"card_declined", "generic_decline", "Your card was declined."},
	"insufficient_funds":      {"card_declined", "insufficient_funds", "Your card has insufficient funds."},
	"lost_card":               {"card_declined", "lost_card", "Your card was declined."},
	"stolen_card":             {"card_declined", "stolen_card", "Your card was declined."},
	"card_velocity_exceeded":  {"card_declined", "card_velocity_exceeded", "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."},
	"expired_card":            {"expired_card", "", "Your card has expired."},
	"incorrect_cvc":           {"incorrect_cvc", "", "Your card's security code is incorrect."},
	"processing_error":        {"processing_error", "", "An error occurred while processing your card. Try again in a little bit."},
	"authentication_required": {"authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication."},
}

// refusesToAttach: cards that decline do so already when they are saved; two
// kinds only show themselves when they are charged.
func refusesToAttach(behavior string) bool {
	_, fails := verdicts[behavior]
	return fails && behavior != "charge_fails" && behavior != "authentication_required"
}

func cardByToken(token string) (card, bool) {
	for _, c := range cards {
		if c.token == token {
			return c, true
		}
	}
	return card{}, false
}

// IsTestCard tells whether a text is the name of one of Stripe's test cards.
func IsTestCard(token string) bool {
	_, ok := cardByToken(token)
	return ok
}

func cardByNumber(number string) (card, bool) {
	for _, c := range cards {
		if c.number == number {
			return c, true
		}
	}
	return card{}, false
}

// declined is Stripe's 402.
func declined(v verdict) *apiError {
	e := newError(402, "card_error", v.code, "", v.message)
	e.body.DeclineCode = v.decline
	if v.code == "incorrect_cvc" {
		e.body.Param = "cvc"
	}
	return e
}
