package dynamo

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// holdsOf is what the rows of customers say by themselves of their products.
func holdsOf(t *testing.T, s *Store, keys ...string) map[string][]billing.Holding {
	t.Helper()
	rows, err := s.CustomersByKey(t.Context(), env, keys...)
	must(t, err)
	out := map[string][]billing.Holding{}
	for key, c := range rows {
		out[key] = c.Holds
	}
	return out
}

// What a customer's own row says of products is what the rows of the products say, whatever
// is saved, deleted or moved, and whoever else is saved with it.
func TestTheCustomersRowNamesTheProducts(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	ada, bob := billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}, billing.Customer{ID: "bob", InternalID: "cus_2", CreatedAt: april}
	pro := billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active, StartsAt: april}
	pack := billing.CustomerProduct{ID: "cp_2", ProductID: "pack", Status: billing.Scheduled, StartsAt: may}
	check := func(what string, want map[string][]billing.Holding) {
		t.Helper()
		if diff := cmp.Diff(want, holdsOf(t, s, "ada", "bob")); diff != "" {
			t.Errorf("%s (-want +row):\n%s", what, diff)
		}
	}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: ada}, app.SaveCustomerProduct{Key: "ada", Product: pro},
		app.SaveCustomer{Customer: bob}, app.SaveCustomerProduct{Key: "bob", Product: pack}))
	proHeld, packWaits := billing.Holding{ID: "cp_1", ProductID: "pro"}, billing.Holding{ID: "cp_2", ProductID: "pack", StartsAt: may}
	check("two customers in one transaction", map[string][]billing.Holding{"ada": {proHeld}, "bob": {packWaits}})

	save := func(key string, change ...app.Write) {
		t.Helper()
		state, _, err := s.State(t.Context(), env, key)
		must(t, err)
		must(t, s.Commit(t.Context(), env, append([]app.Write{app.SaveCustomer{Customer: state.Customer}}, change...)...))
	}
	pro.EndsAt = may
	save("ada", app.SaveCustomerProduct{Key: "ada", Product: pro})
	proHeld.EndsAt = may
	check("an end that is known", map[string][]billing.Holding{"ada": {proHeld}, "bob": {packWaits}})
	save("bob", app.DeleteRows{Key: "bob", Products: []billing.CustomerProduct{pack}})
	check("a product that was taken back", map[string][]billing.Holding{"ada": {proHeld}, "bob": {}})
	pro.Status = billing.Expired
	save("ada", app.SaveCustomerProduct{Key: "ada", Product: pro})
	check("one that has ended", map[string][]billing.Holding{"ada": {}, "bob": {}})
}

// A row from before it said so says nothing, until it is saved for whatever reason.
func TestARowOfBeforeNamesProductsOnceItIsSaved(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	pro := billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active, StartsAt: april, EndsAt: may}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}}, app.SaveCustomerProduct{Key: "ada", Product: pro}))
	forget(t, s, customerKey(env, "ada"), "holds")
	if got := holdsOf(t, s, "ada"); got["ada"] != nil {
		t.Fatalf("a row of before says %v", got)
	}
	state, _, err := s.State(t.Context(), env, "ada")
	must(t, err)
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: state.Customer}))
	want := []billing.Holding{{ID: "cp_1", ProductID: "pro", EndsAt: may}}
	if diff := cmp.Diff(want, holdsOf(t, s, "ada")["ada"]); diff != "" {
		t.Errorf("after it was saved (-want +row):\n%s", diff)
	}
	if h := want[0]; !h.At(may.Add(-time.Second)) || h.At(may) {
		t.Error("a holding lasts until it ends, and no longer")
	}
}

// The upgrade does the same for all rows of before, once.
func TestTheUpgradeNamesProducts(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	pro := billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active, StartsAt: april}
	for _, id := range []string{"ada", "bob"} {
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: "cus_" + id, Fingerprint: "phone", CreatedAt: april}}, app.SaveCustomerProduct{Key: id, Product: pro}))
	}
	forget(t, s, customerKey(env, "ada"), "holds")
	forget(t, s, customerKey(env, "ada"), "device_pk")
	whole := s.client.(*dynamodb.Client)
	for _, want := range []int{1, 0} {
		changed, err := s.Upgrade(t.Context(), whole)
		must(t, err)
		if changed != want {
			t.Errorf("%d rows were upgraded, want %d", changed, want)
		}
	}
	want := []billing.Holding{{ID: "cp_1", ProductID: "pro"}}
	if diff := cmp.Diff(map[string][]billing.Holding{"ada": want, "bob": want}, holdsOf(t, s, "ada", "bob")); diff != "" {
		t.Errorf("(-want +row):\n%s", diff)
	}
	keys, err := s.SharedFingerprint(t.Context(), env, "phone", 10)
	must(t, err)
	if len(keys) != 2 {
		t.Errorf("%q have the device", keys)
	}
	if state, _, err := s.State(t.Context(), env, "ada"); err != nil || state.Customer.Version != 1 {
		t.Errorf("the upgrade is no change of the customer: %d, %v", state.Customer.Version, err)
	}
}

// forget takes an attribute off a row, as a row from before it was kept has none.
func forget(t *testing.T, s *Store, k key, name string) {
	t.Helper()
	_, err := s.client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: &s.table, Key: k.attributes(),
		UpdateExpression: aws.String("REMOVE #n"), ExpressionAttributeNames: map[string]string{"#n": name}})
	must(t, err)
}
