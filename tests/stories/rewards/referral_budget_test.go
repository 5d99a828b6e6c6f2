package rewards

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// databaseRequests is the number of database requests of the last request in a
// log.
func databaseRequests(t *testing.T, log *bytes.Buffer, route string) int {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		var line struct {
			Route    string
			Requests int `json:"dynamo_requests"`
		}
		if json.Unmarshal([]byte(lines[i]), &line) == nil && line.Route == route {
			return line.Requests
		}
	}
	t.Fatalf("%s is not in the log", route)
	return 0
}

func TestReferralsKeepToTheirBudgets(t *testing.T) {
	var log bytes.Buffer
	w := With(t, stack.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	w.StandardCatalog()
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"})
	createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all", "max_redemptions": 5})
	for _, id := range []string{"c1", "r1", "r2"} {
		createCustomer(w, id, "")
	}
	text := referralCode(w, "c1", "P")
	redeem(w, text, "r1")
	referralCode(w, "c1", "P") // from here on everything is warm
	referralCode(w, "c1", "P")
	if got := databaseRequests(t, &log, "POST /v1/referrals/code"); got != 1 {
		t.Errorf("a code asked for again takes %d requests, want 1", got)
	}
	redeem(w, text, "r2")
	if got := databaseRequests(t, &log, "POST /v1/referrals/redeem"); got > 4 {
		t.Errorf("a redemption takes %d requests, want at most 4", got)
	}
}

// losesAnswers carries out each transaction of a kind and loses its first
// answer, as a broken connection does.
type losesAnswers struct {
	http.RoundTripper
	armed *bool
}

func (l losesAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if *l.armed && strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		*l.armed = false
		return nil, errors.Join(err, answer.Body.Close(), errors.New("connection reset"))
	}
	return answer, err
}

func TestALostAnswerIsNotASecondGift(t *testing.T) {
	armed := false
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: func(to http.RoundTripper) http.RoundTripper { return losesAnswers{to, &armed} }}})
	w.StandardCatalog()
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"})
	createProgram(w, "P", "customer_creation", "gift", JSON{"received_by": "all"})
	createCustomer(w, "c1", "")
	createCustomer(w, "r1", "")
	armed = true
	text := referralCode(w, "c1", "P")
	if armed {
		t.Error("no answer to a new code was lost")
	}
	armed = true
	redeem(w, text, "r1")
	if armed {
		t.Error("no answer to a redemption was lost")
	}
	w.HasBalance("c1", "messages", true, 200)
	w.HasBalance("r1", "messages", true, 200)
}
