package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/catalog"
)

// Portal implements app.Payments. One call. Every call creates a new link,
// which expires after a few minutes; none changes anything.
func (s *Stripe) Portal(ctx context.Context, env catalog.Env, stripeID, returnURL string) (string, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return "", err
	}
	page, err := a.portals.New(&stripe.BillingPortalSessionParams{Params: stripe.Params{Context: ctx},
		Customer: &stripeID, ReturnURL: known(returnURL)})
	if err != nil {
		return "", a.explain(err)
	}
	return page.URL, nil
}
