package hosted

import (
	"net/http"
	"strconv"
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// payPages serves the hosted checkout page and its form.
func (s *Server) payPages(r *http.Request) (Answer, error) {
	id, action, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/pay/"), "/")
	switch r.Method + " " + action {
	case "GET ":
		if id == "done" {
			return s.showDone(r.URL.Query().Get("session_id")), nil
		}
		return s.showCheckout(id, http.StatusOK, Purchase{}, nil), nil
	case "POST ":
		return s.submitCheckout(id, r)
	}
	return s.noPage(r)
}

// submitCheckout is the button of the page: on to the shop when it worked, and
// the page again with the reason when it did not.
func (s *Server) submitCheckout(id string, r *http.Request) (Answer, error) {
	values, err := form.Read(r)
	if err != nil {
		return Answer{}, err
	}
	p := Purchase{PaymentMethod: values.Get("payment_method"), PromotionCode: values.Get("promotion_code"), Email: values.Get("email"), Quantities: map[string]int64{},
		Country: strings.ToUpper(strings.TrimSpace(values.Get("country"))), PostalCode: strings.TrimSpace(values.Get("postal_code")), TaxID: values.Get("tax_id")}
	for name, v := range values {
		if key, ok := strings.CutPrefix(name, "quantity:"); ok {
			n, err := strconv.ParseInt(v[0], 10, 64)
			if err != nil {
				return s.showCheckout(id, http.StatusBadRequest, p, &Refusal{Param: "quantities", Message: "Please enter whole numbers as quantities."}), nil
			}
			p.Quantities[key] = n
		}
	}
	if values.Get("action") == "preview" {
		return s.showCheckout(id, http.StatusOK, p, nil), nil
	}
	done, refused := s.account.Complete(id, p, values.Get("authentication"))
	switch {
	case refused == nil:
		return Answer{Status: http.StatusSeeOther, Header: http.Header{"Location": {successURL(done)}}}, nil
	case refused.Challenge != nil:
		return s.showChallenge(refused.Challenge, values), nil
	}
	return s.showCheckout(id, refused.Status, p, refused), nil
}

// successURL is where the buyer goes after paying.
func successURL(cs *object.CheckoutSession) string {
	return strings.ReplaceAll(string(cs.SuccessURL), "{CHECKOUT_SESSION_ID}", cs.ID)
}

// showCheckout renders the page as it would be with what was entered so far. A
// refusal stands at the field that it is about.
func (s *Server) showCheckout(id string, status int, p Purchase, refused *Refusal) (a Answer) {
	s.account.View(func(t View) { a = s.checkoutPage(t, id, status, p, refused) })
	return a
}

func (s *Server) checkoutPage(t View, id string, status int, p Purchase, refused *Refusal) Answer {
	cs, ok := t.Session(id)
	if !ok {
		return s.page404()
	}
	if cs.Status != "open" {
		return s.doneAnswer(t, status, cs)
	}
	q := t.Quote(id, p)
	cs = q.Session
	view := pages.Checkout{Mode: cs.Mode, Status: string(cs.Status), CancelURL: string(cs.CancelURL), Code: p.PromotionCode, Email: p.Email}
	view.Chosen = p.PaymentMethod
	if refused != nil {
		view.Problem = refused.Message
	}
	view.Codes = cs.AllowPromotionCodes != nil && *cs.AllowPromotionCodes
	view.QuantityProblem, view.CodeProblem, view.AddressProblem = q.QuantityProblem, q.CodeProblem, q.AddressProblem
	view.Country, view.PostalCode, view.TaxID = p.Country, p.PostalCode, p.TaxID
	view.CodeTaken = p.PromotionCode != "" && q.CodeProblem == ""
	switch {
	case refused != nil && refused.Param == "quantities":
		view.Problem, view.QuantityProblem = "", refused.Message
	case refused != nil && (refused.Param == "country" || refused.Param == "tax_id"):
		view.Problem, view.AddressProblem = "", refused.Message
	case view.Problem == view.CodeProblem || view.Problem == view.QuantityProblem:
		view.Problem = ""
	}
	s.fillCheckout(&view, q)
	view.Frame = s.frame(view.Heading())
	return htmlAnswer(status, pages.Render(view))
}
