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
		return s.showCheckout(id, http.StatusOK, purchase{}, "")
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
	return errorAnswer(unknownURL(r))
}

// locked runs something like a handler of the API, without its parameters.
func (s *Sim) locked(handle func(*call) (any, error)) answer {
	return s.run(&route{handle: handle}, &call{p: nobody}, nil)
}

func (s *Sim) completeByMachine(id string, r *http.Request) answer {
	var p purchase
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &p)
	}
	if err != nil {
		return errorAnswer(invalid("", "Invalid JSON: %v", err))
	}
	return s.locked(func(c *call) (any, error) { return c.complete(id, p) })
}

// submitCheckout is the button of the page: on to the shop when it worked, and
// the page again with the reason when it did not.
func (s *Sim) submitCheckout(id string, r *http.Request) answer {
	values, err := readForm(r)
	if err != nil {
		return errorAnswer(invalid("", "Invalid form: %v", err))
	}
	p := purchase{PaymentMethod: values.Get("payment_method"), PromotionCode: values.Get("promotion_code"), Email: values.Get("email"), Quantities: map[string]int64{}}
	for name, v := range values {
		if key, ok := strings.CutPrefix(name, "quantity:"); ok {
			n, err := strconv.ParseInt(v[0], 10, 64)
			if err != nil {
				return s.showCheckout(id, http.StatusBadRequest, p, "Please enter whole numbers as quantities.")
			}
			p.Quantities[key] = n
		}
	}
	if values.Get("action") == "preview" {
		return s.showCheckout(id, http.StatusOK, p, "")
	}
	var done *object.CheckoutSession
	a := s.locked(func(c *call) (any, error) {
		var err error
		done, err = c.completeInLines(id, p)
		return done, err
	})
	if a.status != http.StatusOK {
		return s.showCheckout(id, a.status, p, messageOf(a))
	}
	to := strings.ReplaceAll(string(done.SuccessURL), "{CHECKOUT_SESSION_ID}", done.ID)
	return answer{status: http.StatusSeeOther, header: http.Header{"Location": {to}}}
}

func messageOf(a answer) string {
	var e struct{ Error object.APIError }
	_ = json.Unmarshal(a.body, &e)
	return e.Error.Message
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

// showCheckout renders the page as it would be with what was entered so far.
func (s *Sim) showCheckout(id string, status int, p purchase, problem string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	if _, ok := find[*object.CheckoutSession](t, id); !ok {
		return page404()
	}
	cs := edit[*object.CheckoutSession](t, id)
	view := pages.Checkout{Mode: cs.Mode, Status: string(cs.Status), CancelURL: string(cs.CancelURL), Problem: problem, Code: p.PromotionCode, Chosen: p.PaymentMethod, Email: p.Email}
	view.SuccessURL = strings.ReplaceAll(string(cs.SuccessURL), "{CHECKOUT_SESSION_ID}", cs.ID)
	if err := setLineQuantities(cs, p.Quantities); err != nil && problem == "" {
		view.Problem = err.Error()
	}
	view.Codes = cs.AllowPromotionCodes != nil && *cs.AllowPromotionCodes
	if _, err := t.checkoutRedeem(cs, p.PromotionCode); err != nil && p.PromotionCode != "" {
		cs.State.PromotionCode = ""
		if view.Problem == "" {
			view.Problem = err.Error()
		}
	} else if p.PromotionCode != "" {
		view.CodeTaken = true
	}
	t.priceCheckout(cs, t.checkoutTerms(cs))
	t.fillCheckout(&view, cs)
	return htmlAnswer(status, pages.RenderCheckout(view))
}

func htmlAnswer(status int, body []byte) answer {
	return answer{status: status, body: body, header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"},
		"Content-Security-Policy": {"default-src 'none'; style-src 'unsafe-inline'"}, "X-Content-Type-Options": {"nosniff"},
	}}
}

func page404() answer { return htmlAnswer(http.StatusNotFound, pages.RenderMissing()) }
