package v2

import (
	"context"
	"maps"
	"slices"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
)

type listBalances struct {
	CustomerID string   `json:"customer_id"`
	FeatureID  string   `json:"feature_id"`
	EntityID   string   `json:"entity_id"`
	Statuses   []string `json:"statuses"`
	Cursor     string   `json:"start_cursor"`
	Limit      *int     `json:"limit"`
	Offset     *int     `json:"offset"`
}

// listedBalance is one source of a customer's balance.
type listedBalance struct {
	breakdownJSON
	FeatureID  string         `json:"feature_id"`
	Status     string         `json:"status"` // active
	Rollovers  []rolloverJSON `json:"rollovers"`
	CustomerID string         `json:"customer_id"`
	EntityID   *string        `json:"entity_id"`
	CreatedAt  api.Millis     `json:"created_at"`
}

// list answers every source of the balances of a customer, or of an entity, by feature and
// in the order in which they are used up. They are on one page.
func (b balances) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[listBalances](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CustomerID == "":
		return nil, api.InvalidInputs("customer_id: required. Balances are listed for one customer.")
	case in.Cursor != "" || in.Offset != nil && *in.Offset != 0:
		return nil, api.InvalidInputs("start_cursor: all balances of a customer are on the first page. Leave it out.")
	case in.Limit != nil && (*in.Limit < 1 || *in.Limit > 1000):
		return nil, api.InvalidInputs("limit: 1 to 1000.")
	case slices.ContainsFunc(in.Statuses, func(s string) bool { return s != "active" }):
		return nil, api.InvalidInputs("statuses: active. Balances that have ended are not kept; customers.get with the audit tells of them.")
	}
	s, of, err := b.sources(ctx, req, in)
	if err != nil {
		return nil, err
	}
	cat, err := b.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return nil, err
	}
	out := []listedBalance{}
	for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
		if in.FeatureID != "" && in.FeatureID != id {
			continue
		}
		for _, balance := range of(id) {
			balance = balance.At(req.Now)
			shown := balanceAnswer(balance, heldItems(s.In(cat), s.Products), req.Now)
			for n, i := range balance.OpenGrants(req.Now) {
				out = append(out, listedBalance{breakdownJSON: shown.Breakdown[n], FeatureID: id, Status: "active", Rollovers: []rolloverJSON{},
					CustomerID: in.CustomerID, EntityID: fields.EntityID(balance.Entity.ID), CreatedAt: api.Millis(balance.Grants[i].From)})
			}
		}
	}
	return map[string]any{"list": out, "has_more": false, "next_cursor": nil}, nil
}

// sources reads the balances of a customer, or of an entity: its own and its customer's.
func (b balances) sources(ctx context.Context, req api.Request, in listBalances) (billing.State, func(featureID string) []entitlement.Balance, error) {
	if in.EntityID != "" {
		view, err := b.app.GetEntity(ctx, req.Caller, in.CustomerID, in.EntityID)
		view.Customer.Balances = view.Balances
		return view.Customer, view.Sources, err
	}
	s, err := b.app.GetCustomer(ctx, req.Caller, in.CustomerID)
	return s, func(id string) []entitlement.Balance { return []entitlement.Balance{s.Balances[id]} }, err
}
