package stripesim

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// invoicePages serves the hosted invoice page, on which an open invoice can be
// paid.
func (s *Sim) invoicePages(r *http.Request) answer {
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/invoice/"), "/pdf")
	if r.Method == http.MethodGet {
		return s.showInvoice(id, r, http.StatusOK, "")
	}
	values, err := readForm(r)
	if err != nil || r.Method != http.MethodPost {
		return errorAnswer(unknownURL(r))
	}
	a := s.locked(func(c *call) (any, error) {
		c.id = id
		inv, err := c.payable()
		if err != nil || inv.Status == "paid" {
			return inv, err
		}
		pm, err := c.checkoutCard(purchase{PaymentMethod: values.Get("payment_method")})
		if err != nil {
			return nil, err
		}
		c.present = true
		if v := c.attempt(id, pm.ID, false, inv.NextPaymentAttempt); v != nil {
			pi, _ := find[*object.PaymentIntent](c.tx, string(inv.PaymentIntent))
			return nil, c.intentDeclined(pi, *v)
		}
		return inv, nil
	})
	if a.status != http.StatusOK {
		return s.showInvoice(id, r, a.status, messageOf(a))
	}
	return s.showInvoice(id, r, http.StatusOK, "")
}

// showInvoice renders the page. Opened from the portal, it leads back there.
func (s *Sim) showInvoice(id string, r *http.Request, status int, problem string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	inv, ok := find[*object.Invoice](t, id)
	if !ok || inv.Number == "" {
		return page404()
	}
	v := pages.Invoice{
		Number: string(inv.Number), Status: string(inv.Status), Problem: problem, Date: day(inv.Created), Customer: string(inv.CustomerEmail),
		Subtotal: minor(inv.Subtotal, inv.Currency), Total: minor(inv.Total, inv.Currency), Due: minor(inv.AmountRemaining, inv.Currency), Cards: offeredCards(),
	}
	if ps, ok := find[*object.PortalSession](t, r.URL.Query().Get("portal")); ok && ps.Customer == string(inv.Customer) {
		v.BackURL = ps.URL
	}
	if off := inv.Subtotal - inv.Total; off != 0 {
		v.Discount = minor(-off, inv.Currency)
	}
	if applied := inv.AmountDue - inv.Total; applied < 0 && inv.StartingBalance < 0 {
		v.Balance = minor(applied, inv.Currency)
	}
	for _, line := range inv.Lines.Data {
		v.Lines = append(v.Lines, pages.InvoiceLine{Text: string(line.Description), Amount: minor(line.Amount, inv.Currency), Period: day(line.Period.Start) + " – " + day(line.Period.End)})
	}
	return htmlAnswer(status, pages.RenderInvoice(v))
}
