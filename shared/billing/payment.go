package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A Payment is a charge of a card as it is at Stripe.
type Payment struct {
	ChargeID         string
	InvoiceID        string // "" for a charge without one
	OperationID      string // of the page it was made on, or ""
	StripeCustomerID string // "" for a charge of nobody
	Amount           money.Amount
	Refunded         money.Amount
	Disputed         money.Amount // taken back by the bank: the dispute is open, or lost
	Currency         money.Currency
}

// returned is how much of the payment the customer has back. It is a function of
// the payment as it is now, so the order of events has no part in it.
func (p Payment) returned() money.Amount { return min(p.Amount, p.Refunded+p.Disputed) }

// Returned is how much of the payment the customer has back.
func (p Payment) Returned() money.Amount { return p.returned() }

// BackBefore is how much of a payment the customer had back by what was noted of it.
func BackBefore(p Payment, noted ReturnedPayment) money.Amount {
	p.Refunded, p.Disputed = noted.Refunded, noted.Disputed
	return p.returned()
}

// Sells reports whether an invoice is for anything that is known here, so that it counts as
// revenue. Staff may bill for something else.
func (s State) Sells(in Invoice) bool {
	return s.concerns(PaidFor{ProductIDs: in.ProductIDs, SubscriptionID: in.SubscriptionID})
}

// PaidFor is what a payment was for.
type PaidFor struct {
	OperationID    string       // that billed it, or ""
	Lines          []Line       // of a purchase …
	EntityID       string       // … for this entity; "" is the customer …
	BoughtAt       time.Time    // … made at this moment
	Total          money.Amount // of its invoice, less what credit notes took off before it was paid
	ProductIDs     []string     // on its invoice
	SubscriptionID string       // of its invoice, or ""
	BilledAt       time.Time    // when its invoice was made
	Credits        money.Amount // of Total: what invoice credits on the balance paid
	Noted          money.Amount // of Total: what credit notes gave back
	Invoice        Invoice      // zero where it has none
	Charged        []string     // operations of the customer that an invoice was made for; read where a plan may have come without one
}

// backOf is how much of what was paid went back, and the whole of it.
//
//   - Invoice credits come back in the share of the payment, so the rest is the whole. The
//     customer's own credit on the balance paid a part of it that does not come back so.
//   - Where credit notes say what goes back of the invoice, its total is the whole, and
//     credits do not follow the payment. A refund may be a part of a note, so the larger
//     of both counts.
func (paid PaidFor) backOf(p Payment) (back, whole money.Amount) {
	if paid.Noted > 0 {
		return max(p.returned(), paid.Noted), max(p.Amount, paid.Total)
	}
	return p.returned(), max(p.Amount, paid.Total-paid.Credits)
}

// A ReturnedPayment is what is noted of a payment while the customer has some of
// it back.
type ReturnedPayment struct {
	ChargeID  string          `json:"charge_id"`
	InvoiceID string          `json:"invoice_id,omitempty"` // that it paid; "" for none, and of a note from before it was kept
	Refunded  money.Amount    `json:"refunded"`
	Disputed  money.Amount    `json:"disputed"`
	Units     []ReturnedUnits `json:"units"`
	Uncounted bool            `json:"-"` // as it was read: it is of before revenue was counted, and in no month of it
}

// ReturnedUnits are the units of one feature that a payment had bought.
type ReturnedUnits struct {
	FeatureID string            `json:"feature_id"`
	GrantID   string            `json:"grant_id"`
	Bought    money.Decimal     `json:"bought"`
	Due       money.Decimal     `json:"due"`   // those that the returned money stands for
	Taken     entitlement.Taken `json:"taken"` // of those, the ones that were unused
}

// Rules of entries about payments that a customer has back, wholly or in part.
// The first two ring an alarm.
const (
	PaymentRefunded = "payment_refunded"
	PaymentDisputed = "payment_disputed"
	PaymentRestored = "payment_restored" // a dispute was won, or a refund failed
)

