package payments

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

// errNoConfig means that an environment has no Stripe key.
var errNoConfig = refusal.Invalid(app.ReasonStripeNotConfigured)

// errSubscriptionOver means that a subscription to change has ended, so the
// decision on it no longer holds. It ends the operation.
var errSubscriptionOver = app.ErrSubscriptionEnded

// errSubscriptionChanged means that a price to be exchanged is not on the
// subscription: staff were faster, and no event has told of it yet.
var errSubscriptionChanged = app.ErrSubscriptionChanged

// explain turns the error of a call into one for callers.
//
//   - No answer, 5xx and 429: ErrStripeUnavailable.
//   - A key still in use, as another request takes the same step right now:
//     ErrStale, at which commands read again and retry.
//   - A declined card: KindDeclined with the bank's reason.
//   - A refused key: a plain error, as only the operator can correct it.
//   - A tax for a customer who is nowhere: KindInvalid, with a code of its own.
//   - An id Stripe does not know: KindNotFound.
//   - Any other refusal: KindInvalid with Stripe's sentence.
//
// Causes go to the log, so they have neither cards nor addresses, unlike
// stripe-go's own error text.
func (a account) explain(err error) error {
	var known *refusal.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var e *stripe.Error
	if !errors.As(err, &e) {
		return unavailable(withoutQuery(err))
	}
	switch status := e.HTTPStatusCode; {
	case status >= 500 || status == http.StatusTooManyRequests:
		return unavailable(cause(e))
	case status == http.StatusConflict:
		stale := *refusal.ErrStale
		stale.Err = cause(e)
		return &stale
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		a.secrets.forget()
		return fmt.Errorf("the key of environment %q is refused: %w", a.env, cause(e))
	case e.Type == stripe.ErrorTypeIdempotency:
		return cause(e)
	case declined(e):
		return refusal.Declined(app.ReasonCardDeclined, declineMessage(e)).Because(cause(e))
	case nowhere(e):
		return refusal.Invalid(app.ReasonTaxLocation, message(e)).Because(cause(e))
	case status == http.StatusNotFound:
		return refusal.NotFound(app.ReasonStripeSaysGone, message(e)).Because(cause(e))
	}
	return refusal.Invalid(app.ReasonStripeSaysNo, message(e)).Because(cause(e))
}

// gone is explain for a read of one object: app.ErrGone if Stripe no longer
// knows it.
func (a account) gone(err error) error {
	var e *stripe.Error
	if !missing(err) || !errors.As(err, &e) {
		return a.explain(err)
	}
	gone := *app.ErrGone
	gone.Err = cause(e)
	return &gone
}

func unavailable(cause error) error {
	e := *refusal.ErrStripeUnavailable
	e.Err = cause
	return &e
}

// subscriptionNeedsAction is a code of Stripe's that stripe-go does not name.
//
// Source: https://docs.stripe.com/error-codes#subscription-payment-intent-requires-action
const subscriptionNeedsAction stripe.ErrorCode = "subscription_payment_intent_requires_action"

// declined reports whether a payment failed because of the card: the bank
// declined it, the customer must confirm, or the card is gone.
func declined(err error) bool {
	var e *stripe.Error
	if !errors.As(err, &e) {
		return false
	}
	switch {
	case e.HTTPStatusCode == http.StatusPaymentRequired, e.Type == stripe.ErrorTypeCard:
		return true
	case e.Code == stripe.ErrorCodeInvoicePaymentIntentRequiresAction, e.Code == subscriptionNeedsAction:
		return true
	}
	return missing(e) && (e.Param == "default_payment_method" || e.Param == "payment_method")
}

func declineMessage(e *stripe.Error) string {
	reason := cmp.Or(string(e.DeclineCode), string(e.Code), "no reason given")
	return fmt.Sprintf("The card on file can't be charged (%s): %s", reason, message(e))
}

// nowhere reports whether Stripe does not know where the customer is, to compute a tax.
func nowhere(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && e.Code == stripe.ErrorCodeCustomerTaxLocationInvalid
}

// message is Stripe's sentence.
func message(e *stripe.Error) string { return cmp.Or(e.Msg, "Stripe refused the request.") }

// missing reports whether Stripe does not know an id.
func missing(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && (e.Code == stripe.ErrorCodeResourceMissing || e.HTTPStatusCode == http.StatusNotFound)
}

// refused reports whether Stripe understood a request and refused it for good.
func refused(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && e.HTTPStatusCode == http.StatusBadRequest && e.Type == stripe.ErrorTypeInvalidRequest
}

// final reports whether a retry is pointless: Stripe or we refused. A refused
// key is not final, as the operator may correct it.
func final(err error) bool {
	var ours *refusal.Error
	if errors.As(err, &ours) {
		return ours.Kind != refusal.KindUnavailable
	}
	return declined(err) || refused(err)
}

// cause has what an operator needs to find the request in Stripe's dashboard.
func cause(e *stripe.Error) error {
	return fmt.Errorf("stripe answered %d %s, code %q, param %q, request %q", e.HTTPStatusCode, e.Type, e.Code, e.Param, e.RequestID)
}

// withoutQuery removes the query from the URL of a failed request: look-ups
// have an e-mail address there.
func withoutQuery(err error) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return err
	}
	at := failed.URL
	if u, bad := url.Parse(failed.URL); bad == nil {
		at = u.Host + u.Path
	}
	return fmt.Errorf("%s %s: %w", failed.Op, at, failed.Err)
}
