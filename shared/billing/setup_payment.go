package billing

import (
	"maps"
	"slices"
	"strings"
)

// A SetupPayment asks for a page on which the customer saves a card.
type SetupPayment struct {
	SuccessURL string            // where the page leads; "" is the default
	Extra      map[string]string // flattened Stripe parameters the caller passed
}

// SetupSlot is what such a page occupies while it is open: a customer has one.
const SetupSlot = "setup"

// notOnSetup lists what a page that saves a card can't hold: what sells
// something, what would name another customer, and what would leave the page
// without an address to send the customer to.
var notOnSetup = []string{
	"allow_promotion_codes", "automatic_tax", "customer", "customer_creation", "customer_email", "discounts",
	"invoice_creation", "line_items", "mode", "payment_intent_data", "payment_method_collection", "redirect_on_completion",
	"return_url", "shipping_options", "submit_type", "subscription_data", "tax_id_collection", "ui_mode",
}

// Check refuses parameters that Stripe would refuse, too, before anything is
// made: with invalid_request.
func (cmd SetupPayment) Check() error {
	for _, name := range slices.Sorted(maps.Keys(cmd.Extra)) {
		if top, _, _ := strings.Cut(name, "["); slices.Contains(notOnSetup, top) {
			return Invalid("`checkout_session_params` can't hold `%s`: the page only saves a card for this customer.", top)
		}
	}
	return checkParams(cmd.Extra)
}

// DecideSetupPayment opens the page. Pages that are open and ask for something
// else are closed first, so the card saved last is the one that counts.
func DecideSetupPayment(cmd SetupPayment, open []Page) Decision {
	return Decision{
		Branch: "card_saved", Why: "The customer saved a card on a page; invoices are charged to it from now on.", Page: true,
		Steps: append(expireSteps(open), Step{Name: "session", Session: &NewSession{Setup: true, SuccessURL: cmd.SuccessURL, Extra: cmd.Extra}}),
	}
}

// expireSteps closes the pages that something else replaces.
func expireSteps(pages []Page) []Step {
	var steps []Step
	for _, page := range pages {
		steps = append(steps, Step{Name: "expire_" + page.OperationID, ExpireSession: &ExpireSession{page.SessionID, page.OperationID}})
	}
	return steps
}
