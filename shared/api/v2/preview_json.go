package v2

import (
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// previewJSON is what a command would do and charge. Amounts are in major units.
type previewJSON struct {
	CustomerID string          `json:"customer_id"`
	Lines      []lineJSON      `json:"line_items"`
	Subtotal   api.Number      `json:"subtotal"` // before discounts
	Total      api.Number      `json:"total"`    // below 0 is a credit for invoices to come
	Currency   money.Currency  `json:"currency"`
	NextCycle  *nextCycleJSON  `json:"next_cycle"` // null where nothing recurs
	Expand     []string        `json:"expand"`
	Incoming   []changeJSON    `json:"incoming"` // plans that begin, go on after all, or have other quantities
	Outgoing   []changeJSON    `json:"outgoing"` // plans that end, and those with the quantities of before
	Tax        *struct{}       `json:"tax"`      // null: Stripe computes it with the invoice; see automatic_tax
	Taxed      bool            `json:"automatic_tax,omitempty"`
	Credits    *creditsPayJSON `json:"invoice_credits"` // null where they pay nothing
}

type lineJSON struct {
	DisplayName string      `json:"display_name"` // of the feature, or of the plan
	Description string      `json:"description"`
	Subtotal    api.Number  `json:"subtotal"`
	Total       api.Number  `json:"total"`
	Discounts   []amountOff `json:"discounts"`
	PlanID      string      `json:"plan_id"`
	FeatureID   api.OrNull  `json:"feature_id"`
	Period      *struct{}   `json:"period"` // null: not computed
	Quantity    api.Number  `json:"quantity"`
}

type amountOff struct {
	Amount   api.Number `json:"amount_off"`
	RewardID api.OrNull `json:"reward_id"`
}

type nextCycleJSON struct {
	StartsAt api.Millis      `json:"starts_at"`
	Subtotal api.Number      `json:"subtotal"`
	Total    api.Number      `json:"total"` // use is added to it
	Lines    []lineJSON      `json:"line_items"`
	Usage    []usageLineJSON `json:"usage_line_items"`
}

// usageLineJSON is what is billed by its use.
type usageLineJSON struct {
	DisplayName string     `json:"display_name"`
	PlanID      string     `json:"plan_id"`
	FeatureID   api.OrNull `json:"feature_id"`
}

type changeJSON struct {
	PlanID      string             `json:"plan_id"`
	Quantities  []quantityOfChange `json:"feature_quantities"`
	EffectiveAt api.Millis         `json:"effective_at"` // null is now
	CanceledAt  api.Millis         `json:"canceled_at"`
	ExpiresAt   api.Millis         `json:"expires_at"`
}

// quantityOfChange is a quantity with what the plan includes.
type quantityOfChange struct {
	FeatureID string     `json:"feature_id"`
	Quantity  api.Number `json:"quantity"`
}

type creditsPayJSON struct {
	Balance  api.Number     `json:"balance"`
	Applied  api.Number     `json:"applied"`
	Currency money.Currency `json:"currency"`
}

func previewAnswer(found app.Preview, customerID string, req api.Request) previewJSON {
	d, cat := found.Decision, found.State.Catalog
	major := func(a money.Amount) api.Number { return api.NumberOf(d.Currency.Major(a)) }
	out := previewJSON{CustomerID: customerID, Lines: linesOf(d.Lines, d, cat), Subtotal: major(subtotal(d.Lines)), Total: major(d.DueNow()), Currency: d.Currency,
		Expand: []string{}, Incoming: []changeJSON{}, Outgoing: []changeJSON{}, Taxed: d.Taxed}
	if applied := d.Paid(found.State, req.Now).Credits; applied > 0 {
		out.Credits = &creditsPayJSON{major(found.State.Credits.Remaining(req.Now)), major(applied), d.Currency}
	}
	in, gone := d.Affected(found.State.State, cat, req.Now)
	for _, cp := range in {
		out.Incoming = append(out.Incoming, changeOf(cp, cat, cp.At(req.Now) == billing.Scheduled, false))
	}
	for _, cp := range gone {
		out.Outgoing = append(out.Outgoing, changeOf(cp, cat, cp.EndsAt.After(req.Now), true))
	}
	products := found.Products
	if next := d.Next(products, req.Now); !next.At.IsZero() && !ending(found, req) {
		out.NextCycle = &nextCycleJSON{api.Millis(next.At), major(subtotal(next.Lines)), major(billing.Total(next.Lines)), linesOf(next.Lines, d, cat), usageOf(products, cat)}
	}
	return out
}

// ending reports whether a product that an update leaves as it is, or of which another
// quantity is bought, is to end: then nothing follows.
func ending(found app.Preview, req api.Request) bool {
	d := found.Decision
	if d.Branch != billing.BranchUnchanged && d.Branch != billing.BranchQuantity {
		return false
	}
	cp := found.State.CustomerProductOf(d.Products[0], req.Now)
	return cp != nil && !cp.EndsAt.IsZero()
}

// subtotal adds lines up before discounts. A reward lowers a change by lines of its own.
func subtotal(lines []billing.Line) (sum money.Amount) {
	for _, l := range lines {
		if !l.Reward {
			sum += l.Amount
		}
	}
	return sum
}

func linesOf(lines []billing.Line, d billing.Decision, cat *catalog.Catalog) []lineJSON {
	out := []lineJSON{}
	for _, l := range lines {
		one := lineJSON{DisplayName: nameOf(cat, l.ProductID, l.FeatureID), Description: l.Description, Discounts: []amountOff{}, PlanID: l.ProductID, FeatureID: api.OrNull(l.FeatureID),
			Subtotal: api.NumberOf(d.Currency.Major(l.Amount)), Total: api.NumberOf(d.Currency.Major(l.Amount - l.Discount)), Quantity: api.NumberOf(money.One)}
		if l.FeatureID != "" && l.Quantity.IsPositive() {
			_, item, known := cat.ItemOf(l.ItemID)
			if one.Quantity = api.NumberOf(l.Quantity); known {
				one.Quantity = api.NumberOf(l.Quantity.Mul(item.Pack()))
			}
		}
		if l.Discount > 0 {
			off := amountOff{Amount: api.NumberOf(d.Currency.Major(l.Discount))}
			if d.Given != nil {
				off.RewardID = api.OrNull(d.Given.RewardID)
			}
			one.Discounts = append(one.Discounts, off)
		}
		if l.Reward {
			one.Subtotal = api.NumberOf(money.Zero)
		}
		out = append(out, one)
	}
	return out
}

// nameOf is what a line is shown as.
func nameOf(cat *catalog.Catalog, productID, featureID string) string {
	if f, known := cat.Features[featureID]; known && f.Name != "" {
		return f.Name
	}
	if p, err := cat.Product(productID); err == nil {
		return p.Name
	}
	return productID
}

// usageOf lists what of products is billed by its use.
func usageOf(products []catalog.Product, cat *catalog.Catalog) []usageLineJSON {
	out := []usageLineJSON{}
	for _, p := range products {
		for _, item := range p.Items {
			if item.InArrears() {
				out = append(out, usageLineJSON{nameOf(cat, p.ID, item.FeatureID), p.ID, api.OrNull(item.FeatureID)})
			}
		}
	}
	return out
}

// changeOf is a customer product that comes, or goes: later, at its date, or now.
func changeOf(cp billing.CustomerProduct, cat *catalog.Catalog, later, goes bool) changeJSON {
	out := changeJSON{PlanID: cp.ProductID, Quantities: []quantityOfChange{}, CanceledAt: api.Millis(cp.CanceledAt), ExpiresAt: api.Millis(cp.EndsAt)}
	switch {
	case later && goes:
		out.EffectiveAt = api.Millis(cp.EndsAt)
	case later:
		out.EffectiveAt = api.Millis(cp.StartsAt)
	}
	for _, item := range billing.ProductOf(cat, cp).Items {
		if item.UsageModel == catalog.Prepaid && item.Priced() {
			units := item.Included.Add(catalog.PacksOf(item, cp.Quantities).Mul(item.Pack()))
			out.Quantities = append(out.Quantities, quantityOfChange{item.FeatureID, api.NumberOf(units)})
		}
	}
	return out
}
