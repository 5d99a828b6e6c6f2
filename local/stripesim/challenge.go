package stripesim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// challenge is a bank that asks before anything happens: 3-D Secure.
type challenge struct {
	card   string // its last digits
	amount string // what is to be paid, "" when a card is only saved
	form   url.Values
}

// authenticate lets a page ask what the bank asks for this card. The caller has
// done what the buyer wants already; until the bank has its answer the error
// undoes that.
//
// https://docs.stripe.com/testing#authentication-and-setup
func (c *call) authenticate(method string, form url.Values, amount string) (*challenge, error) {
	if method == "" {
		return nil, nil
	}
	pm, err := c.usable(method)
	if err != nil || pm.State.Behavior != "authentication_required" || form.Get("authentication") == "approve" {
		return nil, err
	}
	v := verdict{"payment_intent_authentication_failure", "", "We are unable to authenticate your payment method. Please choose a different payment method and try again."}
	if form.Get("authentication") == "fail" {
		return nil, declined(v)
	}
	return &challenge{card: pm.Card.Last4, amount: amount, form: form}, declined(v)
}

// showChallenge renders the bank's page. It sends the form again that led to
// it, with the answer.
func (s *Sim) showChallenge(asks *challenge) answer {
	view := pages.Challenge{Frame: s.frame("Authentication"), Card: "•••• " + asks.card, Amount: asks.amount}
	for _, name := range slices.Sorted(maps.Keys(asks.form)) {
		for _, value := range asks.form[name] {
			view.Fields = append(view.Fields, pages.Field{Name: name, Value: value})
		}
	}
	return htmlAnswer(http.StatusOK, pages.Render(view))
}

// cardName is a saved card for people.
func cardName(pm *object.PaymentMethod) string {
	return pm.Card.Brand + " •••• " + pm.Card.Last4
}
