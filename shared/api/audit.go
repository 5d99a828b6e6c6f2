package api

import (
	"context"

	"windfall/shared/billing"
)

// auditJSON is one entry of a customer's history. Every key is always there.
type auditJSON struct {
	ID          string            `json:"id"`
	At          ms                `json:"at"`
	Actor       string            `json:"actor"`
	Action      string            `json:"action"`
	Rule        orNull            `json:"rule"`
	Why         string            `json:"why"`
	Started     []string          `json:"started"` // product ids
	Ended       []string          `json:"ended"`
	Scheduled   []string          `json:"scheduled"` // begin later
	Dropped     []string          `json:"dropped"`   // were to begin later, and will not
	Changes     []changeJSON      `json:"changes"`
	Lines       []auditLine       `json:"lines"`
	Arithmetic  orNull            `json:"arithmetic"`
	Amount      *number           `json:"amount"` // major units; null when no money was involved
	Currency    orNull            `json:"currency"`
	Stripe      map[string]string `json:"stripe"` // ids by kind
	OperationID orNull            `json:"operation_id"`
}

type changeJSON struct {
	Field string `json:"field"`
	Old   orNull `json:"old"`
	New   orNull `json:"new"`
}

type auditLine struct {
	Description string `json:"description"`
	ProductID   orNull `json:"product_id"`
	FeatureID   orNull `json:"feature_id"`
	Quantity    number `json:"quantity"` // packs
	Amount      number `json:"amount"`
}

type auditPage struct {
	List       []auditJSON `json:"list"`
	HasMore    bool        `json:"has_more"`
	Limit      int         `json:"limit"`
	NextCursor orNull      `json:"next_cursor"`
}

// audit answers a page of a customer's history, newest first.
func (c customers) audit(ctx context.Context, req Request) (any, error) {
	return auditPageOf(req, func(cursor string, limit int) ([]billing.Audit, string, error) {
		return c.app.Audit(ctx, req.Caller, req.PathValue("customer_id"), cursor, limit)
	})
}

func auditPageOf(req Request, read func(cursor string, limit int) ([]billing.Audit, string, error)) (any, error) {
	if err := takes(req, "limit", "cursor"); err != nil {
		return nil, err
	}
	limit, err := queryInt(req, "limit", 50, 1, 100)
	if err != nil {
		return nil, err
	}
	entries, next, err := read(queryText(req, "cursor"), limit)
	if err != nil {
		return nil, err
	}
	page := auditPage{List: make([]auditJSON, len(entries)), HasMore: next != "", Limit: limit, NextCursor: orNull(next)}
	for i, e := range entries {
		page.List[i] = auditOf(e)
	}
	return page, nil
}

func auditOf(e billing.Audit) auditJSON {
	out := auditJSON{ID: e.ID, At: ms(e.At), Actor: e.Actor, Action: e.Action, Rule: orNull(e.Rule), Why: e.Why,
		Started: append([]string{}, e.Started...), Ended: append([]string{}, e.Ended...),
		Scheduled: append([]string{}, e.Scheduled...), Dropped: append([]string{}, e.Dropped...), Changes: []changeJSON{}, Lines: []auditLine{},
		Arithmetic: orNull(e.Arithmetic()), Currency: orNull(e.Currency), Stripe: map[string]string{}, OperationID: orNull(e.OperationID)}
	if e.Currency != "" {
		out.Amount = &number{e.Currency.Major(e.Amount)}
	}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, changeJSON{c.Field, orNull(c.Old), orNull(c.New)})
	}
	for _, l := range e.Lines {
		out.Lines = append(out.Lines, auditLine{l.Description, orNull(l.ProductID), orNull(l.FeatureID), number{l.Quantity}, number{e.Currency.Major(l.Amount)}})
	}
	for kind, id := range e.Stripe {
		if id != "" {
			out.Stripe[kind] = id
		}
	}
	return out
}
