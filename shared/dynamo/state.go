package dynamo

import (
	"context"
	"fmt"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// State implements app.Store: one Query reads the customer whole. History is
// in a partition of its own, and what has ended moves there, so a long-lived
// customer stays one small read.
func (s *Store) State(ctx context.Context, env catalog.Env, customerKey string) (state billing.State, found bool, err error) {
	err = s.whole(ctx, env, customerKey, func() (map[string]entitlement.Balance, error) {
		state, found, err = s.state(ctx, env, customerKey)
		return state.Balances, err
	})
	return state, found, err
}

func (s *Store) state(ctx context.Context, env catalog.Env, customerKey string) (billing.State, bool, error) {
	rows, err := s.query(ctx, customerPK(env, customerKey), "", false)
	if err != nil {
		return billing.State{}, false, err
	}
	state := billing.State{Balances: map[string]entitlement.Balance{}}
	found := false
	for _, r := range rows {
		if r.text("SK") == customerSK {
			found = true
		}
		if err := add(&state, r); err != nil {
			return state, false, err
		}
	}
	return state, found, nil
}

// add puts one row of a customer's partition into its state.
func add(s *billing.State, r row) error {
	k := kindOf(key{r.text("PK"), r.text("SK")})
	if k == nil || k.state == nil {
		return fmt.Errorf("row %s %s: no such row in a customer", r.text("PK"), r.text("SK"))
	}
	return k.state(s, r)
}
