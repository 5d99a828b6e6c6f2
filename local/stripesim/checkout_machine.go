package stripesim

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"windfall/local/stripesim/hosted"
)

// byMachine completes or expires a checkout session without the page, and
// answers in JSON: POST /pay/{id}/complete and /pay/{id}/expire. Any other
// request is not its own.
func (s *Sim) byMachine(r *http.Request) (a answer, own bool) {
	path, isPay := strings.CutPrefix(r.URL.Path, "/pay/")
	id, action, _ := strings.Cut(path, "/")
	switch {
	case !isPay || r.Method != http.MethodPost:
	case action == "complete":
		return s.completeByMachine(id, r), true
	case action == "expire":
		return s.locked(func(c *call) (any, error) {
			c.id = id
			return expireCheckout(c)
		}), true
	}
	return answer{}, false
}

func (s *Sim) completeByMachine(id string, r *http.Request) answer {
	var p hosted.Purchase
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &p)
	}
	if err != nil {
		return errorAnswer(invalid("", "The body is not the JSON that this call takes. Send, for example, {\"payment_method\": \"pm_card_visa\"}."))
	}
	return s.locked(func(c *call) (any, error) { return c.complete(id, p) })
}
