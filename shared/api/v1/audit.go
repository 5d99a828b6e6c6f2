package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/billing"
)

// auditJSON is one entry of a customer's history. Every key is always there.
type auditJSON struct {
	ID          string            `json:"id"`
	At          api.Millis        `json:"at"`
	Actor       string            `json:"actor"`
	Action      string            `json:"action"`
	Rule        api.OrNull        `json:"rule"`
	Why         string            `json:"why"`
	Started     []string          `json:"started"` // product ids
	Ended       []string          `json:"ended"`
	Scheduled   []string          `json:"scheduled"` // begin later
	Dropped     []string          `json:"dropped"`   // were scheduled, and will not begin
	Changes     []changeJSON      `json:"changes"`
	Lines       []auditLine       `json:"lines"`
	Arithmetic  api.OrNull        `json:"arithmetic"`
	Amount      *api.Number       `json:"amount"` // major units; null when no money was involved
	Currency    api.OrNull        `json:"currency"`
	Stripe      map[string]string `json:"stripe"` // ids by kind
	OperationID api.OrNull        `json:"operation_id"`
	EntityID    api.OrNull        `json:"entity_id"` // whose products these are; null for the customer
}

type changeJSON struct {
	Field string     `json:"field"`
	Old   api.OrNull `json:"old"`
	New   api.OrNull `json:"new"`
}

type auditLine struct {
	Description string     `json:"description"`
	ProductID   api.OrNull `json:"product_id"`
	FeatureID   api.OrNull `json:"feature_id"`
	Quantity    api.Number `json:"quantity"` // packs
	Amount      api.Number `json:"amount"`
}

type auditPage struct {
	List       []auditJSON `json:"list"`
	HasMore    bool        `json:"has_more"`
	Limit      int         `json:"limit"`
	NextCursor api.OrNull  `json:"next_cursor"`
}

// audit answers a page of a customer's history, newest first.
func (c customers) audit(ctx context.Context, req api.Request) (any, error) {
	return auditPageOf(req, func(cursor string, limit int) ([]billing.Audit, string, error) {
		return c.app.Audit(ctx, req.Caller, req.PathValue("customer_id"), cursor, limit)
	})
}

func auditPageOf(req api.Request, read func(cursor string, limit int) ([]billing.Audit, string, error)) (any, error) {
	if err := api.TakesQuery(req, "limit", "cursor"); err != nil {
		return nil, err
	}
	limit, err := api.QueryInt(req, "limit", 50, 1, 100)
	if err != nil {
		return nil, err
	}
	entries, next, err := read(api.QueryText(req, "cursor"), limit)
	if err != nil {
		return nil, err
	}
	page := auditPage{List: make([]auditJSON, len(entries)), HasMore: next != "", Limit: limit, NextCursor: api.OrNull(next)}
	for i, e := range entries {
		page.List[i] = auditOf(e)
	}
	return page, nil
}

func auditOf(e billing.Audit) auditJSON {
	out := auditJSON{ID: e.ID, At: api.Millis(e.At), Actor: e.Actor, Action: e.Action, Rule: api.OrNull(e.Rule), Why: e.Why,
		Started: append([]string{}, e.Started...), Ended: append([]string{}, e.Ended...),
		Scheduled: append([]string{}, e.Scheduled...), Dropped: append([]string{}, e.Dropped...), Changes: []changeJSON{}, Lines: []auditLine{},
		Arithmetic: api.OrNull(e.Arithmetic()), Currency: api.OrNull(e.Currency), Stripe: map[string]string{}, OperationID: api.OrNull(e.OperationID), EntityID: api.OrNull(e.EntityID)}
	if e.Currency != "" {
		out.Amount = &api.Number{Decimal: e.Currency.Major(e.Amount)}
	}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, changeJSON{c.Field, api.OrNull(c.Old), api.OrNull(c.New)})
	}
	for _, l := range e.Lines {
		out.Lines = append(out.Lines, auditLine{l.Description, api.OrNull(l.ProductID), api.OrNull(l.FeatureID), api.NumberOf(l.Quantity), api.NumberOf(e.Currency.Major(l.Amount))})
	}
	for kind, id := range e.Stripe {
		if id != "" {
			out.Stripe[kind] = id
		}
	}
	return out
}
