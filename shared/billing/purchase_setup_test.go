package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/rulestest"
)

func TestACardPageReplacesThoseThatAreOpen(t *testing.T) {
	t.Parallel()
	cmd := SetupPayment{SuccessURL: "https://app/saved", Extra: map[string]string{"locale": "de"}}
	d := DecideSetupPayment(cmd, []Page{{"op_1", "cs_1"}, {"op_2", "cs_2"}})
	want := []Step{
		{Name: "session", Session: &NewSession{Setup: true, SuccessURL: "https://app/saved", Extra: map[string]string{"locale": "de"}}},
		{Name: "expire_op_1", ExpireSession: &ExpireSession{"cs_1", "op_1"}},
		{Name: "expire_op_2", ExpireSession: &ExpireSession{"cs_2", "op_2"}},
	}
	if diff := cmp.Diff(want, d.Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if !d.Page || len(d.Start) > 0 || d.DueNow() != 0 || d.Why == "" {
		t.Errorf("it waits for the page, starts and charges nothing: %+v", d)
	}
}

// Nothing but the customer at Stripe comes of it, whatever is held.
func TestTheCustomerAtStripeIsNamedByItsVersion(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("pro"), used("messages", "20"))
	s.Customer.Version, s.Customer.StripeID = 4, ""
	op := MakeStripeCustomer(s.Customer, "am_sk", April)
	next := s.Customer
	next.Version = 5
	if op.ID == MakeStripeCustomer(next, "am_sk", April).ID || op.ID != MakeStripeCustomer(s.Customer, "other", May).ID {
		t.Errorf("id %q", op.ID)
	}
	want := []Step{{Name: "customer", Customer: &NewCustomer{Name: s.Customer.Name, Email: s.Customer.Email}}}
	if diff := cmp.Diff(want, op.Decision.Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	done := op.Settle(s.State, s.Catalog, Results{CustomerID: "cus_S"}, April)
	if done.Customer.StripeID != "cus_S" || len(done.Products)+len(done.Balances)+len(done.Trials) > 0 || done.Invoice != nil {
		t.Errorf("settled as %+v", done)
	}
	if done.Audit.Actor != "am_sk" || done.Audit.Stripe["customer"] != "cus_S" || done.Audit.Currency != "" {
		t.Errorf("audit %+v", done.Audit)
	}
}
