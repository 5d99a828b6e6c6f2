package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// offerJSON is the answer of check for a product with with_preview: what
// attaching it would do, for a button and the dialog behind it.
type offerJSON struct {
	Scenario       billing.Scenario `json:"scenario"`
	ProductID      string           `json:"product_id"`
	ProductName    string           `json:"product_name"`
	CurrentProduct api.OrNull       `json:"current_product_name"`
	Recurring      bool             `json:"recurring"`
	ErrorOnAttach  bool             `json:"error_on_attach"`
	NextCycleAt    api.Millis       `json:"next_cycle_at"`
	Options        []optionJSON     `json:"options"`
	Items          []offerItem      `json:"items"` // of today's charge, else of the next
	DueToday       *offerDue        `json:"due_today"`
	DueNextCycle   *offerDue        `json:"due_next_cycle"`
	Product        productJSON      `json:"product"`
}

type offerItem struct {
	Description string             `json:"description"`
	Price       string             `json:"price"` // "$10.00"
	UsageModel  catalog.UsageModel `json:"usage_model,omitempty"`
}

type offerDue struct {
	Price    api.Number     `json:"price"`
	Currency money.Currency `json:"currency"`
}

// offer is null where attach would answer a checkout page.
func offer(ctx context.Context, a *app.App, req api.Request, in checkRequest) (*offerJSON, error) {
	o, state, err := a.Offer(ctx, req.Caller, in.CustomerID, in.EntityID, in.ProductID)
	if o == nil || err != nil {
		return nil, err
	}
	d, p := o.Decision, o.Product
	out := &offerJSON{Scenario: o.Scenario, ProductID: p.ID, ProductName: p.Name, CurrentProduct: api.OrNull(o.Present),
		Recurring: p.Recurring(), ErrorOnAttach: o.Refused, Items: []offerItem{},
		Options: productOptions(p, o.Quantities, state.Catalog.Features), Product: productFor(state, p, o.Scenario, req.Env)}
	if o.Refused {
		return out, nil
	}
	lines := d.Lines
	out.DueToday = &offerDue{api.NumberOf(d.Currency.Major(d.DueNow())), d.Currency}
	if !o.Next.At.IsZero() {
		out.NextCycleAt = api.Millis(o.Next.At)
		out.DueNextCycle = &offerDue{api.NumberOf(d.Currency.Major(billing.Total(o.Next.Lines))), d.Currency}
		if len(lines) == 0 {
			lines = o.Next.Lines
		}
	}
	for _, l := range lines {
		out.Items = append(out.Items, offerItem{l.Description, moneyText(l.Amount, d.Currency), l.UsageModel})
	}
	return out, nil
}
