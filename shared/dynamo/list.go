package dynamo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Invoices implements app.Store. Stripe dates invoices by the second; those of
// one second are ordered by when they were first noted.
func (s *Store) Invoices(ctx context.Context, env catalog.Env, internalID string) ([]billing.Invoice, error) {
	rows, err := s.query(ctx, logPK(env, internalID), invoicePrefix, true)
	if err != nil {
		return nil, err
	}
	out, noted := make([]billing.Invoice, len(rows)), map[string]string{}
	for i, r := range rows {
		if err := r.json("data", &out[i]); err != nil {
			return nil, err
		}
		noted[out[i].StripeID] = r.text("noted")
	}
	slices.SortStableFunc(out, func(a, b billing.Invoice) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(noted[b.StripeID], noted[a.StripeID]))
	})
	return out, nil
}
