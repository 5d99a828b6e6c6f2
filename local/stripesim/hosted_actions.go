package stripesim

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// servePage answers everything outside of the API.
func (s *Sim) servePage(r *http.Request) answer {
	a, err := s.pages.Serve(r)
	switch {
	case errors.Is(err, hosted.ErrNoPage):
		return errorAnswer(unknownURL(r))
	case err != nil:
		return errorAnswer(asAPIError(err))
	}
	return answer{status: a.Status, header: a.Header, body: a.Body}
}

// hostedAccount is the account as its hosted pages see it.
type hostedAccount struct{ s *Sim }

// View implements hosted.Account.
func (a hostedAccount) View(look func(hosted.View)) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	look(hostedView{a.s.begin()})
}

// Complete implements hosted.Account.
func (a hostedAccount) Complete(session string, p hosted.Purchase, bank string) (*object.CheckoutSession, *hosted.Refusal) {
	var done *object.CheckoutSession
	refused := a.act(func(c *call) (any, *hosted.Challenge, error) {
		var err error
		if done, err = c.completeInLines(session, p); err != nil {
			return nil, nil, err
		}
		due := hosted.Challenge{}
		if done.AmountTotal != nil && *done.AmountTotal != 0 {
			due = hosted.Challenge{Amount: *done.AmountTotal, Currency: string(done.Currency)}
		}
		asks, err := c.challenge(p.PaymentMethod, bank, due)
		return done, asks, err
	})
	return done, refused
}

// PayInvoice implements hosted.Account.
func (a hostedAccount) PayInvoice(invoice, card, bank string) *hosted.Refusal {
	return a.act(func(c *call) (any, *hosted.Challenge, error) {
		c.id = invoice
		inv, err := c.payable()
		if err != nil || inv.Status == "paid" {
			return inv, nil, err
		}
		pm, err := c.checkoutCard(hosted.Purchase{PaymentMethod: card})
		if err != nil {
			return nil, nil, err
		}
		if asks, err := c.challenge(card, bank, hosted.Challenge{Amount: inv.AmountRemaining, Currency: inv.Currency}); err != nil {
			return nil, asks, err
		}
		c.present = true
		if v := c.attempt(invoice, pm.ID, false, inv.NextPaymentAttempt); v != nil {
			pi, _ := find[*object.PaymentIntent](c.tx, string(inv.PaymentIntent))
			return nil, nil, c.intentDeclined(pi, *v)
		}
		return inv, nil, nil
	})
}

// UsePortal implements hosted.Account.
func (a hostedAccount) UsePortal(session string, do hosted.PortalAction) *hosted.Refusal {
	return a.act(func(c *call) (any, *hosted.Challenge, error) {
		out, err := c.portalAction(session, do)
		if err != nil || do.Name != "card" {
			return out, nil, err
		}
		asks, err := c.challenge(do.Card, do.Bank, hosted.Challenge{})
		return out, asks, err
	})
}

// act carries out an action of a page as one transaction.
func (a hostedAccount) act(do func(*call) (any, *hosted.Challenge, error)) *hosted.Refusal {
	var asks *hosted.Challenge
	got := a.s.locked(func(c *call) (out any, err error) {
		out, asks, err = do(c)
		return out, err
	})
	if got.status == http.StatusOK {
		return nil
	}
	var e struct{ Error object.APIError }
	_ = json.Unmarshal(got.body, &e)
	return &hosted.Refusal{Status: got.status, Param: e.Error.Param, Message: e.Error.Message, Challenge: asks}
}

// locked runs a handler that takes no parameters, as one of the API is run.
func (s *Sim) locked(handle func(*call) (any, error)) answer {
	return s.run(&route{handle: handle}, &call{p: nobody}, nil)
}

// nobody are the parameters of a request that has none.
var nobody = func() *form.Params {
	p, err := form.Decode(form.Compile("expand:[s]"), url.Values{})
	if err != nil {
		panic(err)
	}
	return p
}()
