package stripesim

import (
	"fmt"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const creditNoteParams = `invoice! amount:i credit_amount:i effective_at:t lines:[{amount:i description invoice_line_item quantity:i type!:(custom_line_item,invoice_line_item) unit_amount:i unit_amount_decimal:d}]
	memo metadata:m out_of_band_amount:i reason:(duplicate,fraudulent,order_change,product_unsatisfactory) refund refund_amount:i`

var creditNoteRoutes = []endpoint{
	{"POST /v1/credit_notes", creditNoteParams, createCreditNote},
	{"GET /v1/credit_notes", "created:r customer invoice" + pageParams, listCreditNotes},
	{"GET /v1/credit_notes/preview", creditNoteParams, previewCreditNote},
	{"GET /v1/credit_notes/{id}", "", getCreditNote},
	{"POST /v1/credit_notes/{id}", "memo metadata:m", updateCreditNote},
	{"POST /v1/credit_notes/{id}/void", "", voidCreditNote},
	{"GET /v1/credit_notes/{id}/lines", pageParams, listCreditNoteLines},
}

// createCreditNote corrects a finalized invoice: an open one is owed less; what
// a paid one gives back goes to the card, to the balance, or elsewhere.
//
// https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
func createCreditNote(c *call) (any, error) {
	inv, err := c.invoice(c.p.Str("invoice"), "invoice")
	if err != nil {
		return nil, err
	}
	if inv.Status != "open" && inv.Status != "paid" {
		return nil, invalid("invoice", "Credit notes can only be created for invoices that are open or paid; this one is %s.", inv.Status)
	}
	inv = edit[*object.Invoice](c.tx, inv.ID)
	n := &object.CreditNote{
		ID: c.newID("cn_"), Object: "credit_note", Created: c.now, Currency: inv.Currency, Customer: string(inv.Customer), DiscountAmounts: []object.DiscountAmount{},
		EffectiveAt: object.Stamp(c.now), Invoice: inv.ID, Memo: object.Text(c.p.Str("memo")), Reason: object.Text(c.p.Str("reason")), Status: "issued", Type: "pre_payment",
	}
	n.Number = fmt.Sprintf("%s-CN-%02d", inv.Number, len(ownedBy[*object.CreditNote](c.tx, inv.ID))+1)
	n.PDF = c.s.base + "/invoice/" + inv.ID + "/pdf"
	if n.Metadata, err = mergeMetadata(nil, c.p); err != nil {
		return nil, err
	}
	if err := c.creditLines(n, inv); err != nil {
		return nil, err
	}
	c.put(n)
	if inv.Status == "open" {
		err = c.creditOpen(n, inv)
	} else {
		err = c.creditPaid(n, inv)
	}
	if err != nil {
		return nil, err
	}
	c.emit("credit_note.created", n)
	return n, nil
}

func previewCreditNote(c *call) (any, error) {
	real := c.tx
	c.tx = real.fork()
	defer func() { c.tx = real }()
	return createCreditNote(c)
}

// creditLines works out the amount: given as a whole, or by lines.
func (c *call) creditLines(n *object.CreditNote, inv *object.Invoice) error {
	var lines []*object.CreditNoteLine
	for _, p := range c.p.List("lines") {
		line, err := c.creditLine(p, inv)
		if err != nil {
			return err
		}
		n.Amount += line.Amount - line.DiscountAmount
		n.DiscountAmount += line.DiscountAmount
		lines = append(lines, line)
	}
	switch {
	case c.p.Given("amount") && len(lines) > 0 && c.p.Int("amount") != n.Amount:
		return invalid("amount", "The sum of the lines (%d) must equal `amount` (%d).", n.Amount, c.p.Int("amount"))
	case c.p.Given("amount") && len(lines) == 0:
		n.Amount = c.p.Int("amount")
		lines = append(lines, c.newCreditLine("custom_line_item", n.Amount, "Credit"))
	case len(lines) == 0:
		return invalidCode("parameter_missing", "amount", "You must specify `amount` or `lines`.")
	}
	if n.Amount < 1 {
		return invalid("amount", "The amount of a credit note must be positive.")
	}
	n.Subtotal, n.Total = n.Amount+n.DiscountAmount, n.Amount
	n.SubtotalExcludingTax, n.TotalExcludingTax = ptr(n.Subtotal), ptr(n.Total)
	n.Lines = object.NewList("/v1/credit_notes/"+n.ID+"/lines", lines)
	return nil
}

func (c *call) newCreditLine(kind string, amount int64, description string) *object.CreditNoteLine {
	return &object.CreditNoteLine{
		ID: c.newID("cnli_"), Object: "credit_note_line_item", Amount: amount, AmountExcludingTax: ptr(amount), Description: object.Text(description),
		DiscountAmounts: []object.DiscountAmount{}, Type: kind,
	}
}

func (c *call) creditLine(p *form.Params, inv *object.Invoice) (*object.CreditNoteLine, error) {
	if p.Str("type") == "custom_line_item" {
		quantity := int64(1)
		if p.Given("quantity") {
			quantity = p.Int("quantity")
		}
		line := c.newCreditLine("custom_line_item", quantity*p.Int("unit_amount"), p.Str("description"))
		line.Quantity = &quantity
		line.UnitAmount, line.UnitAmountDecimal = amounts(p, "unit_amount")
		return line, nil
	}
	for _, of := range inv.Lines.Data {
		if of.ID != p.Str("invoice_line_item") {
			continue
		}
		amount := of.Amount
		if p.Given("amount") {
			amount = p.Int("amount")
		}
		if p.Given("quantity") && *of.Quantity > 0 {
			amount = of.Amount * p.Int("quantity") / *of.Quantity
		}
		if amount > of.Amount {
			return nil, invalid(p.Path("amount"), "The amount must not be larger than that of the invoice line (%d).", of.Amount)
		}
		line := c.newCreditLine("invoice_line_item", amount, string(of.Description))
		line.InvoiceLineItem, line.Quantity = of.ID, of.Quantity
		for _, d := range of.DiscountAmounts {
			line.DiscountAmount += d.Amount * amount / of.Amount
		}
		return line, nil
	}
	return nil, missing("invoice line item", p.Str("invoice_line_item"), p.Path("invoice_line_item"))
}

// creditOpen lowers what is still owed; an invoice that owes nothing is paid.
func (c *call) creditOpen(n *object.CreditNote, inv *object.Invoice) error {
	if n.Amount > inv.AmountRemaining {
		return invalid("amount", "The amount of the credit note (%d) must not be larger than what remains of the invoice (%d).", n.Amount, inv.AmountRemaining)
	}
	inv.PrePaymentCreditNotesAmount += n.Amount
	inv.AmountDue -= n.Amount
	inv.AmountRemaining -= n.Amount
	if inv.AmountRemaining > 0 {
		edit[*object.PaymentIntent](c.tx, string(inv.PaymentIntent)).Amount = inv.AmountDue
		c.emit("invoice.updated", inv)
		return nil
	}
	c.cancelIntent(string(inv.PaymentIntent), "")
	c.markPaid(inv.ID, false)
	return nil
}

func (c *call) creditPaid(n *object.CreditNote, inv *object.Invoice) error {
	n.Type = "post_payment"
	if left := inv.Total - inv.PostPaymentCreditNotesAmount - inv.PrePaymentCreditNotesAmount; n.Amount > left {
		return invalid("amount", "The amount of the credit note (%d) must not be larger than what can be credited (%d).", n.Amount, left)
	}
	credit, back, other := c.p.Int("credit_amount"), c.p.Int("refund_amount"), c.p.Int("out_of_band_amount")
	if existing := c.p.Str("refund"); existing != "" {
		r, err := need[*object.Refund](c.tx, "refund", existing, "refund")
		if err != nil {
			return err
		}
		n.Refund, other = object.Text(r.ID), other+r.Amount
	}
	if credit+back+other != n.Amount {
		return invalid("amount", "The sum of credit amount, refund amount and out of band amount must equal the post payment amount (%d).", n.Amount)
	}
	inv.PostPaymentCreditNotesAmount += n.Amount
	if credit > 0 {
		b := c.post(n.Customer, "credit_note", -credit, n.Currency, func(b *object.BalanceTransaction) { b.CreditNote, b.Invoice = object.Text(n.ID), object.Text(inv.ID) })
		n.CustomerBalanceTransaction = object.Text(b.ID)
	}
	if back > 0 {
		ch, ok := find[*object.Charge](c.tx, string(inv.Charge))
		if !ok || back > ch.Amount-ch.AmountRefunded || c.contested(ch.ID) {
			return invalid("refund_amount", "There is not enough paid by card to refund %d.", back)
		}
		n.Refund = object.Text(c.refund(ch.ID, back, "", nil).ID)
	}
	if c.p.Given("out_of_band_amount") {
		n.OutOfBandAmount = c.p.IntPtr("out_of_band_amount")
	}
	c.emit("invoice.updated", inv)
	return nil
}

func getCreditNote(c *call) (any, error) {
	return need[*object.CreditNote](c.tx, "credit note", c.id, "id")
}

func updateCreditNote(c *call) (any, error) {
	if _, err := getCreditNote(c); err != nil {
		return nil, err
	}
	n := edit[*object.CreditNote](c.tx, c.id)
	text(&n.Memo, c.p, "memo")
	var err error
	if n.Metadata, err = mergeMetadata(n.Metadata, c.p); err != nil {
		return nil, err
	}
	c.emit("credit_note.updated", n)
	return n, nil
}

// voidCreditNote takes back a credit on an invoice that is still open.
func voidCreditNote(c *call) (any, error) {
	old, err := need[*object.CreditNote](c.tx, "credit note", c.id, "id")
	if err != nil {
		return nil, err
	}
	inv, _ := find[*object.Invoice](c.tx, old.Invoice)
	if old.Status == "void" || inv.Status != "open" {
		return nil, invalid("", "You can only void an issued credit note whose invoice is open.")
	}
	n := edit[*object.CreditNote](c.tx, c.id)
	n.Status, n.VoidedAt = "void", object.Stamp(c.now)
	inv = edit[*object.Invoice](c.tx, n.Invoice)
	inv.PrePaymentCreditNotesAmount -= n.Amount
	inv.AmountDue += n.Amount
	inv.AmountRemaining += n.Amount
	edit[*object.PaymentIntent](c.tx, string(inv.PaymentIntent)).Amount = inv.AmountDue
	c.emit("credit_note.voided", n)
	c.emit("invoice.updated", inv)
	return n, nil
}

func listCreditNotes(c *call) (any, error) {
	return pageNewest(c, all[*object.CreditNote](c.tx), func(o *object.CreditNote) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || o.Customer == c.p.Str("customer")) && (!c.p.Given("invoice") || o.Invoice == c.p.Str("invoice"))
	})
}

func listCreditNoteLines(c *call) (any, error) {
	n, err := need[*object.CreditNote](c.tx, "credit note", c.id, "id")
	if err != nil {
		return nil, err
	}
	return pageOfRows(c, n.Lines.Data, func(l *object.CreditNoteLine) string { return l.ID })
}
