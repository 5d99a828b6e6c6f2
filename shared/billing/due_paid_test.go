package billing

import (
	"testing"

	"windfall/shared/credit"
	"windfall/shared/money"
	. "windfall/shared/rulestest"
)

// What is due is paid by the customer's own credit, then by credits, and the rest is left. The
// balance at Stripe has both, but for credits that it is to be told of, and for those that have
// expired and are still there.
func TestHowWhatIsDueIsPaid(t *testing.T) {
	t.Parallel()
	posted, unposted := credit.Grant{ID: "cg_1", Granted: 3000, Remaining: 3000, Posted: true}, credit.Grant{ID: "cg_1", Granted: 3000, Remaining: 3000}
	expired, scoped := posted, credit.Grant{ID: "cg_2", Granted: 3000, Remaining: 3000, Scoped: true}
	expired.Expires = April
	for name, tt := range map[string]struct {
		due, balance money.Amount
		grants       []credit.Grant
		want         DuePaid
	}{
		"nothing":                        {2000, 0, nil, DuePaid{Left: 2000}},
		"own credit":                     {2000, -500, nil, DuePaid{Balance: 500, Left: 1500}},
		"more of it":                     {2000, -2500, nil, DuePaid{Balance: 2000}},
		"credits":                        {2000, -3000, []credit.Grant{posted}, DuePaid{Credits: 2000}},
		"credits and own credit":         {5000, -3500, []credit.Grant{posted}, DuePaid{3000, 500, 1500}},
		"own credit first":               {2000, -4500, []credit.Grant{posted}, DuePaid{500, 1500, 0}},
		"credits that are to be posted":  {5000, -500, []credit.Grant{unposted}, DuePaid{3000, 500, 1500}},
		"credits that have expired":      {5000, -3500, []credit.Grant{expired}, DuePaid{0, 500, 4500}},
		"credits for some prices":        {5000, -500, []credit.Grant{scoped}, DuePaid{0, 500, 4500}},
		"a debt":                         {2000, 300, nil, DuePaid{0, -300, 2300}},
		"a debt that credits have paid":  {5000, -1800, []credit.Grant{posted}, DuePaid{1800, 0, 3200}},
		"a debt of more than credits":    {2000, 1000, []credit.Grant{posted}, DuePaid{0, -1000, 3000}},
		"money comes back":               {-1500, -500, nil, DuePaid{}},
		"money comes back, with a debt":  {-1500, 500, nil, DuePaid{}},
		"money comes back to a debtor":   {-1500, 2000, nil, DuePaid{0, -2000, 500}},
		"all is free, with own credit":   {0, -500, nil, DuePaid{}},
		"all is free, and they owe some": {0, 500, nil, DuePaid{0, -500, 500}},
	} {
		s := AttachState{State: State{Customer: Customer{StripeID: "cus"}, Credits: credit.Account{StripeID: "cus", Grants: tt.grants}}, Balance: tt.balance}
		if got := (Decision{Lines: []Line{{Amount: tt.due}}}).Paid(s, April); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
	owes := AttachState{State: State{Customer: Customer{StripeID: "cus"}}, Balance: 500}
	if got := (Decision{}).Paid(owes, April); got != (DuePaid{}) {
		t.Errorf("no invoice: %+v", got)
	}
	page := Decision{Lines: []Line{{Amount: 1200}}, Steps: []Step{{Session: &NewSession{}}}}
	if got := page.Paid(owes, April); got != (DuePaid{Left: 1200}) {
		t.Errorf("a page of a single payment: %+v", got)
	}
}
