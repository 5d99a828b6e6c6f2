package billing

import (
	"fmt"
	"time"

	"windfall/shared/money"
)

// AmountNotBilled is the rule of entries about amounts that no invoice can take.
const AmountNotBilled = "amount_not_billed"

// NotBilled is use or seats that come to more than one invoice can take. Such an
// amount is nearly always a mistake, so nobody is charged for any part of it:
// it leaves the customer's billing alone, and a person is told.
type NotBilled struct {
	Line   Line          `json:"line,omitzero"`  // without its amount
	Major  money.Decimal `json:"major,omitzero"` // what it comes to, in major units
	Period money.Period  `json:"period,omitzero"`
}

// audit is the entry that tells a person.
func (n NotBilled) audit(actor, subscriptionID string, now time.Time) Audit {
	c := money.DefaultCurrency
	a := Audit{At: now, Actor: actor, Action: "bill_usage", Rule: AmountNotBilled, Lines: []Line{n.Line}, Currency: c,
		Why: fmt.Sprintf("%s, from %s to %s, comes to %s %s, and one invoice takes %s. Nobody was charged for it; somebody should look.",
			n.Line.Description, day(n.Period.Start), day(n.Period.End), n.Major.StringFixed(c.Exponent()), c, c.Major(money.MaxAmount))}
	if subscriptionID != "" {
		a.Stripe = map[string]string{"subscription": subscriptionID}
	}
	return a
}

// NotBilledAudits are the entries about what a bill leaves to a person.
func (bill UsageBill) NotBilledAudits(subscriptionID string, now time.Time) []Audit {
	return notBilledAudits(bill.NotBilled, "stripe", subscriptionID, now)
}

func notBilledAudits(list []NotBilled, actor, subscriptionID string, now time.Time) (entries []Audit) {
	for _, n := range list {
		entries = append(entries, n.audit(actor, subscriptionID, now))
	}
	return entries
}

// NotFinalized is the entry about an invoice that Stripe could not finalize: it
// stays a draft, and nobody is charged for it.
func (i Invoice) NotFinalized(now time.Time) Audit {
	return Audit{At: now, Actor: "stripe", Action: "finalize_invoice", Rule: AmountNotBilled, Amount: i.Total, Currency: i.Currency,
		Stripe: map[string]string{"invoice": i.StripeID},
		Why: fmt.Sprintf("Stripe could not finalize an invoice of %s %s, and says why on it; one invoice takes %s. It stays a draft, and nobody was charged for it; somebody should look.",
			i.Currency.Major(i.Total).StringFixed(i.Currency.Exponent()), i.Currency, i.Currency.Major(money.MaxAmount))}
}
