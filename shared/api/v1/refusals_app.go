package v1

import (
	"windfall/shared/app"
	"windfall/shared/refusal"
)

// refusalsOfApp words the refusals of commands, the store and Stripe.
var refusalsOfApp = map[refusal.Reason]wording{
	refusal.ReasonChangedMeanwhile:       {"changed_meanwhile", "The customer was changed by another request at the same time. Try again."},
	refusal.ReasonCommandInProgress:      {"command_in_progress", "Another purchase or change of this customer is being carried out. Try again in a moment."},
	refusal.ReasonStripeUnavailable:      {"stripe_unavailable", "Stripe can't be reached right now. Nothing was charged twice; repeat the request in a moment."},
	refusal.ReasonDatabaseUnavailable:    {"service_unavailable", "The service is busy. Repeat the request in a moment."},
	refusal.ReasonUsageUnconfirmed:       {"usage_unconfirmed", "The database gave no answer, so this use may or may not have been counted. Compare the balance before you repeat it; with an idempotency_key repeating is always safe."},
	refusal.ReasonCustomerNotFound:       {"customer_not_found", "Customer %q was not found."},
	refusal.ReasonProductNotFound:        {"product_not_found", "Product %q was not found."},
	refusal.ReasonFeatureNotFound:        {"feature_not_found", "Feature %q was not found."},
	refusal.ReasonFeatureWithoutBalance:  {"invalid_request", "Feature %q is on or off: it has no balance, so no use of it can be tracked or set."},
	refusal.ReasonProductAlreadyAttached: {"product_already_attached", "Product %q is already attached to this customer."},
	app.ReasonSessionClosed:              {"checkout_completed", "The customer completed the checkout at this moment. Read the customer again."},
	app.ReasonBadSignature:               {"invalid_signature", "The Stripe-Signature header does not fit the body. Check the webhook secret."},
	app.ReasonIDOrEmailMissing:           {"invalid_request", "Either `id` or `email` is required."},
	app.ReasonStripeCustomerUnknown:      {"invalid_request", "Stripe knows no customer %q in this environment."},
	app.ReasonStripeCustomerTaken:        {"duplicate_customer_id", "The Stripe customer %s is linked to another customer."},
	app.ReasonStripeCustomerFixed:        {"invalid_inputs", "stripe_id: this customer is linked to %s, and the link can't change. Leave it out."},
	app.ReasonCustomerIDTaken:            {"duplicate_customer_id", "A customer with id \"%s\" exists already."},
	app.ReasonStripeObjectGone:           {"stripe_object_gone", "Stripe does not know this object any more."},
	app.ReasonTooManyPages:               {"rate_limit_exceeded", "This publishable key has asked for too many checkout pages. Repeat the request in a minute."},
	app.ReasonPageOpen:                   {"checkout_open", "A checkout page of this customer is open that a publishable key can't replace. Complete it, let it expire, or attach with a secret key."},
	app.ReasonBlanksOfACustomer:          {"invalid_inputs", "customer_data: a publishable key can't fill in what is unknown about an existing customer. Leave it out, or change the customer with a secret key."},
	app.ReasonReadOnlyKey:                {"read_only_key", "A publishable key can't change anything. Make this call with a secret key, from a server."},
	app.ReasonCodeMissing:                {"invalid_inputs", "code: required."},
	app.ReasonNoFreeCode:                 {"service_unavailable", "No free referral code was found. Repeat the request in a moment."},
	app.ReasonDuplicateTrack:             {"duplicate_idempotency_key", "An event with this idempotency_key was recorded for this customer before."},
	app.ReasonEventNameUnknown:           {"invalid_event_name", "No feature counts events named \"%s\"."},
	app.ReasonRangeInTheFuture:           {"invalid_inputs", "custom_range.start: no event can be dated that far ahead."},
	app.ReasonTooManyEvents:              {"range_too_large", "This range holds more than 100,000 events. Ask for a shorter one."},
	app.ReasonCursorOfAnotherHistory:     {"invalid_cursor", "This cursor was not given for this history. Pass the `next_cursor` of the page before as it is."},
	app.ReasonCustomerTooLarge:           {"customer_too_large", "This change touches %d rows at once; the limit is %d."},
	app.ReasonTooManyRequests:            {"rate_limit_exceeded", "Too many requests at once for one customer or feature. Repeat the request in a moment."},
	app.ReasonCursorOfAnotherList:        {"invalid_cursor", "This cursor was not given for this list. Pass the `next_cursor` of the page before as it is, with the same `search`."},
	app.ReasonCursorOfAnotherRange:       {"invalid_cursor", "This cursor was not given by a list call of this customer with the same range."},
	app.ReasonStripeNotConfigured:        {"stripe_config_not_found", "Please connect to Stripe to add products."},
	app.ReasonSubscriptionEnded:          {"subscription_ended", "The subscription ended at Stripe at this moment. Read the customer again."},
	app.ReasonCardDeclined:               {"stripe_card_declined", "%s"},
	app.ReasonStripeSaysGone:             {"stripe_error", "%s"},
	app.ReasonStripeSaysNo:               {"stripe_error", "%s"},
	app.ReasonNoStripeEvent:              {"invalid_event", "The body is signed but is no Stripe event."},
	app.ReasonInvoiceTakenBack:           {"stripe_card_declined", "The card on file was refused, and the invoice is void."},
	app.ReasonStripeInterval:             {"invalid_request", "A price can't be billed every %s; Stripe bills by day, week, month or year."},
	app.ReasonDiscountsTooMany:           {"invalid_request", "A subscription takes one discount at a time, not %d."},
	app.ReasonStripeCustomerDeleted:      {"stripe_error", "The customer was deleted at Stripe, so no discount can be put on them."},
	app.ReasonUnknownStep:                {"unknown_step", "The step %q asks for nothing this version knows."},
}
