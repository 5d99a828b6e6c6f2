package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Customers without id are found by e-mail address.
func init() {
	declare(kind{
		name: "e-mail", pk: "<env>#EMAIL#<address>", sk: "EMAIL", version: 1,
	})
}

func (t *transaction) ReserveEmail(w app.ReserveEmail) {
	r := newRow(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)))
	r.setText("cus", w.InternalID)
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) ReleaseEmail(w app.ReleaseEmail) {
	t.add(t.remove(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)), "cus = :cus", values{":cus": text(w.InternalID)}))
}

// KeyByEmail implements app.Store.
func (s *Store) KeyByEmail(ctx context.Context, env catalog.Env, email string) (string, error) {
	r, err := s.get(ctx, lookUp(env, "EMAIL", billing.EmailKey(email)))
	return r.text("cus"), err
}
