package dynamo

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// State implements app.Store: one Query reads the customer whole. History is
// in a partition of its own, so a long-lived customer stays one small read.
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
func add(s *billing.State, r row) (err error) {
	sk := r.text("SK")
	switch {
	case sk == customerSK:
		s.Customer, err = readCustomer(r)
	case strings.HasPrefix(sk, heldPrefix):
		var p billing.CustomerProduct
		p, err = readHeld(r)
		s.Products = append(s.Products, p)
	case strings.HasPrefix(sk, balancePrefix):
		var b entitlement.Balance
		b, err = readBalance(r)
		s.Balances[b.FeatureID] = b
	case strings.HasPrefix(sk, operationPrefix):
		var op billing.Operation
		err = r.json("data", &op)
		s.Operations = append(s.Operations, op)
	case strings.HasPrefix(sk, ownCodePrefix):
		var c catalog.ReferralCode
		err = r.json("data", &c)
		s.Codes = append(s.Codes, c)
	case strings.HasPrefix(sk, redeemedPrefix):
		var open catalog.Redemption
		err = r.json("data", &open)
		s.Redeemed = append(s.Redeemed, open)
	case strings.HasPrefix(sk, queuedPrefix):
		var q billing.QueuedReward
		err = r.json("data", &q)
		s.Queue = append(s.Queue, q)
	default:
		err = fmt.Errorf("row %s %s: no such row in a customer", r.text("PK"), sk)
	}
	return err
}
