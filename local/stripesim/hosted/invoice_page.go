package hosted

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/form"
)

// invoicePages serves the hosted invoice page, on which an open invoice can be
// paid.
func (s *Server) invoicePages(r *http.Request) (Answer, error) {
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/invoice/"), "/pdf")
	if r.Method == http.MethodGet {
		return s.showInvoice(id, r, http.StatusOK, "", ""), nil
	}
	values, err := form.Read(r)
	if err != nil || r.Method != http.MethodPost {
		return s.noPage(r)
	}
	refused := s.account.PayInvoice(id, values.Get("payment_method"), values.Get("authentication"))
	switch {
	case refused == nil:
		return s.showInvoice(id, r, http.StatusOK, "", ""), nil
	case refused.Challenge != nil:
		return s.showChallenge(refused.Challenge, values), nil
	}
	return s.showInvoice(id, r, refused.Status, values.Get("payment_method"), refused.Message), nil
}
