package app

import "windfall/shared/billing"

// An Outcome is what a money command answers.
type Outcome struct {
	CustomerID string           `json:"customer_id,omitzero"`
	ProductIDs []string         `json:"product_ids,omitzero"`
	Effect     billing.Effect   `json:"effect,omitzero"`
	Subject    billing.Subject  `json:"subject,omitzero"`
	URL        string           `json:"url,omitzero"`      // where the customer pays
	Invoice    *billing.Invoice `json:"invoice,omitempty"` // in invoice mode
}

// outcome is read off the operation, so that whoever finishes it answers the
// same.
func outcome(c billing.Customer, op billing.Operation) Outcome {
	d := op.Decision
	return Outcome{CustomerID: c.Key(), ProductIDs: op.ProductIDs(), Effect: d.Effect, Subject: d.Subject,
		URL: op.Results.URL, Invoice: op.Results.Invoice}
}
