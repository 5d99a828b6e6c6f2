package v2

import (
	"context"
	"maps"
	"slices"

	"windfall/shared/api"
	"windfall/shared/api/fields"
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

// list answers every source of a customer's balances, by feature and in the order in
// which they are used up. They are on one page.
func (b balances) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[listBalances](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CustomerID == "":
		return nil, api.InvalidInputs("customer_id: required. Balances are listed for one customer.")
	case in.EntityID != "":
		return nil, fields.ErrEntityGrant
	case in.Cursor != "" || in.Offset != nil && *in.Offset != 0:
		return nil, api.InvalidInputs("start_cursor: all balances of a customer are on the first page. Leave it out.")
	case in.Limit != nil && (*in.Limit < 1 || *in.Limit > 1000):
		return nil, api.InvalidInputs("limit: 1 to 1000.")
	case slices.ContainsFunc(in.Statuses, func(s string) bool { return s != "active" }):
		return nil, api.InvalidInputs("statuses: active. Balances that have ended are not kept; customers.get with the audit tells of them.")
	}
	s, err := b.app.GetCustomer(ctx, req.Caller, in.CustomerID)
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
		balance := s.Balances[id].At(req.Now)
		shown := balanceAnswer(balance, heldItems(s.In(cat), s.Products), req.Now)
		for n, i := range balance.OpenGrants(req.Now) {
			out = append(out, listedBalance{breakdownJSON: shown.Breakdown[n], FeatureID: id, Status: "active", Rollovers: []rolloverJSON{},
				CustomerID: in.CustomerID, CreatedAt: api.Millis(balance.Grants[i].From)})
		}
	}
	return map[string]any{"list": out, "has_more": false, "next_cursor": nil}, nil
}
