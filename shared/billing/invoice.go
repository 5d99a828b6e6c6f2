package billing

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// An Invoice is what Windfall remembers of a Stripe invoice.
type Invoice struct {
	StripeID   string         `json:"stripe_id,omitzero"`
	Number     string         `json:"number,omitzero"`      // as it is printed; "" of a draft
	ProductIDs []string       `json:"product_ids,omitzero"` // on its lines
	Credited   []string       `json:"credited,omitempty"`   // those of them that it sells nothing of: it gives back what is left
	Status     string         `json:"status,omitzero"`      // draft, open, paid, void, uncollectible
	Total      money.Amount   `json:"total,omitzero"`       // with its tax
	Tax        money.Amount   `json:"tax,omitzero"`         // of Total, what came on top of its lines: prices that contain their tax have none
	Currency   money.Currency `json:"currency,omitzero"`
	URL        string         `json:"url,omitzero"` // hosted page, may be empty
	CreatedAt  time.Time      `json:"created_at,omitzero"`
	PaidAt     time.Time      `json:"paid_at,omitzero"`

	StripeCustomerID string `json:"stripe_customer_id,omitzero"`
	SubscriptionID   string `json:"subscription_id,omitzero"`
	OperationID      string `json:"operation_id,omitzero"`

	Renewal bool         `json:"renewal,omitzero"` // it was made because a period of the subscription ended …
	Period  money.Period `json:"period,omitzero"`  // … namely this one

	Totals *InvoiceTotals `json:"totals,omitempty"` // its lines added up; nil where they were not read

	EntityID string `json:"entity_id,omitzero"` // for which it was made; "" is the customer

	GivenUp bool `json:"given_up,omitempty"` // a card was declined for it, and Stripe plans no other try
}

// Label is how people call it: by the number that is printed on it, or else by Stripe's id.
func (i Invoice) Label() string { return cmp.Or(i.Number, i.StripeID) }

// BeforeTax is what its lines come to, less their discounts: what was computed here. Prices
// that contain their tax were computed with it.
func (i Invoice) BeforeTax() money.Amount { return i.Total - i.Tax }

// of is an invoice that was made for an entity, or for the customer; nil is none.
func (i *Invoice) of(e entitlement.EntityRef) *Invoice {
	if i == nil || e.ID == "" {
		return i
	}
	its := *i
	its.EntityID = e.ID
	return &its
}

// Stage orders the statuses of an invoice: it never goes to a lower one, so a
// read that comes late can be told from the latest.
//
// Source: https://docs.stripe.com/invoicing/overview (invoice statuses)
func (i Invoice) Stage() int {
	return map[string]int{"draft": 0, "open": 1, "uncollectible": 2, "void": 3, "paid": 3}[i.Status]
}

// A Line is one line that Windfall's own arithmetic expects on an invoice.
type Line struct {
	Description string             `json:"description,omitzero"`
	ItemID      string             `json:"item_id,omitzero"`
	ProductID   string             `json:"product_id,omitzero"`
	FeatureID   string             `json:"feature_id,omitzero"`
	UsageModel  catalog.UsageModel `json:"usage_model,omitzero"`
	Quantity    money.Decimal      `json:"quantity,omitzero"` // packs
	Amount      money.Amount       `json:"amount,omitzero"`   // before Discount; that of a proration is less what runs already
	Discount    money.Amount       `json:"discount,omitzero"` // taken off with this invoice
	Recurring   bool               `json:"recurring,omitzero"`
	Prorated    bool               `json:"prorated,omitempty"` // it is for a part of a period
	First       bool               `json:"first,omitempty"`    // it is for a first, shorter period
	Reward      bool               `json:"reward,omitempty"`   // it is a discount on another line
	Full        bool               `json:"full,omitempty"`     // no discount lowers it
	Waited      bool               `json:"waited,omitempty"`   // it was there before, for the next invoice
	List        money.Amount       `json:"list,omitempty"`     // of a credit of seats: what it would be if all had been paid
	Lowered     money.Amount       `json:"lowered,omitempty"`  // by what a discount that runs lowers a proration; below 0 for a credit

	Until time.Time `json:"until,omitzero"` // of seats that are exchanged: when what is paid for them is over
}

