package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const redeemedPrefix = "REDEEMED#"

// A redemption waits with the redeemer for the purchase that sets it off, or until a hold
// is over.
func init() {
	declare(kind{
		name: "open redemption", pk: "<env>#CUS#<key>", sk: redeemedPrefix + "<redemption>", version: 1,
		state: func(s *billing.State, r row) error {
			open, err := readRedemption(r)
			s.Redeemed = append(s.Redeemed, open)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, open := range w.Redeemed {
				out = append(out, t.remove(openKey(t.env, w.Key, open.ID), isThere, nil))
			}
			return out
		},
	})
}

func (t *transaction) OpenRedemption(w app.OpenRedemption) {
	r := newRow(openKey(t.env, w.Key, w.Redemption.ID))
	r.setJSON("data", w.Redemption)
	r.setInt("ver", w.Redemption.Version+1) // the redemption's own, which is saved with it
	r.setDue(t.env, w.Key, w.Due, w.Redemption.ID)
	if w.Again {
		t.add(t.put(r, isThere, nil))
		return
	}
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) CloseRedemption(w app.CloseRedemption) {
	t.add(t.remove(openKey(t.env, w.Key, w.ID), isThere, nil))
}

func openKey(env catalog.Env, customerKey, redemption string) key {
	return key{customerPK(env, customerKey), redeemedPrefix + redemption}
}
