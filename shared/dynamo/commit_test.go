package dynamo

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

func TestACustomerIsReadWhole(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	want := billing.State{
		Customer: billing.Customer{ID: "ada", InternalID: "cus_1", Name: "Ada", CreatedAt: april},
		Products: []billing.CustomerProduct{{ID: "cp_1", ProductID: "free", Version: 1, Status: billing.Active, StartsAt: april, Quantity: 1}},
		Balances: map[string]entitlement.Balance{"messages": {FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp_1/pr_1", "100")}}},
		Operations: []billing.Operation{{ID: "op_1", Command: "attach", State: billing.AwaitingCheckout, Slots: []string{"group:main"}, CreatedAt: april,
			Decision: billing.Decision{Steps: []billing.Step{{Name: "session", Session: &billing.NewSession{Recurring: true}}}}}},
		Codes: []catalog.ReferralCode{{Code: "4EXWV2", ProgramID: "rs_1", OwnerID: "ada", InternalID: "cus_1", CreatedAt: april}},
	}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: want.Customer}, app.SaveCustomerProduct{Key: "ada", Product: want.Products[0]},
		app.SaveBalance{Key: "ada", Balance: want.Balances["messages"], Now: april}, app.SaveOperation{Key: "ada", Operation: want.Operations[0], Due: may},
		app.NewReferralCode{Code: want.Codes[0]}, app.AddAudit{InternalID: "cus_1", Audit: billing.Audit{ID: "01J"}}))
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada2", InternalID: "cus_2", CreatedAt: april}}))
	must(t, s.Commit(t.Context(), catalog.Live, app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: "cp_9"}}))

	got, found, err := s.State(t.Context(), env, "ada")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	want.Customer.Version = 1
	want.Customer.Holds = []billing.Holding{{ID: "cp_1", ProductID: "free"}}
	b := want.Balances["messages"]
	b.Version = 1
	want.Balances["messages"] = b
	if diff := cmp.Diff(want, got, loosely); diff != "" {
		t.Errorf("state (-saved +read):\n%s", diff)
	}
	for _, nobody := range []string{"ad", "ada ", "ADA"} {
		if _, found, err := s.State(t.Context(), env, nobody); found || err != nil {
			t.Errorf("%q: found %v, %v", nobody, found, err)
		}
	}
	if _, found, err := s.State(t.Context(), catalog.Live, "ada"); found || err != nil {
		t.Errorf("in another environment: found %v, %v", found, err)
	}
}

func TestAWriteAtAnOldVersionIsRefusedWithAllBesideIt(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	c := billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}
	b := entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp_1/pr_1", "100")}}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: c}, app.SaveBalance{Key: "ada", Balance: b, Now: april}))
	beside := app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: "cp_beside"}}
	for _, tt := range []struct {
		name string
		w    app.Write
		is   func(error) bool
	}{
		{"a customer that is there is made", app.SaveCustomer{Customer: c}, app.ConflictIn[app.SaveCustomer]},
		{"a customer is saved at a version to come", app.SaveCustomer{Customer: billing.Customer{ID: "ada", Version: 2}}, app.ConflictIn[app.SaveCustomer]},
		{"a customer is deleted at another version", app.DeleteCustomer{Customer: billing.Customer{ID: "ada", Version: 2}}, app.ConflictIn[app.DeleteCustomer]},
		{"a balance that is there is made", app.SaveBalance{Key: "ada", Balance: b, Now: april}, app.ConflictIn[app.SaveBalance]},
		{"a balance goes with rows of another version", app.DeleteRows{Key: "ada", Balances: []entitlement.Balance{{FeatureID: "messages", Version: 2}}}, app.ConflictIn[app.DeleteRows]},
		{"an operation ends that is not there", app.EndOperation{Key: "ada", ID: "op_1"}, app.ConflictIn[app.EndOperation]},
	} {
		err := s.Commit(t.Context(), env, beside, tt.w)
		if stale(t, err); !tt.is(err) || app.ConflictIn[app.SaveCustomerProduct](err) {
			t.Errorf("%s: the wrong write is to blame: %v", tt.name, err)
		}
	}
	state, _, err := s.State(t.Context(), env, "ada")
	must(t, err)
	if len(state.Products) != 0 || state.Customer.Version != 1 || state.Balances["messages"].Version != 1 {
		t.Errorf("something was written: %+v", state)
	}
}

func TestOfParallelSavesExactlyOneCounts(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() {
			errs[i] = s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: fmt.Sprint(i), CreatedAt: april}})
		})
	}
	wg.Wait()
	saved := 0
	for _, err := range errs {
		if err == nil {
			saved++
			continue
		}
		stale(t, err)
	}
	if saved != 1 {
		t.Errorf("%d saves counted", saved)
	}
}

