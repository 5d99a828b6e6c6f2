package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const returnedPrefix = "RETURNED#"

// A payment of which the customer has something back.
func init() {
	declare(kind{
		name: "returned payment", pk: "<env>#LOG#<internal id>", sk: returnedPrefix + "<charge>", version: 1,
	})
}

func (t *transaction) SaveReturnedPayment(w app.SaveReturnedPayment) {
	r := newRow(returnedKey(t.env, w.InternalID, w.Payment.ChargeID))
	r.setJSON("data", w.Payment)
	t.add(t.put(r, whenever, nil))
}

func (t *transaction) ForgetReturnedPayment(w app.ForgetReturnedPayment) {
	t.add(t.remove(returnedKey(t.env, w.InternalID, w.ChargeID), whenever, nil))
}

func returnedKey(env catalog.Env, internalID, chargeID string) key {
	return key{logPK(env, internalID), returnedPrefix + chargeID}
}

// ReturnedPayment implements app.Store.
func (s *Store) ReturnedPayment(ctx context.Context, env catalog.Env, internalID, chargeID string) (billing.ReturnedPayment, error) {
	r, err := s.get(ctx, returnedKey(env, internalID, chargeID))
	if err != nil || len(r) == 0 {
		return billing.ReturnedPayment{}, err
	}
	var p billing.ReturnedPayment
	return p, r.json("data", &p)
}
