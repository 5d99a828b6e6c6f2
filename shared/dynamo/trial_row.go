package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

func init() {
	declare(kind{
		name: "trial", pk: "<env>#TRIAL#<product>#<device>", sk: "TRIAL", version: 1,
	})
}

func (t *transaction) ClaimTrial(w app.ClaimTrial) {
	t.add(t.put(newRow(trialKey(t.env, w.Trial)), isNew, nil))
}

func trialKey(env catalog.Env, t billing.TrialClaim) key {
	return lookUp(env, "TRIAL", t.ProductID+"#"+t.Fingerprint)
}

// TrialsTaken implements app.Store.
func (s *Store) TrialsTaken(ctx context.Context, env catalog.Env, fingerprint string, productIDs []string) ([]string, error) {
	var taken []string
	for _, id := range productIDs {
		r, err := s.get(ctx, trialKey(env, billing.TrialClaim{Fingerprint: fingerprint, ProductID: id}))
		if err != nil {
			return nil, err
		}
		if len(r) > 0 {
			taken = append(taken, id)
		}
	}
	return taken, nil
}
