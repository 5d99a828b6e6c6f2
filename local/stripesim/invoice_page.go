package stripesim

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
)

// invoicePages serves the hosted invoice page, on which an open invoice can be
// paid.
func (s *Sim) invoicePages(r *http.Request) answer {
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/invoice/"), "/pdf")
	if r.Method == http.MethodGet {
		return s.showInvoice(id, r, http.StatusOK, "", "")
	}
	values, err := readForm(r)
	if err != nil || r.Method != http.MethodPost {
		return s.noPage(r)
	}
	var asks *challenge
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
		if asks, err = c.authenticate(values.Get("payment_method"), values, minor(inv.AmountRemaining, inv.Currency)); err != nil {
			return nil, err
		}
		c.present = true
		if v := c.attempt(id, pm.ID, false, inv.NextPaymentAttempt); v != nil {
			pi, _ := find[*object.PaymentIntent](c.tx, string(inv.PaymentIntent))
			return nil, c.intentDeclined(pi, *v)
		}
		return inv, nil
	})
	if asks != nil {
		return s.showChallenge(asks)
	}
	if a.status != http.StatusOK {
		return s.showInvoice(id, r, a.status, values.Get("payment_method"), refusalOf(a).Message)
	}
	return s.showInvoice(id, r, http.StatusOK, "", "")
}
