package api

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// offerJSON is what check adds to the answer for a product with with_preview:
// what attaching it would do, for a button and the dialog behind it.
type offerJSON struct {
	Scenario       billing.Scenario `json:"scenario"`
	ProductID      string           `json:"product_id"`
	ProductName    string           `json:"product_name"`
	CurrentProduct orNull           `json:"current_product_name"`
	Recurring      bool             `json:"recurring"`
	ErrorOnAttach  bool             `json:"error_on_attach"`
	NextCycleAt    ms               `json:"next_cycle_at"`
	Options        []optionJSON     `json:"options"`
	Items          []offerItem      `json:"items"` // of what is due today, else of what is due next
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
	Price    number         `json:"price"`
	Currency money.Currency `json:"currency"`
}

// offer is null where attach would answer a checkout page.
func offer(ctx context.Context, a *app.App, req Request, in checkRequest) (*offerJSON, error) {
	o, state, err := a.Offer(ctx, req.Caller, in.CustomerID, in.ProductID)
	if o == nil || err != nil {
		return nil, err
	}
	d, p := o.Decision, o.Product
	out := &offerJSON{Scenario: o.Scenario, ProductID: p.ID, ProductName: p.Name, CurrentProduct: orNull(o.Present),
		Recurring: p.Recurring(), ErrorOnAttach: o.Refused, Items: []offerItem{},
		Options: productOptions(p, o.Quantities, state.Catalog.Features), Product: productFor(state, p, o.Scenario, req.Env)}
	if o.Refused {
		return out, nil
	}
	lines := d.Lines
	out.DueToday = &offerDue{number{d.Currency.Major(d.DueNow())}, d.Currency}
	if !o.Next.At.IsZero() {
		out.NextCycleAt = ms(o.Next.At)
		out.DueNextCycle = &offerDue{number{d.Currency.Major(billing.Total(o.Next.Lines))}, d.Currency}
		if len(lines) == 0 {
			lines = o.Next.Lines
		}
	}
	for _, l := range lines {
		out.Items = append(out.Items, offerItem{l.Description, moneyText(l.Amount, d.Currency), l.UsageModel})
	}
	return out, nil
}
