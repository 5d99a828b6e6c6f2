package stripesim

import (
	"fmt"

	"windfall/local/stripesim/display"
	"windfall/local/stripesim/object"
)

const draftHour = 3600

// newInvoice is an empty draft for a customer, with what a subscription says
// about paying when there is one.
func (t *tx) newInvoice(customer string, sub *object.Subscription, reason, currency string) *object.Invoice {
	cus := edit[*object.Customer](t, customer)
	if cus.Currency == "" {
		cus.Currency = object.Text(currency)
	}
	inv := &object.Invoice{
		ID: t.newID("in_"), Object: "invoice", AccountCountry: "US", AccountName: object.Text(t.s.shop), AutoAdvance: true,
		BillingReason: object.Text(reason), CollectionMethod: "charge_automatically", Created: t.now, Currency: currency,
		Customer: object.Text(customer), CustomerAddress: cus.Address, CustomerEmail: cus.Email, CustomerName: cus.Name, CustomerPhone: cus.Phone,
		CustomerTaxExempt: cus.TaxExempt, CustomerTaxIds: []object.TaxID{}, TotalTaxAmounts: []object.TaxAmount{}, Discounts: []string{}, Issuer: object.Issuer{Type: "self"}, PeriodStart: t.now, PeriodEnd: t.now,
		StartingBalance: cus.Balance, Status: "draft", TestClock: cus.TestClock, Footer: cus.InvoiceSettings.Footer,
	}
	inv.Lines = object.NewList[*object.InvoiceLine]("/v1/invoices/"+inv.ID+"/lines", nil)
	if sub != nil {
		inv.Subscription = object.Text(sub.ID)
		inv.SubscriptionDetails = &object.SubscriptionDetails{Metadata: sub.Metadata}
		inv.CollectionMethod = sub.CollectionMethod
		inv.DefaultPaymentMethod = ""
		inv.Description = sub.Description
		inv.AutomaticTax = taxed(sub.AutomaticTax)
		if sub.DaysUntilDue != nil {
			inv.DueDate = object.Stamp(t.now + *sub.DaysUntilDue*86400)
		}
		inv.Discount, inv.State.DiscountFrom = t.discountOf(sub, cus)
		inv.AutoAdvance = sub.Status != "unpaid" && (sub.PauseCollection == nil || sub.PauseCollection.Behavior != "keep_as_draft")
	}
	t.put(inv)
	return inv
}

// discountOf is the one discount in force: the subscription's or else the
// customer's. A repeating one ends with its window.
func (t *tx) discountOf(sub *object.Subscription, cus *object.Customer) (*object.Discount, string) {
	if sub != nil && sub.Discount != nil {
		if t.running(sub.Discount) {
			return sub.Discount, "subscription"
		}
		return nil, ""
	}
	if cus.Discount != nil && t.running(cus.Discount) {
		return cus.Discount, "customer"
	}
	return nil, ""
}

func (t *tx) running(d *object.Discount) bool { return d.End == 0 || t.now < int64(d.End) }

// addLine puts a line at the end of a draft.
func (t *tx) addLine(inv *object.Invoice, line *object.InvoiceLine) *object.InvoiceLine {
	line.ID, line.Object, line.Currency, line.Invoice = t.newID("il_"), "line_item", inv.Currency, object.Text(inv.ID)
	line.Discounts, line.DiscountAmounts, line.TaxAmounts = []string{}, []object.DiscountAmount{}, []object.TaxAmount{}
	line.AmountExcludingTax = ptr(line.Amount)
	inv.Lines.Data = append(inv.Lines.Data, line)
	return line
}

// addPeriod puts one period of a subscription item on an invoice. Its line shows the
// metadata of the subscription.
//
// Source: https://docs.stripe.com/api/invoice-line-item/object?api-version=2023-10-16#invoice-line-item_object-metadata
//
// assumption: a tiered price is one line; Stripe may show one for each tier.
func (t *tx) addPeriod(inv *object.Invoice, sub *object.Subscription, item *object.SubscriptionItem, quantity, amount, start, end int64) *object.InvoiceLine {
	return t.addLine(inv, &object.InvoiceLine{
		Amount: amount, Description: object.Text(t.lineText(item.Price, quantity)), Discountable: true, Metadata: sub.Metadata,
		Period: object.Period{Start: start, End: end}, Price: item.Price, Quantity: ptr(quantity), Subscription: object.Text(sub.ID),
		SubscriptionItem: item.ID, Type: "subscription", UnitAmountExcludingTax: item.Price.UnitAmountDecimal,
	})
}

// takePending moves the customer's waiting invoice items onto the invoice:
// those of its subscription and those of none.
func (t *tx) takePending(inv *object.Invoice) {
	for _, it := range t.pending(string(inv.Customer), string(inv.Subscription)) {
		if it.Currency == inv.Currency && itemsOn(inv) < mostInvoiceItems {
			t.takeItem(inv, it.ID)
		}
	}
}

func (t *tx) pending(customer, subscription string) []*object.InvoiceItem {
	var out []*object.InvoiceItem
	for _, it := range ownedBy[*object.InvoiceItem](t, customer) {
		if it.Invoice == "" && (it.Subscription == "" || string(it.Subscription) == subscription) {
			out = append(out, it)
		}
	}
	return out
}

// takeItem makes an invoice item a line of the invoice.
func (t *tx) takeItem(inv *object.Invoice, id string) {
	it := edit[*object.InvoiceItem](t, id)
	it.Invoice = object.Text(inv.ID)
	line := t.addLine(inv, &object.InvoiceLine{InvoiceItem: it.ID, Type: "invoiceitem"})
	copyItem(line, it)
}

// copyItem lets a line say what its invoice item says.
func copyItem(line *object.InvoiceLine, it *object.InvoiceItem) {
	line.Amount, line.Description, line.Discountable, line.Metadata = it.Amount, it.Description, it.Discountable, it.Metadata
	line.Period, line.Price, line.Proration, line.Quantity = it.Period, it.Price, it.Proration, ptr(it.Quantity)
	line.Subscription, line.SubscriptionItem = it.Subscription, it.SubscriptionItem
	line.UnitAmountExcludingTax, line.AmountExcludingTax = it.UnitAmountDecimal, ptr(it.Amount)
	line.ProrationDetails = it.State.Credited
}

// lineText is like Stripe's "2 × Seats (at $10.00 / month)".
func (t *tx) lineText(p *object.Price, quantity int64) string {
	text := fmt.Sprintf("%d × %s", quantity, t.nameOf(p))
	every := ""
	if r := p.Recurring; r != nil {
		every = " / " + r.Interval
		if r.IntervalCount > 1 {
			every = fmt.Sprintf(" every %d %ss", r.IntervalCount, r.Interval)
		}
	}
	if p.BillingScheme == "tiered" {
		return text + " (tiered pricing" + every + ")"
	}
	return text + " (at " + display.Money(p.UnitAmountDecimal, p.Currency) + every + ")"
}
