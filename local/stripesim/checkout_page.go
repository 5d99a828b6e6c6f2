package stripesim

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// payPages serves the hosted checkout page: the page itself, its form, and the
// same two actions by machine.
func (s *Sim) payPages(r *http.Request) answer {
	id, action, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/pay/"), "/")
	switch r.Method + " " + action {
	case "GET ":
		if id == "done" {
			return s.showDone(r.URL.Query().Get("session_id"))
		}
		return s.showCheckout(id, http.StatusOK, purchase{}, nil)
	case "POST ":
		return s.submitCheckout(id, r)
	case "POST complete":
		return s.completeByMachine(id, r)
	case "POST expire":
		return s.locked(func(c *call) (any, error) {
			c.id = id
			return expireCheckout(c)
		})
	}
	return s.noPage(r)
}

// locked runs something like a handler of the API, without its parameters.
func (s *Sim) locked(handle func(*call) (any, error)) answer {
	return s.run(&route{handle: handle}, &call{p: nobody}, nil)
}

func (s *Sim) completeByMachine(id string, r *http.Request) answer {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return errorAnswer(invalid("", "The body can't be read."))
	}
	p, err := readPurchase(body)
	if err != nil {
		return errorAnswer(asAPIError(err))
	}
	return s.locked(func(c *call) (any, error) { return c.complete(id, p) })
}

// submitCheckout is the button of the page: on to the shop when it worked, and
// the page again with the reason when it did not.
func (s *Sim) submitCheckout(id string, r *http.Request) answer {
	values, err := readForm(r)
	if err != nil {
		return errorAnswer(asAPIError(err))
	}
	p := purchase{PaymentMethod: values.Get("payment_method"), PromotionCode: values.Get("promotion_code"), Email: values.Get("email"), Quantities: map[string]int64{}}
	for name, v := range values {
		if key, ok := strings.CutPrefix(name, "quantity:"); ok {
			n, err := strconv.ParseInt(v[0], 10, 64)
			if err != nil {
				return s.showCheckout(id, http.StatusBadRequest, p, &object.APIError{Param: "quantities", Message: "Please enter whole numbers as quantities."})
			}
			p.Quantities[key] = n
		}
	}
	if values.Get("action") == "preview" {
		return s.showCheckout(id, http.StatusOK, p, nil)
	}
	var asks *challenge
	var done *object.CheckoutSession
	a := s.locked(func(c *call) (any, error) {
		var err error
		if done, err = c.completeInLines(id, p); err == nil {
			asks, err = c.authenticate(p.PaymentMethod, values, checkoutCharge(done))
		}
		return done, err
	})
	if asks != nil {
		return s.showChallenge(asks)
	}
	if a.status != http.StatusOK {
		return s.showCheckout(id, a.status, p, refusalOf(a))
	}
	return answer{status: http.StatusSeeOther, header: http.Header{"Location": {successURL(done)}}}
}

// checkoutCharge is what the buyer pays on the page, "" for nothing.
func checkoutCharge(cs *object.CheckoutSession) string {
	if cs.AmountTotal == nil || *cs.AmountTotal == 0 {
		return ""
	}
	return minor(*cs.AmountTotal, string(cs.Currency))
}

// successURL is where the buyer goes after paying.
func successURL(cs *object.CheckoutSession) string {
	return strings.ReplaceAll(string(cs.SuccessURL), "{CHECKOUT_SESSION_ID}", cs.ID)
}

func refusalOf(a answer) *object.APIError {
	var e struct{ Error object.APIError }
	_ = json.Unmarshal(a.body, &e)
	return &e.Error
}

// completeInLines is complete for quantities of the lines' own units, by line.
func (t *tx) completeInLines(id string, p purchase) (*object.CheckoutSession, error) {
	if _, err := need[*object.CheckoutSession](t, "checkout.session", id, "id"); err != nil {
		return nil, err
	}
	if err := setLineQuantities(edit[*object.CheckoutSession](t, id), p.Quantities); err != nil {
		return nil, err
	}
	p.Quantities = nil
	return t.complete(id, p)
}

func setLineQuantities(cs *object.CheckoutSession, quantities map[string]int64) error {
	for _, line := range cs.State.Lines {
		q, given := quantities[line.ID]
		if !given || !line.State.Adjustable {
			continue
		}
		if q < line.State.Min || q > line.State.Max {
			return invalid("quantities", "The quantity of %s must be between %d and %d.", line.Description, line.State.Min, line.State.Max)
		}
		line.Quantity = ptr(q)
	}
	return nil
}

// showCheckout renders the page as it would be with what was entered so far. A
// refusal stands at the field that it is about.
func (s *Sim) showCheckout(id string, status int, p purchase, refused *object.APIError) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	old, ok := find[*object.CheckoutSession](t, id)
	if !ok {
		return s.page404()
	}
	if old.Status != "open" {
		return t.doneAnswer(status, old)
	}
	cs := edit[*object.CheckoutSession](t, id)
	view := pages.Checkout{Mode: cs.Mode, Status: string(cs.Status), CancelURL: string(cs.CancelURL), Code: p.PromotionCode, Email: p.Email}
	view.Chosen = p.PaymentMethod
	if refused != nil {
		view.Problem = refused.Message
	}
	if err := setLineQuantities(cs, p.Quantities); err != nil {
		view.QuantityProblem, p.Quantities = err.Error(), nil
	}
	view.Codes = cs.AllowPromotionCodes != nil && *cs.AllowPromotionCodes
	if _, err := t.checkoutRedeem(cs, p.PromotionCode); err != nil && p.PromotionCode != "" {
		cs.State.PromotionCode, p.PromotionCode = "", ""
		view.CodeProblem = err.Error()
	} else if p.PromotionCode != "" {
		view.CodeTaken = true
	}
	switch {
	case refused != nil && refused.Param == "quantities":
		view.Problem, view.QuantityProblem = "", refused.Message
	case view.Problem == view.CodeProblem || view.Problem == view.QuantityProblem:
		view.Problem = ""
	}
	t.priceCheckout(cs, t.checkoutTerms(cs))
	t.fillCheckout(&view, cs)
	view.Frame = s.frame(view.Heading())
	return htmlAnswer(status, pages.Render(view))
}
