package payments_test

import (
	"strings"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// What a bank has is the sum of the disputes that are open or lost.
func TestAPaymentAndItsDisputes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		charge   string
		disputes []string
		refunded int64
		disputed int64
		calls    int
	}{
		"paid":                     {`"disputed":false,"amount_refunded":0`, nil, 0, 0, 1},
		"refunded in part":         {`"disputed":false,"amount_refunded":400`, nil, 400, 0, 1},
		"disputed":                 {`"disputed":true,"amount_refunded":0`, []string{"needs_response"}, 0, 500, 2},
		"looked at":                {`"disputed":true,"amount_refunded":400`, []string{"under_review"}, 400, 500, 2},
		"lost":                     {`"disputed":true,"amount_refunded":0`, []string{"lost"}, 0, 500, 2},
		"won":                      {`"disputed":true,"amount_refunded":0`, []string{"won"}, 0, 0, 2},
		"asked about":              {`"disputed":true,"amount_refunded":0`, []string{"warning_needs_response"}, 0, 0, 2},
		"asked about, and closed":  {`"disputed":true,"amount_refunded":0`, []string{"warning_closed"}, 0, 0, 2},
		"asked about, then lost":   {`"disputed":true,"amount_refunded":0`, []string{"warning_closed", "lost"}, 0, 500, 2},
		"in a status of tomorrow":  {`"disputed":true,"amount_refunded":0`, []string{"prevented"}, 0, 0, 2},
		"disputed by two, one won": {`"disputed":true,"amount_refunded":0`, []string{"won", "needs_response"}, 0, 500, 2},
	} {
		rec := &recorder{script: func(r request) answer {
			if !strings.HasPrefix(r.Path, "/v1/disputes") {
				return answer{status: 200, body: `{"id":"ch_1","object":"charge","customer":"cus_1","invoice":"in_1","amount":900,"amount_captured":900,"currency":"usd","metadata":{"operation_id":"op_1"},` + c.charge + `}`}
			}
			var list []string
			for _, status := range c.disputes {
				list = append(list, `{"id":"dp_1","object":"dispute","amount":500,"status":"`+status+`"}`)
			}
			return answer{status: 200, body: `{"object":"list","data":[` + strings.Join(list, ",") + `],"has_more":false}`}
		}}
		p, err := over(rec).Payment(t.Context(), catalog.Sandbox, "ch_1")
		want := billing.Payment{ChargeID: "ch_1", InvoiceID: "in_1", OperationID: "op_1", StripeCustomerID: "cus_1", Amount: 900, Currency: "usd"}
		want.Refunded, want.Disputed = p.Refunded, p.Disputed
		if err != nil || p != want || int64(p.Refunded) != c.refunded || int64(p.Disputed) != c.disputed || len(rec.seen) != c.calls {
			t.Errorf("%s: got %+v, %v, after %d calls", name, p, err, len(rec.seen))
		}
	}
}
