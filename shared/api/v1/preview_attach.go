package v1

import (
	"context"
	"strings"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// PreviewAttach serves POST /v1/attach/preview and POST /v1/checkout: what an
// attach would do and charge. It is the same decision, not carried out.
func PreviewAttach(a *app.App) api.Dialect {
	p := preview{a}
	return dialect(
		api.Route{Pattern: "POST /v1/attach/preview", Access: api.Secret, Handle: p.attach, Replays: false},
		api.Route{Pattern: "POST /v1/checkout", Access: api.Secret, Handle: p.checkout, Replays: true})
}

type preview struct{ app *app.App }

type dueLine struct {
	Description string             `json:"description"`
	Price       string             `json:"price"` // "$10.00"
	Amount      api.Number         `json:"amount"`
	Discount    *api.Number        `json:"discount,omitempty"` // taken off the amount
	PriceID     string             `json:"price_id"`
	UsageModel  catalog.UsageModel `json:"usage_model,omitempty"`
}

type dueNow struct {
	Lines []dueLine `json:"line_items"`
	sums
	Credits api.Number `json:"credits_applied"` // what the customer's invoice credits pay of the total
	Balance api.Number `json:"balance_applied"` // what their balance at Stripe pays beside them; below 0 is a debt
	ToPay   api.Number `json:"amount_due"`      // the rest, and 0 where money comes back
}

type dueNext struct {
	Lines []dueLine  `json:"line_items"`
	DueAt api.Millis `json:"due_at"`
	sums
}

type previewResponse struct {
	Branch           billing.Branch `json:"branch"`
	Func             string         `json:"func"`
	Currency         money.Currency `json:"currency"`
	AutomaticTax     bool           `json:"automatic_tax,omitempty"` // the amounts are before the tax that Stripe computes
	DueToday         dueNow         `json:"due_today"`
	DueNextCycle     *dueNext       `json:"due_next_cycle"`
	DueWithinCycle   *dueNext       `json:"due_within_cycle,omitempty"` // before that: the next bill of a month within a year
	Options          []optionJSON   `json:"options"`
	FreeTrial        *freeTrialJSON `json:"free_trial"`
	CurrentProduct   *productJSON   `json:"current_product"`
	ScheduledProduct *productJSON   `json:"scheduled_product"`
}

func (p preview) attach(ctx context.Context, req api.Request) (any, error) {
	cmd, err := attachCommand(req)
	if err != nil {
		return nil, err
	}
	found, err := p.app.Preview(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	d := found.Decision
	paid, major := d.Paid(found.State, req.Now), func(a money.Amount) api.Number { return api.NumberOf(d.Currency.Major(a)) }
	out := previewResponse{Branch: d.Branch, Func: funcOf(d), Currency: d.Currency, AutomaticTax: d.Taxed,
		DueToday: dueNow{linesOf(d.Lines, d.Currency), sumsOf(d.Lines, d.Given, d.Currency),
			major(paid.Credits), major(paid.Balance), major(paid.Left)},
		DueWithinCycle: withinOf(found, req), Options: optionsOf(found), CurrentProduct: currentOf(found, req), ScheduledProduct: scheduledOf(found, req), FreeTrial: trialOf(found)}
	if next := d.Next(found.Products, req.Now); !next.At.IsZero() {
		out.DueNextCycle = &dueNext{linesOf(next.Lines, d.Currency), api.Millis(next.At), sumsOf(next.Lines, next.Given, d.Currency)}
	}
	return out, nil
}

// withinOf is what is due of use and seats before the subscription is; nil for nothing.
func withinOf(found app.Preview, req api.Request) *dueNext {
	c, next := found.Decision.Currency, found.Decision.NextWithin(found.State.State, found.State.Catalog, req.Now)
	if next.At.IsZero() {
		return nil
	}
	return &dueNext{linesOf(next.Lines, c), api.Millis(next.At), sumsOf(next.Lines, nil, c)}
}

func linesOf(lines []billing.Line, c money.Currency) []dueLine {
	out := make([]dueLine, 0, len(lines))
	for _, l := range lines {
		out = append(out, dueLine{Description: l.Description, Price: moneyText(l.Amount, c), Amount: api.NumberOf(c.Major(l.Amount)), Discount: offOf(l, c), PriceID: l.ItemID, UsageModel: l.UsageModel})
	}
	return out
}

// offOf is what is taken off a line; nil for nothing.
func offOf(l billing.Line, c money.Currency) *api.Number {
	if l.Discount <= 0 {
		return nil
	}
	off := api.NumberOf(c.Major(l.Discount))
	return &off
}

func moneyText(a money.Amount, c money.Currency) string {
	return inCurrency(c.Major(a).StringFixed(c.Exponent()), c)
}

// inCurrency is a number of major units as SDKs show it.
func inCurrency(number string, c money.Currency) string {
	if c != "usd" {
		return number + " " + string(c)
	}
	if positive, negative := strings.CutPrefix(number, "-"); negative {
		return "-$" + positive
	}
	return "$" + number
}

func currentOf(found app.Preview, req api.Request) *productJSON {
	cat := found.State.Catalog
	main := found.State.ActivePlan(cat, found.Products[0].Group, req.Now)
	if main == nil || found.Products[0].AddOn {
		return nil
	}
	current := productAnswer(billing.ProductOf(cat, *main), cat, req.Env)
	return &current
}

// scheduledOf is the scheduled plan of the group, which the attach replaces.
func scheduledOf(found app.Preview, req api.Request) *productJSON {
	cat := found.State.Catalog
	waiting := found.State.ScheduledPlan(found.Products[0].Group, req.Now)
	if waiting == nil || found.Products[0].AddOn {
		return nil
	}
	scheduled := productAnswer(billing.ProductOf(cat, *waiting), cat, req.Env)
	return &scheduled
}

func trialOf(found app.Preview) *freeTrialJSON {
	if len(found.Decision.Trials) == 0 {
		return nil
	}
	return productAnswer(found.Products[0], found.State.Catalog, "").FreeTrial
}
