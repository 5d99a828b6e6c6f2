package app

import "windfall/shared/billing"

// An Outcome is what a money command answers.
type Outcome struct {
	CustomerID string
	ProductIDs []string
	Code       string
	Message    string
	URL        string           // where the customer pays
	Invoice    *billing.Invoice // in invoice mode
}

// outcome is read off the operation, so that whoever finishes it answers the
// same.
func outcome(c billing.Customer, op billing.Operation) Outcome {
	d := op.Decision
	return Outcome{CustomerID: c.Key(), ProductIDs: op.ProductIDs(), Code: d.Code, Message: d.Message,
		URL: op.Results.URL, Invoice: op.Results.Invoice}
}
