package stripesim

import (
	"io"
	"net/http"
	"strings"
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
