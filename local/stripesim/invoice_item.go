package stripesim

import (
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const itemParams = `amount:i description discountable:b metadata:m period:{end!:t start!:t} price
	price_data:{currency! product! tax_behavior:(exclusive,inclusive,unspecified) unit_amount:i unit_amount_decimal:d}
	quantity:i unit_amount:i unit_amount_decimal:d tax_behavior:(exclusive,inclusive,unspecified) tax_code`

var invoiceItemRoutes = []endpoint{
	{"POST /v1/invoiceitems", "customer! currency invoice subscription " + itemParams, createInvoiceItem},
	{"GET /v1/invoiceitems", "created:r customer invoice pending:b" + pageParams, listInvoiceItems},
	{"GET /v1/invoiceitems/{id}", "", getInvoiceItem},
	{"POST /v1/invoiceitems/{id}", itemParams, updateInvoiceItem},
	{"DELETE /v1/invoiceitems/{id}", "", deleteInvoiceItem},
}

func (t *tx) newInvoiceItem(customer, currency string) *object.InvoiceItem {
	cus, _ := find[*object.Customer](t, customer)
	it := &object.InvoiceItem{
		ID: t.newID("ii_"), Object: "invoiceitem", Currency: currency, Customer: customer, Date: t.now, Discounts: []string{},
		Period: object.Period{Start: t.now, End: t.now}, Quantity: 1, TestClock: cus.TestClock, Discountable: true,
	}
	t.put(it)
	return it
}

func createInvoiceItem(c *call) (any, error) {
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	it := c.newInvoiceItem(cus.ID, strings.ToLower(c.p.Str("currency")))
	if id := c.p.Str("subscription"); id != "" {
		sub, err := c.subscription(id, "subscription")
		if err != nil {
			return nil, err
		}
		if sub.Customer != cus.ID {
			return nil, invalid("subscription", "The subscription %s does not belong to the customer %s.", id, cus.ID)
		}
		if ended(sub) {
			return nil, invalid("subscription", "The subscription %s has ended.", id)
		}
		it.Subscription = object.Text(id)
	}
	if err := c.priceItem(it, c.p); err != nil {
		return nil, err
	}
	if it.Currency == "" {
		it.Currency = orUSD(string(cus.Currency))
	}
	if err := c.combines(cus, it.Currency, "currency"); err != nil {
		return nil, err
	}
	if it.Amount%calc.Step(it.Currency) != 0 {
		return nil, notPayable("amount", it.Currency, calc.Step(it.Currency))
	}
	it.Discountable = c.p.BoolOr("discountable", it.Amount >= 0)
	if err := c.ontoDraft(it); err != nil {
		return nil, err
	}
	c.emit("invoiceitem.created", it)
	return it, nil
}

// ontoDraft puts a new item on the draft that the request names.
func (c *call) ontoDraft(it *object.InvoiceItem) error {
	id := c.p.Str("invoice")
	if id == "" {
		return nil
	}
	old, err := c.invoice(id, "invoice")
	if err != nil {
		return err
	}
	if old.Status != "draft" {
		return invalidCode("invoice_not_editable", "invoice", "The invoice %s is not a draft, so no items can be added to it.", id)
	}
	if string(old.Customer) != it.Customer || old.Currency != it.Currency {
		return invalid("invoice", "The invoice %s is for another customer or currency.", id)
	}
	if itemsOn(old) >= mostInvoiceItems {
		return invalid("invoice", "The invoice %s has %d items, and no more can be added to it.", id, mostInvoiceItems)
	}
	inv := edit[*object.Invoice](c.tx, id)
	c.takeItem(inv, it.ID)
	c.total(inv)
	c.emit("invoice.updated", inv)
	return nil
}

// priceItem reads what an item costs: an amount, a unit amount with a
// quantity, or a price.
func (t *tx) priceItem(it *object.InvoiceItem, p *form.Params) error {
	if err := t.itemAmount(it, p); err != nil {
		return err
	}
	text(&it.Description, p, "description")
	if p.Given("period") {
		it.Period = object.Period{Start: p.Sub("period").Int("start"), End: p.Sub("period").Int("end")}
		if it.Period.End < it.Period.Start {
			return invalid("period[end]", "The end of the period must not be before its start.")
		}
	}
	flag(&it.Discountable, p, "discountable")
	if p.Has("tax_behavior") {
		it.State.TaxBehavior = p.Str("tax_behavior")
	}
	if p.Has("tax_code") {
		it.State.TaxCode = p.Str("tax_code")
	}
	var err error
	it.Metadata, err = mergeMetadata(it.Metadata, p)
	return err
}

func (t *tx) itemAmount(it *object.InvoiceItem, p *form.Params) error {
	if p.Given("quantity") {
		it.Quantity = p.Int("quantity")
	}
	switch {
	case p.Given("price") || p.Given("price_data"):
		price, err := t.priceOf(p, false)
		if err != nil {
			return err
		}
		if it.Currency != "" && it.Currency != price.Currency {
			return invalid("currency", "The currency of the price (%s) must match `currency` (%s).", price.Currency, it.Currency)
		}
		if !fits(cost(price, it.Quantity)) {
			return tooLarge(p.Path("quantity"), price.Currency)
		}
		it.Price, it.Currency, it.Amount = price, price.Currency, roundCost(price, it.Quantity)
		it.UnitAmount, it.UnitAmountDecimal = price.UnitAmount, price.UnitAmountDecimal
		it.Description = object.Text(t.nameOf(price))
	case p.Given("amount"):
		if p.Any("unit_amount", "unit_amount_decimal", "quantity") {
			return invalid("amount", "You may only specify one of these parameters: amount, unit_amount, quantity.")
		}
		it.Amount, it.Quantity = p.Int("amount"), 1
		it.UnitAmount, it.UnitAmountDecimal = amounts(p, "amount")
		if !decimalFits(it.UnitAmountDecimal) {
			return tooLarge(p.Path("amount"), orUSD(it.Currency))
		}
	case p.Given("unit_amount") || p.Given("unit_amount_decimal"):
		it.UnitAmount, it.UnitAmountDecimal = amounts(p, "unit_amount")
		if !fits(cost(&object.Price{UnitAmountDecimal: it.UnitAmountDecimal}, it.Quantity)) {
			return tooLarge(givenAmount(p, "unit_amount"), orUSD(it.Currency))
		}
		it.Amount = unitCost(it)
	case it.UnitAmountDecimal == "":
		return invalidCode("parameter_missing", "amount", "You must specify `amount`, `unit_amount` or `price`.")
	default:
		if !fits(cost(&object.Price{UnitAmountDecimal: it.UnitAmountDecimal}, it.Quantity)) {
			return tooLarge(p.Path("quantity"), orUSD(it.Currency))
		}
		it.Amount = unitCost(it)
	}
	return nil
}

func unitCost(it *object.InvoiceItem) int64 {
	return roundCost(&object.Price{UnitAmountDecimal: it.UnitAmountDecimal}, it.Quantity)
}

// editableItem is an item that is waiting, or on a draft.
func (c *call) editableItem() (*object.InvoiceItem, error) {
	it, err := need[*object.InvoiceItem](c.tx, "invoiceitem", c.id, "id")
	if err != nil {
		return nil, err
	}
	if inv, ok := find[*object.Invoice](c.tx, string(it.Invoice)); ok && inv.Status != "draft" {
		return nil, invalidCode("invoice_not_editable", "", "This invoice item is on an invoice that has been finalized and can no longer be changed.")
	}
	c.livesOn(string(it.TestClock))
	return edit[*object.InvoiceItem](c.tx, c.id), nil
}

func updateInvoiceItem(c *call) (any, error) {
	it, err := c.editableItem()
	if err != nil {
		return nil, err
	}
	if err := c.priceItem(it, c.p); err != nil {
		return nil, err
	}
	c.redraw(it, false)
	return it, nil
}

func deleteInvoiceItem(c *call) (any, error) {
	it, err := c.editableItem()
	if err != nil {
		return nil, err
	}
	c.redraw(it, true)
	c.emit("invoiceitem.deleted", it)
	c.remove(it)
	return object.Deleted{ID: c.id, Object: "invoiceitem", Deleted: true}, nil
}

// redraw brings the draft of a changed or deleted item up to date.
func (t *tx) redraw(it *object.InvoiceItem, gone bool) {
	if it.Invoice == "" {
		return
	}
	inv := edit[*object.Invoice](t, string(it.Invoice))
	lines := inv.Lines.Data[:0:0]
	for _, line := range inv.Lines.Data {
		if line.InvoiceItem == it.ID {
			if gone {
				continue
			}
			copyItem(line, it)
		}
		lines = append(lines, line)
	}
	inv.Lines.Data = lines
	t.total(inv)
	t.emit("invoice.updated", inv)
}

func getInvoiceItem(c *call) (any, error) {
	return need[*object.InvoiceItem](c.tx, "invoiceitem", c.id, "id")
}

func listInvoiceItems(c *call) (any, error) {
	return pageNewest(c, candidates[*object.InvoiceItem](c, "customer"), func(o *object.InvoiceItem) bool {
		return c.p.InRange("created", o.Date) && (!c.p.Given("customer") || o.Customer == c.p.Str("customer")) &&
			(!c.p.Given("invoice") || string(o.Invoice) == c.p.Str("invoice")) && (!c.p.Given("pending") || c.p.Bool("pending") == (o.Invoice == ""))
	})
}
