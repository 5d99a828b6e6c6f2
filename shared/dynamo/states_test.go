package dynamo

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Customers who are read together are those who are read alone, also where they take more than
// one answer of 1 MB, one of them is larger than that, and one counts use on shards.
func TestStatesAreThoseReadAlone(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	people(t, s, 8)
	keys := []string{"nobody"}
	for i := range 8 {
		k := fmt.Sprintf("Ada-%03d", i)
		keys = append(keys, k)
		for j := range 2 + i {
			must(t, s.Commit(t.Context(), env, app.SaveCustomerProduct{Key: k, Product: billing.CustomerProduct{ID: fmt.Sprintf("cp_%02d", j), ProductID: "pro",
				Status: billing.Active, CreatedBy: strings.Repeat("x", 130_000)}}))
		}
	}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_ada", CreatedAt: april}}))
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
	for range 5 {
		must(t, tracks(t.Context(), s, 4, money.Int(3), april))
	}
	keys = append(keys, "ada")
	before := db.Dump()
	states, err := s.States(t.Context(), env, keys...)
	must(t, err)
	if len(states) != 9 {
		t.Errorf("%d customers, want 9", len(states))
	}
	for _, k := range keys {
		alone, found, err := s.State(t.Context(), env, k)
		must(t, err)
		if together, there := states[k]; there != found || found && !reflect.DeepEqual(together, alone) {
			t.Errorf("%s: read together %v with %d products, alone %v with %d", k, there, len(together.Products), found, len(alone.Products))
		}
	}
	if db.Dump() != before {
		t.Error("reading wrote")
	}
	if none, err := s.States(t.Context(), env); len(none) != 0 || err != nil {
		t.Errorf("nobody: %v %v", none, err)
	}
}
