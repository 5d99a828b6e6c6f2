package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// The row stays when the customer is deleted, with a mark of the deletion.
func init() {
	declare(kind{
		name: "Stripe customer", pk: "<env>#STRIPE#<id>", sk: "STRIPE", version: 1,
	})
}

func (t *transaction) LinkStripe(w app.LinkStripe) {
	r := newRow(lookUp(t.env, "STRIPE", w.StripeID))
	r.setText("cus", w.Key)
	r.setText("internal", w.InternalID)
	t.add(t.put(r, isNew+" OR cus = :key OR cus = :was OR attribute_exists(gone)",
		values{":key": text(w.Key), ":was": text(w.Was)}))
}

func (t *transaction) BuryStripe(w app.BuryStripe) {
	r := newRow(lookUp(t.env, "STRIPE", w.StripeID))
	r.setText("internal", w.Owner.InternalID)
	r.setTime("gone", w.Owner.DeletedAt)
	r.setText("operation", w.Owner.OperationID)
	t.add(t.put(r, isNew+" OR cus = :key", values{":key": text(w.Key)}))
}

// StripeOwner implements app.Store.
func (s *Store) StripeOwner(ctx context.Context, env catalog.Env, stripeID string) (billing.StripeOwner, error) {
	r, err := s.get(ctx, lookUp(env, "STRIPE", stripeID))
	return billing.StripeOwner{Key: r.text("cus"), InternalID: r.text("internal"), DeletedAt: r.time("gone"),
		OperationID: r.text("operation")}, err
}
