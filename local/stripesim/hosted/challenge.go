package hosted

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// showChallenge renders the bank's page. It sends the form again that led to
// it, with the answer.
func (s *Server) showChallenge(asks *Challenge, form url.Values) Answer {
	view := pages.Challenge{Frame: s.frame("Authentication"), Card: "•••• " + asks.Last4}
	if asks.Currency != "" {
		view.Amount = minor(asks.Amount, asks.Currency)
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			view.Fields = append(view.Fields, pages.Field{Name: name, Value: value})
		}
	}
	return htmlAnswer(http.StatusOK, pages.Render(view))
}

// cardName is a saved card for people.
func cardName(pm *object.PaymentMethod) string {
	return pm.Card.Brand + " •••• " + pm.Card.Last4
}