// Total adds lines up, less their discounts.
func Total(lines []Line) money.Amount { return Subtotal(lines) - Off(lines) }

// Subtotal adds lines up before their discounts.
func Subtotal(lines []Line) money.Amount {
	var sum money.Amount
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}

// Off adds the discounts of lines up.
func Off(lines []Line) money.Amount {
	var sum money.Amount
	for _, l := range lines {
		sum += l.Discount
	}
	return sum
}

// InvoiceMismatch is the rule of entries about invoices that are not what was
// computed, or will not be.
const InvoiceMismatch = "invoice_mismatch"

// InvoiceTotals are what Stripe has on an invoice, to be held against our own
// arithmetic. Amounts are before discounts, and before taxes that come on top.
type InvoiceTotals struct {
	Periods    bool         `json:"periods,omitzero"`    // some line is a price for a whole period
	Ours       money.Amount `json:"ours,omitzero"`       // use and seats that we put there
	Prorations money.Amount `json:"prorations,omitzero"` // Stripe's, for changes
	Foreign    money.Amount `json:"foreign,omitzero"`    // what staff put there by hand
	Sum        money.Amount `json:"sum,omitzero"`        // all lines
	Noted      money.Amount `json:"noted,omitzero"`      // what credit notes gave back once it was paid
	Waived     money.Amount `json:"waived,omitzero"`     // what credit notes took off before it was paid
	Unused     *UnusedUp    `json:"unused,omitempty"`    // a reward that it has used up for nothing
	Off        money.Amount `json:"off,omitzero"`        // its discounts

	Credits map[string]money.Amount `json:"credits,omitempty"` // what credits for some prices pay of it, by the ids of their grants
}

// An UnusedUp is a discount for one invoice that Stripe has used up on an invoice
// which it may not have lowered.
type UnusedUp struct {
	RewardID       string         `json:"reward_id,omitzero"`
	CouponID       string         `json:"coupon_id,omitzero"`
	DiscountID     string         `json:"discount_id,omitzero"`
	InvoiceID      string         `json:"invoice_id,omitzero"`
	OnSubscription bool           `json:"on_subscription,omitzero"` // it was there; else on the customer
	Off            money.Amount   `json:"off,omitzero"`             // what it took off the lines that are no prorations
	Prorated       []ProratedLine `json:"prorations,omitempty"`
	Currency       money.Currency `json:"currency,omitempty"`
}

// A ProratedLine is a charge or a credit for a part of a period, which Stripe counts
// from the lowered price.
type ProratedLine struct {
	ItemID   string        `json:"item_id,omitzero"`
	By       money.Decimal `json:"by,omitzero"`       // minor units that the discount lowers the invoice by with it, if it covers the item; below 0 for a credit
	PriceID  string        `json:"price_id,omitzero"` // of a line of 0, which may be a charge or a credit; "" of any other
	Quantity int64         `json:"quantity,omitzero"` // …
}

// Doubtful reports whether the invoice may be no lower than without the discount: nothing
// was taken off, or the credits of a change were lowered as well.
func (u UnusedUp) Doubtful() bool {
	return u.Off == 0 || slices.ContainsFunc(u.Prorated, func(l ProratedLine) bool { return l.By.IsNegative() || l.PriceID != "" })
}

// Lowers reports whether the invoice is lower than without the discount. A change has two
// sides, and what an amount takes off the new product's price it takes off the credit
// for the old one's, too. charges tells whether a line of 0 is a charge.
func (u UnusedUp) Lowers(covers func(itemID string) bool, charges func(ProratedLine) bool) bool {
	by := money.Int(int64(u.Off))
	for _, l := range u.Prorated {
		switch {
		case !covers(l.ItemID):
		case l.PriceID != "" && !charges(l):
			by = by.Sub(l.By)
		default:
			by = by.Add(l.By)
		}
	}
	return by.GreaterThanOrEqual(money.Int(5 * int64(u.Currency.Step())).Shift(-1)) // half a cent: less than that is rounding
}

