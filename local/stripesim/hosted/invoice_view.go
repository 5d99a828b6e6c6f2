package hosted

import (
	"net/http"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// showInvoice renders the page. Opened from the portal, it leads back there.
func (s *Server) showInvoice(id string, r *http.Request, status int, chosen, problem string) (a Answer) {
	s.account.View(func(t View) {
		b, ok := t.Bill(id, r.URL.Query().Get("portal"))
		if !ok || b.Invoice.Number == "" {
			a = s.page404()
			return
		}
		a = s.invoicePage(b, status, chosen, problem)
	})
	return a
}

func (s *Server) invoicePage(b Bill, status int, chosen, problem string) Answer {
	inv := b.Invoice
	write := func(n int64) string { return minor(n, inv.Currency) }
	v := pages.Invoice{
		Frame: s.frame("Invoice " + string(inv.Number)), Number: string(inv.Number), Status: string(inv.Status), Problem: problem, Date: longDay(inv.Created),
		Subtotal: write(inv.Subtotal), Total: write(inv.Total), Text: string(inv.Description), Footer: string(inv.Footer),
		Offer: pages.Offer{Cards: s.cards, Chosen: chosen},
	}
	for _, text := range []object.Text{inv.CustomerName, inv.CustomerEmail} {
		if text != "" {
			v.Customer = append(v.Customer, string(text))
		}
	}
	if b.Portal != nil {
		v.BackURL = b.Portal.URL
	}
	over := int64(0)
	for _, tax := range inv.TotalTaxAmounts {
		if !tax.Inclusive {
			over += tax.Amount
		}
	}
	if inv.Tax != nil {
		if v.Tax = write(*inv.Tax); over == 0 && *inv.Tax != 0 {
			v.Tax += " included"
		}
	}
	if off := inv.Subtotal + over - inv.Total; off != 0 {
		v.Discount = write(-off)
		if inv.Discount != nil {
			v.DiscountName = discountName(inv.Discount.Coupon)
		}
	}
	if applied := inv.AmountDue - inv.Total; applied != 0 {
		v.Balance = write(applied)
	}
	fillPayment(&v, b)
	for _, line := range inv.Lines.Data {
		l := pages.InvoiceLine{Text: string(line.Description), Amount: write(line.Amount)}
		if line.Period.End > line.Period.Start {
			l.Period = longDay(line.Period.Start) + " – " + longDay(line.Period.End)
		}
		v.Lines = append(v.Lines, l)
	}
	return htmlAnswer(status, pages.Render(v))
}

// fillPayment says how an invoice stands: when it was paid and with what, or
// when it is due. An amount that says nothing stays empty.
func fillPayment(v *pages.Invoice, b Bill) {
	inv := b.Invoice
	on := inv.StatusTransitions
	switch inv.Status {
	case "paid":
		v.When, v.Paid = "Paid on "+longDay(int64(on.PaidAt)), minor(inv.AmountPaid, inv.Currency)
	case "void":
		v.When = "Voided on " + longDay(int64(on.VoidedAt)) + ". Nothing is owed."
	case "uncollectible":
		v.When = "Marked uncollectible on " + longDay(int64(on.MarkedUncollectibleAt))
	default:
		v.When = "Due now"
		if inv.DueDate != 0 {
			v.DueDate = longDay(int64(inv.DueDate))
			v.When = "Due on " + v.DueDate
		}
	}
	if inv.Status != "void" && inv.AmountRemaining != 0 {
		v.Due = minor(inv.AmountRemaining, inv.Currency)
	}
	if inv.PaidOutOfBand {
		v.PaidWith = "Outside of Stripe"
	}
	if ch := b.Charge; ch != nil && inv.Status == "paid" && !inv.PaidOutOfBand {
		v.PaidWith = string(ch.PaymentMethodDetails.Card.Brand) + " •••• " + string(ch.PaymentMethodDetails.Card.Last4)
	}
}