func TestACounterNeverPassesItsLimit(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	must(t, s.Commit(t.Context(), env, app.NewReferralCode{Code: catalog.ReferralCode{Code: "4EXWV2", ProgramID: "rs_1", OwnerID: "ada"}}))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := s.Commit(t.Context(), env, app.CountRedemption{Code: "4exwv2", Places: 1, Max: 3}); err != nil && !app.ConflictIn[app.CountRedemption](err) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c, found, err := s.ReferralCode(t.Context(), env, "4EXWV2")
	if err != nil || !found || c.Triggered != 3 {
		t.Errorf("triggered %d times: %v, %v", c.Triggered, found, err)
	}
	must(t, s.Commit(t.Context(), env, app.CountRedemption{Code: "4EXWV2", Places: 1})) // without a limit
	stale(t, s.Commit(t.Context(), env, app.CountRedemption{Code: "GONE22", Places: 1, Max: 3}))
}

func TestAnInvoiceNeverGoesBack(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	invoice := func(status string) app.SaveInvoice {
		return app.SaveInvoice{InternalID: "cus_1", Invoice: billing.Invoice{StripeID: "in_1", Status: status, CreatedAt: april}, Noted: "01"}
	}
	for _, status := range []string{"draft", "open", "open", "paid"} {
		must(t, s.Commit(t.Context(), env, invoice(status)))
	}
	if err := s.Commit(t.Context(), env, invoice("open")); !app.ConflictIn[app.SaveInvoice](err) {
		t.Errorf("err = %v", err)
	}
	got, err := s.Invoices(t.Context(), env, "cus_1")
	if err != nil || len(got) != 1 || got[0].Status != "paid" {
		t.Errorf("invoices %+v, %v", got, err)
	}
}

func TestTooLargeAChangeIsRefusedBeforeItIsTried(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	db.SetFault(func(local.Call) local.Fault { t.Error("the database was asked"); return local.Fault{} })
	var writes []app.Write
	for i := range maxWrites + 1 {
		writes = append(writes, app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: fmt.Sprint(i)}})
	}
	wantKind(t, s.Commit(t.Context(), env, writes...), refusal.KindConflict)
	must(t, s.Commit(t.Context(), env))
}

// strikes lets a fault strike the first n requests of an operation.
func strikes(n int, operation string, f local.Fault) func(local.Call) local.Fault {
	return func(c local.Call) local.Fault {
		if c.Operation != operation || n == 0 {
			return local.Fault{}
		}
		n--
		return f
	}
}

func TestATransactionOnABadDay(t *testing.T) {
	t.Parallel()
	const forever = 1000
	for _, tt := range []struct {
		name  string
		fault local.Fault
		times int
		kind  refusal.Kind // "" is success
		saved bool
	}{
		{"contention that passes", local.Fault{Kind: local.FaultConflict}, 3, "", true},
		{"contention that stays", local.Fault{Kind: local.FaultConflict}, forever, refusal.KindUnavailable, false},
		{"throttling that passes", local.Fault{Kind: local.FaultThrottle}, 4, "", true},
		{"throttling that stays", local.Fault{Kind: local.FaultThrottle}, forever, refusal.KindThrottled, false},
		{"a rate limit that stays", local.Fault{Kind: local.FaultRateLimit}, forever, refusal.KindThrottled, false},
		{"a lost request", local.Fault{Kind: local.FaultLoseRequest}, 1, "", true},
		{"a lost answer is asked for again, and is no second write", local.Fault{Kind: local.FaultLoseAnswer}, 1, "", true},
		{"a server that fails after it has written", local.Fault{Kind: local.FaultInternalAfter}, 1, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, s := fresh(t)
			db.SetFault(strikes(tt.times, "TransactWriteItems", tt.fault))
			err := s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}})
			if tt.kind == "" {
				must(t, err)
			} else {
				wantKind(t, err, tt.kind)
			}
			state, found, err := s.State(t.Context(), env, "ada")
			if err != nil || found != tt.saved || found && state.Customer.Version != 1 {
				t.Errorf("found %v at version %d, %v", found, state.Customer.Version, err)
			}
		})
	}
}

func TestAServerThatOnlyFailsIsOurOwnFault(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	db.SetFault(func(local.Call) local.Fault { return local.Fault{Kind: local.FaultInternal} })
	var known *refusal.Error
	if err := s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", CreatedAt: april}}); err == nil || errors.As(err, &known) {
		t.Errorf("err = %v", err)
	}
	if _, _, err := s.State(t.Context(), env, "ada"); err == nil || errors.As(err, &known) {
		t.Errorf("read: err = %v", err)
	}
}