// mismatches holds a charge against the lines it was decided on, and says so when
// Stripe billed anything else, or refused the plan that goes with the change.
func (op Operation) mismatches(lines []Line, r Results, now time.Time) []Audit {
	entry := Audit{At: now, Actor: op.Actor, Action: "compare_invoice", Rule: InvoiceMismatch, Lines: lines, Amount: Total(lines),
		Currency: op.Decision.Currency, OperationID: op.ID, Stripe: r.ids()}
	var found []Audit
	if in := r.Invoice; in != nil && in.Totals != nil && (!op.Decision.expects(*in.Totals, lines) || op.Decision.knowsDiscount() && in.Totals.Off != Off(lines)) {
		entry.Why = mismatchText(in.Totals.Sum-in.Totals.Off, Total(lines), in.Currency)
		found = append(found, entry)
	}
	if r.PlanRefused != "" {
		entry.Why = "The change was charged, but Stripe refused what is to happen when the period ends, so it will bill what it had planned before: " + r.PlanRefused
		found = append(found, entry)
	}
	if r.RewardRefused != "" {
		entry.Why = "The reward lowers nothing after this charge, because its discount could not be put on the subscription: " + r.RewardRefused
		found = append(found, entry)
	}
	return found
}

// expects reports whether lines come to what Stripe has. What staff put on the first
// invoice of a subscription by hand is theirs; a change has read it.
func (d Decision) expects(t InvoiceTotals, lines []Line) bool {
	return t.Sum == Subtotal(lines) || d.Changes() == "" && t.Sum-t.Foreign == Subtotal(lines)
}

// knowsDiscount reports whether a decision has every discount of its invoice: on a
// page the customer may type a code.
func (d Decision) knowsDiscount() bool { return !d.Page || d.Given != nil }

// RenewalMismatch holds the draft of a renewal against what the customer holds
// in the period it begins: the prices of the period, and what we added. Use is
// on it by then, and was computed by us. Prorations that waited are of changes
// at Stripe, which were followed; what staff put on it by hand is theirs.
func RenewalMismatch(s State, c *catalog.Catalog, in Invoice, now time.Time) *Audit {
	if !in.Renewal || in.Totals == nil || !in.Totals.Periods {
		return nil
	}
	c, s = s.In(c), s.onSubscription(in.SubscriptionID)
	var lines []Line
	billed := false
	for _, cp := range s.Products {
		if cp.SubscriptionID != in.SubscriptionID || !cp.spans(in.Period.End) {
			continue
		}
		billed = true
		for _, l := range linesOf(ProductOf(c, cp), cp.Quantities, in.Currency) {
			if l.Recurring {
				lines = append(lines, l)
			}
		}
	}
	want, got := Subtotal(lines), in.Totals.Sum-in.Totals.Ours-in.Totals.Prorations-in.Totals.Foreign
	if want == got || !billed { // nothing here is on that subscription
		return nil
	}
	return &Audit{At: now, Actor: "stripe", Action: "compare_invoice", Rule: InvoiceMismatch, Lines: lines, Amount: want,
		Currency: in.Currency, Stripe: map[string]string{"invoice": in.StripeID, "subscription": in.SubscriptionID},
		Why: mismatchText(got, want, in.Currency)}
}

// spans reports whether a product was held at a moment that may be long past.
func (p CustomerProduct) spans(at time.Time) bool {
	return !p.StartsAt.After(at) && (p.EndsAt.IsZero() || p.EndsAt.After(at))
}

func mismatchText(got, want money.Amount, c money.Currency) string {
	return fmt.Sprintf("Stripe billed %s where %s was computed. Nothing was changed; check the invoice.",
		c.Major(got).StringFixed(c.Exponent()), c.Major(want).StringFixed(c.Exponent()))
}