// EndsAccess lists the products that end because the customer has their payment
// back. Both settings are off unless the company turns them on.
//
//   - refund_ends_access: when all of the payment was refunded, and it was for
//     the running period of the product, or of the one that was exchanged for it
//     without a charge. A part, the payment of an earlier period, and that of
//     another product before it end nothing.
//   - dispute_ends_access: when the bank took back any payment of the
//     subscription, for as long as the dispute is open or lost.
//
// A one-off that grants units loses those instead; one that opens a feature ends,
// unless it was bought again.
func EndsAccess(s State, c *catalog.Catalog, paid PaidFor, p Payment, now time.Time) (ends []AccessEnd) {
	refunded := EndsByRefund(c, paid, p)
	disputed := c.Settings.DisputeEndsAccess && p.Disputed > 0
	if !refunded && !disputed {
		return nil
	}
	for _, cp := range s.Products {
		if !cp.Running(now) {
			continue
		}
		subscribed := paid.SubscriptionID != "" && cp.SubscriptionID == paid.SubscriptionID
		running := !paid.BilledAt.Before(cp.Period.Start) && s.livesOn(paid, cp)
		if subscribed && (disputed || running) || paid.OperationID != "" && cp.CreatedBy == paid.OperationID && cp.Quantity <= 1 && opens(c, ProductOf(c, cp)) {
			ends = append(ends, AccessEnd{cp.ID, cp.ProductID, cp.Entity})
		}
	}
	return ends
}

// EndsByRefund reports whether all of a payment was refunded, and that ends what it paid for.
func EndsByRefund(c *catalog.Catalog, paid PaidFor, p Payment) bool {
	back, whole := paid.backOf(p)
	return c.Settings.RefundEndsAccess && p.Refunded > 0 && back >= whole
}

// livesOn reports whether a product is on the invoice that was paid, or took the place of one
// that is, with no invoice of its own.
func (s State) livesOn(paid PaidFor, cp CustomerProduct) bool {
	if slices.Contains(paid.ProductIDs, cp.ProductID) {
		return true
	}
	if cp.CreatedBy == "" || slices.Contains(paid.Charged, cp.CreatedBy) {
		return false
	}
	return slices.ContainsFunc(s.Products, func(was CustomerProduct) bool {
		return was.ID != cp.ID && was.SubscriptionID == cp.SubscriptionID && was.Group == cp.Group && was.Entity == cp.Entity && !was.AddOn && !cp.AddOn &&
			was.Status == Expired && was.EndsAt.Equal(cp.StartsAt) && was.StartsAt.Before(cp.StartsAt) && s.livesOn(paid, was)
	})
}

// An AccessEnd is a product that ends with a payment: the customer's, or an entity's. Its
// product alone does not name it, as some are bought more than once.
type AccessEnd struct {
	CustomerProductID, ProductID string
	Entity                       entitlement.EntityRef
}

// opens reports whether a one-off gives something that has no number.
func opens(c *catalog.Catalog, p catalog.Product) bool {
	return p.OneOff() && slices.ContainsFunc(p.Items, func(i catalog.Item) bool {
		return i.FeatureID != "" && (i.Unlimited || c.Features[i.FeatureID].Type == catalog.Boolean)
	})
}

// A PaymentReturn is what follows when a payment was refunded or disputed, or is
// the company's again.
type PaymentReturn struct {
	Settlement Settlement
	Noted      ReturnedPayment
	Changed    bool // else it was known, and there is nothing to save
}

// DecidePaymentReturn compares a payment with what is noted of it.
//
//   - Units that a one-off sold are taken back in the share of what was paid that
//     went back, see backOf, and all of them when all of it did. Parts of a unit stay
//     with the customer.
//   - Only unused units are taken. What the customer has of one product counts
//     together, whichever purchase it came from.
//   - A dispute that is won, or a refund that fails, gives back what was taken
//     for it.
//   - Nothing else changes: access by a subscription is up to EndsAccess.
func DecidePaymentReturn(s State, c *catalog.Catalog, paid PaidFor, noted ReturnedPayment, p Payment, now time.Time) PaymentReturn {
	out := PaymentReturn{Noted: noted, Settlement: Settlement{Customer: s.Customer}}
	if p.Refunded == noted.Refunded && p.Disputed == noted.Disputed || !s.concerns(paid) {
		return out
	}
	if noted.ChargeID == "" {
		noted.Units = s.boughtUnits(c, paid)
	}
	if len(noted.Units) > 0 { // all are of one purchase
		if cp := s.withID(strings.Split(noted.Units[0].GrantID, "/")[0]); cp != nil {
			s = s.Of(cp.Entity)
		}
	}
	balances := maps.Clone(s.Balances)
	before := noted
	noted.ChargeID, noted.InvoiceID, noted.Refunded, noted.Disputed, noted.Units = p.ChargeID, p.InvoiceID, p.Refunded, p.Disputed, slices.Clone(noted.Units)
	for i, u := range noted.Units {
		due := paid.unitsDue(u.Bought, p)
		more, less := money.Max(money.Zero, due.Sub(u.Due)), money.Max(money.Zero, u.Taken.Total().Sub(due))
		balances[u.FeatureID], noted.Units[i].Taken = u.Taken.Change(balances[u.FeatureID], u.GrantID, more, less, now)
		noted.Units[i].Due = due
	}
	out.Noted, out.Changed = noted, true
	out.Settlement.Audit = returnEntry(paid, before, noted, p, now)
	for _, id := range slices.Sorted(maps.Keys(balances)) {
		if slices.ContainsFunc(noted.Units, func(u ReturnedUnits) bool { return u.FeatureID == id }) {
			if change := BalanceChange(s.Balances[id], balances[id], now); change.Old != change.New {
				out.Settlement.Balances = append(out.Settlement.Balances, balances[id])
				out.Settlement.Audit.Changes = append(out.Settlement.Audit.Changes, change)
			}
		}
	}
	return out
}

