package hosted

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/form"
)

// portalPages serves the hosted customer portal: subscriptions to cancel and
// resume, the card, and invoices.
func (s *Server) portalPages(r *http.Request) (Answer, error) {
	id, action, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/portal/"), "/")
	if r.Method == http.MethodGet && action == "" {
		return s.showPortal(id, http.StatusOK, "", ""), nil
	}
	if r.Method != http.MethodPost || action != "" {
		return s.noPage(r)
	}
	values, err := form.Read(r)
	if err != nil {
		return Answer{}, err
	}
	refused := s.account.UsePortal(id, PortalAction{
		Name: values.Get("action"), Subscription: values.Get("subscription"), Card: values.Get("payment_method"), Bank: values.Get("authentication"),
	})
	switch {
	case refused == nil:
		return s.showPortal(id, http.StatusOK, "", ""), nil
	case refused.Challenge != nil:
		return s.showChallenge(refused.Challenge, values), nil
	}
	return s.showPortal(id, refused.Status, values.Get("payment_method"), refused.Message), nil
}
