package billing

import (
	"strings"
	"time"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/rulestest"
)

// The shop is the catalog most tests of this package buy from, and these are
// the words they say it with.

// A situation is what a customer's state begins with.
type situation func(*AttachState)

// customerOf tells a customer's state in words. Stripe knows nobody yet.
func customerOf(words ...situation) AttachState {
	s := AttachState{Catalog: Shop(), State: State{Balances: map[string]Balance{}}}
	s.Customer = Customer{ID: "ada", InternalID: "cus_ada", Name: "Ada", Email: "ada@x.io", Version: 1, CreatedAt: April}
	for _, w := range words {
		w(&s)
	}
	return s
}

func withCard(s *AttachState) { s.Card, s.Customer.StripeID = "pm_1", "cus_S" }

// holding starts a product on 1 April, with its balances.
func holding(id string, change ...func(*CustomerProduct)) situation {
	return func(s *AttachState) {
		p, err := s.Catalog.Product(id)
		if err != nil {
			panic(err)
		}
		cp := CustomerProduct{ID: "cp_" + id, ProductID: id, Version: p.Version, Group: p.Group, AddOn: p.AddOn,
			Status: Active, Quantity: 1, StartsAt: April}
		for _, c := range change {
			c(&cp)
		}
		rows, _, balances := s.apply(s.Catalog, transition{begin: []CustomerProduct{cp}}, April)
		s.State = saved(s.State, Settlement{Customer: s.Customer, Products: rows, Balances: balances})
	}
}

// packsOfMessages is a customer product that bought messages in advance.
func packsOfMessages(n string) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.Quantities = []Quantity{{FeatureID: "messages", Quantity: Dec(n)}} }
}

func hasTried(id string) situation {
	return func(s *AttachState) { s.Customer.TrialsUsed = map[string]time.Time{id: April} }
}

func deviceHasTried(id string) situation {
	return func(s *AttachState) { s.Customer.Fingerprint, s.TrialTaken = "device", append(s.TrialTaken, id) }
}

func pageOpen(operation, session string) situation {
	return func(s *AttachState) { s.Pages = append(s.Pages, Page{operation, session}) }
}

func used(feature, n string) situation {
	return func(s *AttachState) { s.Balances[feature] = s.Balances[feature].Deduct(Dec(n), April) }
}

// buy asks for products on 1 April.
func (s AttachState) buy(change func(*Attach), ids ...string) Attach {
	cmd := Attach{OperationID: "op_1", Now: April}
	for _, id := range ids {
		p, err := s.Catalog.Product(id)
		if err != nil {
			panic(err)
		}
		cmd.Products = append(cmd.Products, p)
	}
	if change != nil {
		change(&cmd)
	}
	return cmd
}

func quantity(feature, n string) func(*Attach) {
	return func(a *Attach) { a.Quantities = append(a.Quantities, Quantity{FeatureID: feature, Quantity: Dec(n)}) }
}

func byInvoice(a *Attach)     { a.ByInvoice = true }
func forcePage(a *Attach)     { a.ForceCheckout = true }
func publishable(a *Attach)   { a.Publishable = true }
func declinesTrial(a *Attach) { a.NoTrial = true }

func both(a, b func(*Attach)) func(*Attach) { return func(cmd *Attach) { a(cmd); b(cmd) } }

// left is what remains of a feature at a moment, in words of check.
func left(s State, feature string, now time.Time) string {
	return s.Balances[feature].At(now).Sum(now).Remaining.String()
}

// usedOf lists what is used of each grant of a balance.
func usedOf(b Balance) string {
	var out []string
	for _, g := range b.Grants {
		out = append(out, g.ID+"="+g.Used.String())
	}
	return strings.Join(out, " ")
}
