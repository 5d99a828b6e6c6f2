package payments_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"windfall/shared/catalog"
)

// The simulator's page has no payments that take days, so Stripe is scripted.
func TestPageWithASlowPayment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ page, status string }{
		"open":                        {`"status":"open","payment_status":"unpaid"`, "open"},
		"expired":                     {`"status":"expired","payment_status":"unpaid"`, "expired"},
		"paid":                        {`"status":"complete","payment_status":"paid"`, "complete"},
		"nothing to pay":              {`"status":"complete","payment_status":"no_payment_required"`, "complete"},
		"under way":                   {`"status":"complete","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"processing"}`, "open"},
		"failed":                      {`"status":"complete","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"requires_payment_method"}`, "expired"},
		"called off":                  {`"status":"complete","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"canceled"}`, "expired"},
		"a subscription under way":    {`"status":"complete","payment_status":"unpaid","subscription":{"id":"sub_1","status":"incomplete"}`, "open"},
		"a subscription never paid":   {`"status":"complete","payment_status":"unpaid","subscription":{"id":"sub_1","status":"incomplete_expired"}`, "expired"},
		"a subscription and its bill": {`"status":"complete","payment_status":"paid","subscription":{"id":"sub_1","latest_invoice":{"id":"in_1"}}`, "complete"},
	} {
		rec := always(200, `{"id":"cs_1","object":"checkout.session","customer":"cus_1","created":1780000000,`+c.page+`}`)
		s, err := over(rec).Session(t.Context(), catalog.Sandbox, "cs_1")
		if err != nil || s.Status != c.status || s.CustomerID != "cus_1" {
			t.Errorf("%s: got %+v, %v", name, s, err)
		}
		if billed := name == "a subscription and its bill"; billed != (s.Results.Invoice != nil) {
			t.Errorf("%s: %+v", name, s.Results.Invoice)
		}
		if paid := !s.Results.PaidAt.IsZero(); paid != (c.status == "complete") && name != "a subscription and its bill" {
			t.Errorf("%s: paid at %v", name, s.Results.PaidAt)
		}
	}
}

// The page object has ten lines, and lacks those that were removed.
func TestPageOfManyLines(t *testing.T) {
	t.Parallel()
	line := `{"id":"li_%d","quantity":%d,"price":{"id":"price_%d","lookup_key":"pr_%d","metadata":{"item_id":"%s"}}}`
	rec := &recorder{script: func(r request) answer {
		if r.Path == "/v1/checkout/sessions/cs_1/line_items" {
			return answer{status: 200, body: fmt.Sprintf(`{"data":[`+line+`,`+line+`]}`, 1, 4, 1, 1, "pr_1", 2, 5, 2, 2, "")}
		}
		return answer{status: 200, body: `{"id":"cs_1","status":"complete","payment_status":"paid","created":1780000000,
			"metadata":{"operation_id":"op_1","removable_items":"pr_1,pr_3"},"line_items":{"data":[],"has_more":true},
			"payment_intent":{"id":"pi_1","created":1780000500}}`}
	}}
	s, err := over(rec).Session(t.Context(), catalog.Sandbox, "cs_1")
	if err != nil || !maps.Equal(s.Results.Quantities, map[string]int64{"pr_1": 4, "pr_2": 5, "pr_3": 0}) {
		t.Fatalf("got %v, %v", s.Results.Quantities, err)
	}
	if s.OperationID != "op_1" || !s.Results.PaidAt.Equal(time.Unix(1780000500, 0)) {
		t.Errorf("got %+v", s)
	}
}
