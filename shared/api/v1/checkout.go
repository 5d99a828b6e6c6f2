package v1

import (
	"context"
	"slices"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

type checkoutResponse struct {
	CustomerID     string         `json:"customer_id"`
	URL            api.OrNull     `json:"url"`
	Lines          []checkoutLine `json:"lines"`
	Product        productJSON    `json:"product"`
	CurrentProduct *productJSON   `json:"current_product"`
	Options        []optionJSON   `json:"options"`
	Total          api.Number     `json:"total"`
	Currency       money.Currency `json:"currency"`
	AutomaticTax   bool           `json:"automatic_tax,omitempty"` // the amounts are before the tax that Stripe computes
	HasProrations  bool           `json:"has_prorations"`
	FreeTrial      *freeTrialJSON `json:"free_trial"`
	NextCycle      *nextCycle     `json:"next_cycle"`
	DueWithinCycle *dueNext       `json:"due_within_cycle,omitempty"` // as in a preview
}

type checkoutLine struct {
	Description string      `json:"description"`
	Amount      api.Number  `json:"amount"`
	Discount    *api.Number `json:"discount,omitempty"` // taken off the amount
	Item        *itemJSON   `json:"item"`               // what it is for: of what is bought, or of what that replaces
}

type nextCycle struct {
	StartsAt api.Millis `json:"starts_at"`
	Total    api.Number `json:"total"`
}

// checkout answers a page if the customer has to pay on one, else a preview,
// which the application confirms with attach.
func (p preview) checkout(ctx context.Context, req api.Request) (any, error) {
	cmd, err := attachCommand(req)
	if err != nil {
		return nil, err
	}
	found, err := p.app.Preview(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	d, items := found.Decision, itemsOf(found)
	out := checkoutResponse{CustomerID: cmd.CustomerID, Lines: []checkoutLine{}, Options: optionsOf(found),
		Product:        productFor(found.State, found.Products[0], d.Branch.Scenario(found.Products[0]), req.Env),
		CurrentProduct: currentOf(found, req), FreeTrial: trialOf(found), DueWithinCycle: withinOf(found, req),
		Total: api.NumberOf(d.Currency.Major(d.DueNow())), Currency: d.Currency, AutomaticTax: d.Taxed, HasProrations: d.Prorated()}
	for _, l := range d.Lines {
		line := checkoutLine{Description: l.Description, Amount: api.NumberOf(d.Currency.Major(l.Amount)), Discount: offOf(l, d.Currency)}
		if item, known := items[l.ItemID]; known {
			encoded := itemAnswer(item, found.State.Catalog.Features[item.FeatureID])
			line.Item = &encoded
		}
		out.Lines = append(out.Lines, line)
	}
	if next := d.Next(found.Products, req.Now); !next.At.IsZero() {
		out.NextCycle = &nextCycle{api.Millis(next.At), api.NumberOf(d.Currency.Major(billing.Total(next.Lines)))}
	}
	if d.Page {
		done, err := p.app.Attach(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		out.URL = api.OrNull(done.URL)
	}
	return out, nil
}

// itemsOf has the items of what is bought and of what the customer holds, by id: a line
// gives back for one of the latter.
func itemsOf(found app.Preview) map[string]catalog.Item {
	items := map[string]catalog.Item{}
	products := slices.Clone(found.Products)
	for _, cp := range found.State.Products {
		products = append(products, billing.ProductOf(found.State.Catalog, cp))
	}
	for _, p := range products {
		for _, item := range p.Items {
			items[item.ID] = item
		}
	}
	return items
}