// unitsDue is how many of the units bought the returned money stands for.
func (paid PaidFor) unitsDue(bought money.Decimal, p Payment) money.Decimal {
	back, whole := paid.backOf(p)
	if back >= whole {
		return bought
	}
	units, _ := bought.Mul(money.Int(int64(back))).QuoRem(money.Int(int64(whole)), 0)
	return units
}

// concerns reports whether a payment was for anything that is known here. Staff
// may charge for something else.
func (s State) concerns(paid PaidFor) bool {
	return len(paid.Lines) > 0 || len(paid.ProductIDs) > 0 || paid.SubscriptionID != "" && s.Sold(paid.SubscriptionID)
}

// boughtUnits lists what the lines of a purchase gave that lasts: the units of
// one-offs. Those of a subscription come back with each period. What began after the
// purchase is of another one: for an entity that has the id of one that is gone, or after
// the product had ended.
func (s State) boughtUnits(c *catalog.Catalog, paid PaidFor) (out []ReturnedUnits) {
	its := slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return paid.OperationID != "" && cp.CreatedBy == paid.OperationID })
	for _, cp := range s.Products {
		if its && cp.CreatedBy != paid.OperationID || cp.StartsAt.After(paid.BoughtAt) && !paid.BoughtAt.IsZero() {
			continue
		}
		p := ProductOf(c, cp)
		packs := map[string]money.Decimal{}
		for _, l := range paid.Lines {
			if slices.ContainsFunc(p.Items, func(i catalog.Item) bool { return i.ID == l.ItemID }) {
				packs[l.ItemID] = l.Quantity
			}
		}
		if len(packs) == 0 || cp.Entity.ID != paid.EntityID || cp.Status == Expired || !p.OneOff() {
			continue
		}
		for _, item := range p.Items {
			units := item.Included
			if item.UsageModel == catalog.Prepaid {
				units = units.Add(packs[item.ID].Mul(item.Pack()))
			}
			if item.FeatureID != "" && units.IsPositive() {
				out = append(out, ReturnedUnits{FeatureID: item.FeatureID, GrantID: cp.origin(false).GrantID(item), Bought: units})
			}
		}
	}
	return out
}

func returnEntry(paid PaidFor, before, after ReturnedPayment, p Payment, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "payment", Rule: PaymentRestored, Amount: p.returned(), Currency: p.Currency, OperationID: paid.OperationID,
		Stripe: map[string]string{"charge": p.ChargeID}}
	switch {
	case p.Disputed > before.Disputed:
		a.Rule = PaymentDisputed
	case p.Refunded > before.Refunded:
		a.Rule = PaymentRefunded
	}
	for kind, id := range map[string]string{"invoice": p.InvoiceID, "subscription": paid.SubscriptionID} {
		if id != "" {
			a.Stripe[kind] = id
		}
	}
	text := func(m money.Amount) string { return p.Currency.Major(m).StringFixed(p.Currency.Exponent()) }
	why := fmt.Sprintf("Of a payment of %s, %s is refunded and %s is disputed or lost in a dispute.", text(p.Amount), text(p.Refunded), text(p.Disputed))
	var units []string
	for _, u := range after.Units {
		units = append(units, fmt.Sprintf("%s of %s %s", u.Taken.Total(), u.Bought, u.FeatureID))
	}
	if len(units) > 0 {
		why += " Taken back, as far as unused: " + strings.Join(units, ", ") + "."
	}
	a.Why = why
	return a
}
