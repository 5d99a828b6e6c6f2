package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/order"
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
	state, found, err := stateOf(rows)
	if err != nil || !state.SellsToEntities() {
		return state, found, err
	}
	of, err := s.BalancesOfEntities(ctx, env, customerKey, "")
	return state.WithEntities(of), found, err
}

// stateOf puts the rows of one customer's partition together. found is false without a customer.
func stateOf(rows []row) (state billing.State, found bool, err error) {
	state.Balances = map[string]entitlement.Balance{}
	for _, r := range rows {
		if r.text("SK") == customerSK {
			found = true
		}
		if err := add(&state, r); err != nil {
			return state, false, err
		}
	}
	state.Customer.Holds = billing.HoldingsOf(state.Products) // a row from before it said so is upgraded when it is saved
	return state, found, nil
}

// wholePartitions reads partitions as Query does, with one request for many of them. AWS charges
// it as one Query for each. The rights of a function say that it may not read a table whole.
const wholePartitions = `SELECT * FROM "%s" WHERE "PK" IN [?%s]`

// States implements app.Store.
func (s *Store) States(ctx context.Context, env catalog.Env, customerKeys ...string) (map[string]billing.State, error) {
	if len(customerKeys) == 0 {
		return nil, nil
	}
	in := &dynamodb.ExecuteStatementInput{
		Statement: aws.String(fmt.Sprintf(wholePartitions, s.table, strings.Repeat(",?", len(customerKeys)-1))), ConsistentRead: aws.Bool(true),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	for _, k := range customerKeys {
		in.Parameters = append(in.Parameters, text(customerPK(env, k)))
	}
	of := map[string][]row{}
	for {
		out, err := s.client.ExecuteStatement(ctx, in)
		if err != nil {
			return nil, failed("read customers", err)
		}
		countOne(ctx, out.ConsumedCapacity)
		rows, err := knownRows(out.Items)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			_, k, _ := ownerOf(r.text("PK"))
			of[k] = append(of[k], r)
		}
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	states := make(map[string]billing.State, len(of))
	for k, rows := range of {
		// No order is promised.
		order.Stable(rows, func(a, b *row) int { return strings.Compare(a.text("SK"), b.text("SK")) })
		state, found, err := stateOf(rows)
		if err != nil {
			return nil, err
		}
		if sharded(state) || state.SellsToEntities() {
			state, found, err = s.State(ctx, env, k)
		}
		if err != nil {
			return nil, err
		}
		if found {
			states[k] = state
		}
	}
	return states, nil
}

// sharded tells whether a balance is counted on rows elsewhere, too.
func sharded(s billing.State) bool {
	for _, b := range s.Balances {
		if b.Shards.Count > 0 {
			return true
		}
	}
	return false
}

// add puts one row of a customer's partition into its state.
func add(s *billing.State, r row) error {
	k := kindOf(key{r.text("PK"), r.text("SK")})
	if k == nil || k.state == nil {
		return fmt.Errorf("row %s %s: no such row in a customer", r.text("PK"), r.text("SK"))
	}
	return k.state(s, r)
}
