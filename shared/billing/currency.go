package billing

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// In is the catalog with prices in the customer's currency. One that is seen in a
// currency already stays as it is: every rule begins with this, and calls others.
func (s State) In(c *catalog.Catalog) *catalog.Catalog {
	if c == nil || c.Seen() {
		return c
	}
	return c.In(cmp.Or(s.Customer.Currency, s.Chosen))
}

// in is the catalog with prices in the currency of an operation: that of a page was chosen
// when it was opened, and is the customer's once it is paid.
func (op Operation) in(s State, c *catalog.Catalog) *catalog.Catalog {
	s.Chosen = op.Decision.Currency
	return s.In(c)
}

// fixCurrency fixes the currency of a customer with what they buy first: Stripe bills a
// customer in one.
//
// Source: https://docs.stripe.com/billing/customer (currency)
func (op Operation) fixCurrency(out *Settlement) {
	bills := func(s Step) bool {
		return s.Subscription != nil || s.Invoice != nil || s.Usage != nil || s.Change != nil || s.Session != nil && !s.Session.Setup
	}
	if out.Customer.Currency == "" && slices.ContainsFunc(op.Decision.Steps, bills) {
		out.Customer.Currency = op.Decision.Currency
	}
}

// Choose is the customer for a command that asks to pay in a currency; "" asks for none.
// What is chosen is theirs once something is bought. One that was fixed stays, and so does that of a customer who bought or was given something while
// none was chosen: it is the environment's.
func (s State) Choose(c *catalog.Catalog, currency money.Currency) (State, error) {
	fixed := cmp.Or(s.Customer.Currency, s.Chosen)
	if fixed == "" && s.billed(c) {
		fixed = c.Settings.Currency
	}
	switch {
	case currency == "" || currency == fixed:
	case !currency.Known():
		return s, refusal.Invalid(ReasonCurrencyUnknown, currency)
	case fixed != "":
		return s, refusal.Invalid(ReasonCurrencyFixed, s.Customer.Key(), fixed, currency)
	}
	s.Chosen = cmp.Or(currency, s.Chosen)
	return s, nil
}

// BilledIn is a customer whom Stripe bills in a currency, "" for none yet: it is theirs
// where no other is fixed here.
//
// Source: https://docs.stripe.com/api/customers/object (currency)
func (s State) BilledIn(c *catalog.Catalog, currency money.Currency) (State, error) {
	if currency == "" || currency == s.In(c).Currency() {
		return s, nil
	}
	if chosen, err := s.Choose(c, currency); err == nil {
		return chosen, nil
	}
	return s, refusal.Invalid(ReasonCurrencyAtStripe, s.Customer.Key(), s.In(c).Currency(), currency)
}

// otherCurrency reports whether a reward is an amount in another currency than the
// customer pays in.
func (s State) otherCurrency(c *catalog.Catalog, r catalog.Reward) bool {
	return r.HasAmount() && c.CurrencyOf(r) != s.In(c).Currency()
}

func (s State) whyNot(c *catalog.Catalog, r catalog.Reward) string {
	return fmt.Sprintf("Reward %q is in %s, and the customer pays in %s, so it is not given.", r.ID, c.CurrencyOf(r), s.In(c).Currency())
}

// Fill takes over what is said of a customer and still unknown, and reports whether
// anything changed. The error is that of Choose.
func (s *State) Fill(c *catalog.Catalog, d CustomerData) (changed bool, err error) {
	if d.Currency != "" && s.Customer.Currency == "" {
		if _, err = s.Choose(c, d.Currency); err == nil {
			s.Customer.Currency, changed = d.Currency, true
		}
	} else {
		_, err = s.Choose(c, d.Currency)
	}
	if err == nil && d.BilledIn != "" {
		if _, err = s.BilledIn(c, d.BilledIn); err == nil && s.Customer.Currency == "" {
			s.Customer.Currency, changed = d.BilledIn, true
		}
	}
	return s.Customer.FillBlanks(d) || changed, err
}

// billed reports whether there is anything of the customer with amounts in a currency.
func (s State) billed(c *catalog.Catalog) bool {
	m := s.Customer.Moved
	return m.Bought || !m.Subscribed.IsZero() || !s.Credits.Empty() || slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.SubscriptionID != "" || purchased(c, cp) })
}
