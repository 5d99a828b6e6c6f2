package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
)

// expireSession closes a checkout page. A page that has expired, or that Stripe
// does not know, can't be paid, so both count as closed. A completed one is
// ErrSessionClosed. Stripe refuses both with the same status and no code, so
// the page is read to tell them apart.
func (j job) expireSession(ctx context.Context, id string) error {
	_, err := j.sessions.Expire(id, &stripe.CheckoutSessionExpireParams{Params: j.params(ctx, "")})
	if err == nil || missing(err) {
		return nil
	}
	if !refused(err) {
		return err
	}
	page, readErr := j.sessions.Get(id, &stripe.CheckoutSessionParams{Params: stripe.Params{Context: ctx}})
	if readErr != nil {
		return readErr
	}
	switch page.Status {
	case stripe.CheckoutSessionStatusExpired:
		return nil
	case stripe.CheckoutSessionStatusComplete:
		return app.ErrSessionClosed
	default: // open: it was refused for another reason
		return err
	}
}
