package stripesim

import (
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const invoiceParams = `auto_advance:b collection_method:(charge_automatically,send_invoice) days_until_due:i default_payment_method description
	discounts:[{coupon discount}] due_date:t effective_at:t footer metadata:m statement_descriptor payment_settings:{payment_method_types:[s]} ` + taxParams

var invoiceRoutes = []endpoint{
	{"POST /v1/invoices", "customer! currency subscription pending_invoice_items_behavior:(exclude,include) " + invoiceParams, createInvoice},
	{"GET /v1/invoices", "collection_method:(charge_automatically,send_invoice) created:r customer due_date:r status:(draft,open,paid,uncollectible,void) subscription" + pageParams, listInvoices},
	{"GET /v1/invoices/upcoming", upcomingParams, getUpcoming},
	{"GET /v1/invoices/upcoming/lines", upcomingParams + pageParams, listUpcomingLines},
	{"GET /v1/invoices/{id}", "", getInvoice},
	{"POST /v1/invoices/{id}", invoiceParams, updateInvoice},
	{"DELETE /v1/invoices/{id}", "", deleteInvoice},
	{"GET /v1/invoices/{id}/lines", pageParams, listInvoiceLines},
	{"POST /v1/invoices/{id}/finalize", "auto_advance:b", finalizeInvoice},
	{"POST /v1/invoices/{id}/pay", "forgive:b off_session:b paid_out_of_band:b payment_method", payInvoice},
	{"POST /v1/invoices/{id}/send", "", sendInvoice},
	{"POST /v1/invoices/{id}/void", "", voidInvoice},
	{"POST /v1/invoices/{id}/mark_uncollectible", "", writeOffInvoice},
}

// invoice is an invoice that a request names; its clock becomes the time.
func (t *tx) invoice(id, param string) (*object.Invoice, error) {
	inv, err := need[*object.Invoice](t, "invoice", id, param)
	if err != nil {
		return nil, err
	}
	t.livesOn(string(inv.TestClock))
	return inv, nil
}

func getInvoice(c *call) (any, error) { return c.invoice(c.id, "id") }

func createInvoice(c *call) (any, error) {
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	var sub *object.Subscription
	reason, currency := "manual", c.p.StrOr("currency", orUSD(string(cus.Currency)))
	if id := c.p.Str("subscription"); id != "" {
		if sub, err = c.subscription(id, "subscription"); err != nil {
			return nil, err
		}
		if sub.Customer != cus.ID {
			return nil, invalid("subscription", "The subscription %s does not belong to the customer %s.", id, cus.ID)
		}
		reason, currency = "subscription_update", sub.Currency
	}
	if err := c.combines(cus, currency, "currency"); err != nil {
		return nil, err
	}
	inv := c.newInvoice(cus.ID, sub, reason, currency)
	inv.Discount, inv.State.DiscountFrom = c.discountOf(sub, cus)
	inv.AutoAdvance = false
	if err := c.setInvoice(inv); err != nil {
		return nil, err
	}
	if includesPending(c.p, sub) {
		c.takePending(inv)
	}
	if sub != nil && len(inv.Lines.Data) == 0 {
		return nil, invalidCode("invoice_no_subscription_line_items", "", "Nothing to invoice for subscription")
	}
	c.total(inv)
	c.emit("invoice.created", inv)
	return inv, nil
}

// includesPending tells whether a new invoice takes the waiting items.
//
// assumption: naming a subscription includes them, as the description of that
// parameter says; otherwise the default is to leave them.
func includesPending(p *form.Params, sub *object.Subscription) bool {
	if p.Given("pending_invoice_items_behavior") {
		return p.Str("pending_invoice_items_behavior") == "include"
	}
	return sub != nil
}

// setInvoice applies what create and update share.
func (c *call) setInvoice(inv *object.Invoice) error {
	flag(&inv.AutoAdvance, c.p, "auto_advance")
	if inv.AutoAdvance && inv.Status == "draft" && inv.State.FinalizeAt == 0 {
		c.startDraftHour(inv)
	}
	if c.p.Given("collection_method") {
		inv.CollectionMethod = c.p.Str("collection_method")
	}
	if err := c.setDueDate(inv); err != nil {
		return err
	}
	if id := c.p.Str("default_payment_method"); id != "" {
		if err := c.attachedTo(id, string(inv.Customer), "default_payment_method"); err != nil {
			return err
		}
	}
	text(&inv.DefaultPaymentMethod, c.p, "default_payment_method")
	text(&inv.Description, c.p, "description")
	text(&inv.Footer, c.p, "footer")
	text(&inv.StatementDescriptor, c.p, "statement_descriptor")
	if c.p.Given("automatic_tax") {
		var tax object.AutomaticTax
		setTax(&tax, c.p)
		inv.AutomaticTax = taxed(tax)
		// assumption: a draft is refused, and not only that it be finalized
		if err := c.checkLocation(tax.Enabled, string(inv.Customer)); err != nil {
			return err
		}
	}
	if err := c.setInvoiceDiscount(inv); err != nil {
		return err
	}
	var err error
	inv.Metadata, err = mergeMetadata(inv.Metadata, c.p)
	return err
}

func (c *call) setDueDate(inv *object.Invoice) error {
	if !c.p.Given("days_until_due") && !c.p.Given("due_date") {
		if inv.CollectionMethod == "send_invoice" && inv.DueDate == 0 {
			return invalidCode("parameter_missing", "days_until_due", "If `collection_method=send_invoice` is set, `days_until_due` or `due_date` must be set.")
		}
		return nil
	}
	if inv.CollectionMethod != "send_invoice" {
		return invalid("days_until_due", "`days_until_due` and `due_date` can only be set when `collection_method` is `send_invoice`.")
	}
	inv.DueDate = object.Stamp(c.p.Int("due_date"))
	if c.p.Given("days_until_due") {
		inv.DueDate = object.Stamp(c.now + c.p.Int("days_until_due")*86400)
	}
	if int64(inv.DueDate) < c.now {
		return invalid("due_date", "The due date must not be in the past.")
	}
	return nil
}

// setInvoiceDiscount: an invoice takes one discount in this simulator.
func (c *call) setInvoiceDiscount(inv *object.Invoice) error {
	if !c.p.Has("discounts") {
		return nil
	}
	if inv.Discount, inv.State.DiscountFrom = nil, ""; c.p.Cleared("discounts") {
		return nil
	}
	list := c.p.List("discounts")
	if len(list) != 1 {
		return invalid("discounts", "An invoice takes one discount in this simulator.")
	}
	if id := list[0].Str("discount"); id != "" {
		d, err := need[*object.Discount](c.tx, "discount", id, "discounts[0][discount]")
		inv.Discount, inv.State.DiscountFrom = d, "invoice"
		return err
	}
	r, err := c.redeemable(redemption{coupon: list[0].Str("coupon"), customer: string(inv.Customer), on: "invoice", currency: inv.Currency})
	if err != nil {
		return err
	}
	inv.Discount, inv.State.DiscountFrom = c.redeem(r, string(inv.Customer), "", ""), "invoice"
	inv.Discount.Invoice = object.Text(inv.ID)
	return nil
}

// draft is an invoice that can still be changed.
func (c *call) draft(what string) (*object.Invoice, error) {
	inv, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	if inv.Status != "draft" {
		return nil, invalidCode("invoice_not_editable", "", "%s", what)
	}
	return edit[*object.Invoice](c.tx, c.id), nil
}

// updateInvoice: a finalized invoice takes metadata and little more.
func updateInvoice(c *call) (any, error) {
	old, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Status != "draft" {
		for _, name := range c.p.Names() {
			if name != "metadata" && name != "expand" && name != "auto_advance" && name != "default_payment_method" {
				return nil, invalidCode("invoice_not_editable", name, "Finalized invoices can't be updated in this way")
			}
		}
	}
	inv := edit[*object.Invoice](c.tx, c.id)
	if err := c.setInvoice(inv); err != nil {
		return nil, err
	}
	if inv.Status == "draft" {
		c.total(inv)
	}
	c.emit("invoice.updated", inv)
	return inv, nil
}

func deleteInvoice(c *call) (any, error) {
	inv, err := c.draft("You can only delete draft invoices.")
	if err != nil {
		return nil, err
	}
	if inv.BillingReason != "manual" {
		return nil, invalid("", "You can only delete draft invoices that were not created by a subscription.")
	}
	for _, line := range inv.Lines.Data {
		if it, ok := find[*object.InvoiceItem](c.tx, line.InvoiceItem); ok {
			c.remove(it)
		}
	}
	c.emit("invoice.deleted", inv)
	c.remove(inv)
	return object.Deleted{ID: c.id, Object: "invoice", Deleted: true}, nil
}

func listInvoices(c *call) (any, error) {
	if who := c.p.Str("customer"); who != "" {
		if _, err := need[*object.Customer](c.tx, "customer", who, "customer"); err != nil {
			return nil, err
		}
	}
	return pageNewest(c, candidates[*object.Invoice](c, "customer"), func(o *object.Invoice) bool {
		return c.p.InRange("created", o.Created) && c.p.InRange("due_date", int64(o.DueDate)) &&
			(!c.p.Given("status") || string(o.Status) == c.p.Str("status")) && (!c.p.Given("subscription") || string(o.Subscription) == c.p.Str("subscription")) &&
			(!c.p.Given("collection_method") || o.CollectionMethod == c.p.Str("collection_method"))
	})
}

func listInvoiceLines(c *call) (any, error) {
	inv, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	return pageOfRows(c, inv.Lines.Data, func(l *object.InvoiceLine) string { return l.ID })
}
