package stripesim

import "windfall/local/stripesim/object"

func finalizeInvoice(c *call) (any, error) {
	inv, err := c.draft("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
	if err != nil {
		return nil, err
	}
	if len(inv.Lines.Data) == 0 && inv.BillingReason == "manual" {
		return nil, invalidCode("invoice_no_customer_line_items", "", "Nothing to invoice for customer")
	}
	flag(&inv.AutoAdvance, c.p, "auto_advance")
	if _, err := c.finalize(c.id); err != nil {
		return nil, err
	}
	if inv.Status == "open" && inv.AutoAdvance {
		if inv.CollectionMethod == "send_invoice" {
			inv.State.PaidThrough = int64(inv.DueDate)
		} else {
			inv.NextPaymentAttempt = object.Stamp(c.now + draftHour)
		}
	}
	return inv, nil
}

// payable is an invoice that money can be taken for. A draft is finalized.
func (c *call) payable() (*object.Invoice, error) {
	inv, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	switch inv.Status {
	case "paid":
		return nil, invalidCode("invoice_already_paid", "", "Invoice is already paid")
	case "void":
		return nil, invalidCode("invoice_not_payable", "", "This invoice has been voided and can no longer be paid.")
	case "draft":
		return c.finalize(c.id)
	}
	return edit[*object.Invoice](c.tx, c.id), nil
}

func payInvoice(c *call) (any, error) {
	inv, err := c.payable()
	if err != nil || inv.Status == "paid" {
		return inv, err
	}
	if c.p.Bool("paid_out_of_band") {
		c.markPaid(c.id, true)
		return inv, nil
	}
	method := c.p.Str("payment_method")
	if method != "" {
		if err := c.attachedTo(method, string(inv.Customer), "payment_method"); err != nil {
			return nil, err
		}
	} else if method = c.payer(inv); method == "" {
		return nil, noPayer()
	}
	if v := c.attempt(c.id, method, c.p.Bool("off_session"), inv.NextPaymentAttempt); v != nil {
		pi, _ := find[*object.PaymentIntent](c.tx, string(inv.PaymentIntent))
		if pi.LastPaymentError == nil {
			e := declined(*v)
			e.body.Code, e.keep = "invoice_payment_intent_requires_action", true
			return nil, e
		}
		return nil, c.intentDeclined(pi, *v)
	}
	return inv, nil
}

func sendInvoice(c *call) (any, error) {
	old, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.CollectionMethod != "send_invoice" {
		return nil, invalid("", "You can only manually send an invoice if its collection method is `send_invoice`.")
	}
	inv := edit[*object.Invoice](c.tx, c.id)
	if inv.Status == "draft" {
		if _, err := c.finalize(c.id); err != nil {
			return nil, err
		}
	}
	if inv.Status != "open" && inv.Status != "paid" {
		return nil, invalid("", "You can only send open invoices.")
	}
	if inv.Status == "open" {
		inv.State.PaidThrough = int64(inv.DueDate)
	}
	c.emit("invoice.sent", inv)
	return inv, nil
}

func voidInvoice(c *call) (any, error) {
	inv, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	if inv.Status != "open" && inv.Status != "uncollectible" {
		return nil, invalidCode("invoice_not_editable", "", "You can only pass in open invoices. This invoice isn't open.")
	}
	return c.void(c.id), nil
}

func writeOffInvoice(c *call) (any, error) {
	inv, err := c.invoice(c.id, "id")
	if err != nil {
		return nil, err
	}
	if inv.Status != "open" {
		return nil, invalidCode("invoice_not_editable", "", "You can only mark open invoices as uncollectible. This invoice isn't open.")
	}
	return c.writeOff(c.id), nil
}
