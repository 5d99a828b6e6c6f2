package control

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// An amountOf is a part of a payment in minor units, as at Stripe; null is all
// of it.
type amountOf struct {
	Amount *int64 `json:"amount"`
}

// refund gives the payment of an invoice back, as staff would in the dashboard.
func (c *Control) refund(r *http.Request) (any, error) {
	in, err := read[amountOf](r)
	if err != nil {
		return nil, err
	}
	charge, err := c.chargeOf(r)
	if err != nil {
		return nil, err
	}
	values := url.Values{"charge": {charge}}
	if in.Amount != nil {
		values.Set("amount", strconv.FormatInt(*in.Amount, 10))
	}
	return c.act(r, http.MethodPost, "/v1/refunds", values)
}

// dispute takes the payment of an invoice back, as the customer's bank would.
func (c *Control) dispute(r *http.Request) (any, error) {
	in, err := read[amountOf](r)
	if err != nil {
		return nil, err
	}
	charge, err := c.chargeOf(r)
	if err != nil {
		return nil, err
	}
	amount := int64(0)
	if in.Amount != nil {
		if amount = *in.Amount; amount == 0 {
			return nil, invalid("amount: must be 1 or more. Leave it out for all of the payment.")
		}
	}
	status, text := c.stack.Sim.Dispute(charge, amount)
	out, err := answered(status, text)
	if err != nil {
		return nil, err
	}
	return out, c.stack.Quiet(r.Context())
}

// closeDispute is the bank's decision on a dispute.
func (c *Control) closeDispute(r *http.Request) (any, error) {
	in, err := read[struct {
		Status string `json:"status"`
	}](r)
	if err != nil {
		return nil, err
	}
	evidence, known := map[string]string{"won": "winning_evidence", "lost": "losing_evidence"}[in.Status]
	if !known {
		return nil, invalid(`status: "won" or "lost".`)
	}
	return c.act(r, http.MethodPost, "/v1/disputes/"+url.PathEscape(r.PathValue("id")), url.Values{"evidence[uncategorized_text]": {evidence}})
}

// chargeOf finds the payment of an invoice.
func (c *Control) chargeOf(r *http.Request) (string, error) {
	text, err := c.stripe(http.MethodGet, "/v1/invoices/"+url.PathEscape(r.PathValue("id")), nil)
	if err != nil {
		return "", err
	}
	var in struct {
		Charge *string
		Paid   bool
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return "", err
	}
	if in.Charge == nil || !in.Paid {
		return "", &failure{http.StatusBadRequest, "nothing_paid_by_card", "Nothing of this invoice was paid by card, so there is nothing to take back."}
	}
	return *in.Charge, nil
}
