package hosted

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// showDone is the page behind a payment, for callers that name none of their
// own. Without a session it only thanks.
func (s *Server) showDone(id string) (a Answer) {
	if id == "" {
		return htmlAnswer(http.StatusOK, pages.Render(pages.Done{Frame: s.frame("All done"), Heading: "All done", Text: "You can close this page."}))
	}
	s.account.View(func(t View) {
		cs, ok := t.Session(id)
		if !ok {
			a = s.page404()
			return
		}
		a = s.doneAnswer(t, http.StatusOK, cs)
	})
	return a
}

// doneAnswer says how a checkout ended.
func (s *Server) doneAnswer(t View, status int, cs *object.CheckoutSession) Answer {
	v := pages.Done{}
	switch cs.Status {
	case "open":
		v.Heading, v.Text, v.NextURL, v.NextText = "This checkout has not been completed", "Nothing was charged yet.", string(cs.URL), "Go on"
	case "expired":
		v.Heading, v.Text, v.NextURL, v.NextText = "This checkout has expired", "Nothing was charged. Please go back and start again.", string(cs.CancelURL), "Go back"
	default:
		v.Heading = "All done"
		fillDone(&v, cs, t.Outcome(cs))
		v.NextURL, v.NextText = successURL(cs), "Continue"
	}
	v.Frame = s.frame(v.Heading)
	// The page stands in for the shop's own, and is no way on from itself.
	if standsIn := cs.Status == "complete" && strings.HasPrefix(string(cs.SuccessURL), t.Base()+"/pay/done"); standsIn {
		v.NextURL = ""
	} else {
		v.Home = ""
	}
	return htmlAnswer(status, pages.Render(v))
}

// fillDone says what was bought, from the invoice where there is one.
func fillDone(v *pages.Done, cs *object.CheckoutSession, came Outcome) {
	v.Text = "Thank you. Your purchase is complete."
	if cs.Mode == "setup" {
		v.Text = "Thank you. Your card is saved."
	}
	if cs.CustomerDetails != nil {
		v.Email = string(cs.CustomerDetails.Email)
	}
	currency := string(cs.Currency)
	for _, line := range cs.State.Lines {
		l := pages.CheckoutLine{Name: line.Description, Amount: minor(line.AmountSubtotal, currency)}
		if line.Quantity != nil {
			l.Quantity = *line.Quantity
		}
		if line.Price.Recurring != nil && cs.Trialing() {
			l.Amount = "Free"
		}
		if line.Quantity == nil || l.Quantity > 0 {
			v.Lines = append(v.Lines, l)
		}
	}
	if cs.AmountTotal != nil {
		v.Total = minor(*cs.AmountTotal, currency)
		if off := cs.TotalDetails.AmountDiscount; off > 0 {
			v.Discount = "−" + minor(off, currency)
		}
		v.Tax = taxText(cs)
	}
	if inv := came.Invoice; inv != nil {
		v.Adjustments, v.Total = adjustments(cs, inv), minor(inv.AmountPaid, inv.Currency)
		v.InvoiceURL = string(inv.HostedInvoiceURL)
	}
	if came.Renewal != nil {
		v.Renewal = "Then " + renewalText(came.Renewal) + "."
	}
}
