package fields

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// Rewards are the discounts and the credits of a customer.
type Rewards struct {
	Discounts []Running  `json:"discounts"`
	Credits   []Credits  `json:"credits"`
	Balance   api.Number `json:"balance"` // of the credits that can still be used, in major units
}

// Credits are invoice credits that were given at once, in major units. granted is
// always applied + remaining + expired.
type Credits struct {
	ID        string             `json:"id"`
	RewardID  string             `json:"reward_id"`
	Code      api.OrNull         `json:"code"`
	Granted   api.Number         `json:"granted"`
	Remaining api.Number         `json:"remaining"`
	Applied   api.Number         `json:"applied"` // less what came back
	Expired   api.Number         `json:"expired"`
	Currency  money.Currency     `json:"currency"`
	PriceIDs  []string           `json:"price_ids"` // null for all prices
	Expires   api.Millis         `json:"expires_at"`
	CreatedAt api.Millis         `json:"created_at"`
	Entries   []creditsEntryJSON `json:"entries"`
}

// A creditsEntryJSON is what credits paid of one invoice, and what of that came back.
type creditsEntryJSON struct {
	InvoiceID api.OrNull `json:"invoice_id"` // null where no invoice used them
	Amount    api.Number `json:"amount"`
	Returned  api.Number `json:"returned"`
	At        api.Millis `json:"at"`
}

// CreditsOf returns credits as answers have them.
func CreditsOf(g credit.Grant) Credits {
	major := func(a money.Amount) api.Number { return api.NumberOf(g.Currency.Major(a)) }
	out := Credits{ID: g.ID, RewardID: g.RewardID, Code: api.OrNull(g.Code), Granted: major(g.Granted), Remaining: major(g.Remaining), Applied: major(g.Applied()),
		Expired: major(g.Expired), Currency: g.Currency, PriceIDs: g.Items, Expires: api.Millis(g.Expires), CreatedAt: api.Millis(g.At), Entries: []creditsEntryJSON{}}
	for _, e := range g.Entries {
		one := creditsEntryJSON{Amount: major(e.Amount), Returned: major(e.Returned), At: api.Millis(e.At)}
		if e.OfInvoice() {
			one.InvoiceID = api.OrNull(e.Invoice)
		}
		out.Entries = append(out.Entries, one)
	}
	return out
}

// A Running is a discount that runs, or that waits for the end of the one that
// does. Its times are milliseconds, like all.
type Running struct {
	ID             string             `json:"id"` // of the reward
	Name           string             `json:"name"`
	Type           catalog.RewardType `json:"type"`
	Value          api.Number         `json:"discount_value"` // percent, or major units
	DurationType   string             `json:"duration_type"`
	DurationValue  *int               `json:"duration_value"` // months, else null
	Currency       api.OrNull         `json:"currency"`
	Start          api.Millis         `json:"start"`
	End            api.Millis         `json:"end"`
	SubscriptionID api.OrNull         `json:"subscription_id"`
	Queued         bool               `json:"queued"` // it waits for its turn, in the order of the list
}

// RewardsOf reads the running discounts at Stripe, which a customer without a Stripe id
// has none of, and adds those that wait.
func RewardsOf(ctx context.Context, a *app.App, caller app.Caller, cat *catalog.Catalog, of billing.State) (*Rewards, error) {
	currency := of.In(cat).Currency()
	out := &Rewards{Discounts: []Running{}, Credits: []Credits{}, Balance: api.NumberOf(currency.Major(of.Credits.Remaining(caller.Now)))}
	for _, g := range of.Credits.Grants {
		out.Credits = append(out.Credits, CreditsOf(g))
	}
	var running []catalog.RunningDiscount
	var err error
	if of.Customer.StripeID != "" {
		running, err = a.Payments.Discounts(ctx, caller.Env, of.Customer.StripeID, caller.Now)
	}
	for _, d := range running {
		one := Running{ID: d.RewardID, Name: d.Name, Type: d.Type, Value: api.NumberOf(d.Value), DurationType: d.Duration,
			Currency: api.OrNull(d.Currency), Start: api.Millis(d.Start), End: api.Millis(d.End), SubscriptionID: api.OrNull(d.SubscriptionID)}
		if d.Duration == catalog.MonthsDiscount {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	for _, q := range of.Queue {
		if q.Reversal {
			continue
		}
		if q.Gives() {
			out.Discounts = append(out.Discounts, Running{ID: q.Reward.ID, Name: q.Reward.Name, Type: q.Reward.Type, Value: api.NumberOf(money.Int(100)),
				DurationType: catalog.MonthsDiscount, DurationValue: &q.Reward.FreePeriods, Queued: true})
			continue
		}
		d := DiscountOf(q.Reward)
		one := Running{ID: q.Reward.ID, Name: q.Reward.Name, Type: q.Reward.Type, Value: d.Value, DurationType: d.Duration, Queued: true}
		if q.Reward.Type == catalog.FixedDiscount {
			one.Currency = api.OrNull(cat.CurrencyOf(q.Reward))
		}
		if d.Months > 0 {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	return out, err
}

// A Discount is what a discount takes off, as a company made it.
type Discount struct {
	Value      api.Number `json:"discount_value"`
	Currency   api.OrNull `json:"currency"` // null for a percentage
	Duration   string     `json:"duration_type"`
	Months     int        `json:"duration_value"` // 0 unless the duration is months
	Rollover   bool       `json:"should_rollover"`
	ApplyToAll bool       `json:"apply_to_all"`
	PriceIDs   []string   `json:"price_ids"`
	ProductIDs []string   `json:"product_ids"`
}

// DiscountOf returns the discount of a reward, nil if it is none.
func DiscountOf(r catalog.Reward) *Discount {
	d := r.Discount
	if d == nil {
		return nil
	}
	return &Discount{Value: api.NumberOf(d.Value), Currency: api.OrNull(d.Currency), Duration: d.Duration, Months: d.Months,
		Rollover: r.Type == catalog.InvoiceCredits, ApplyToAll: d.ApplyToAll, PriceIDs: append([]string{}, d.PriceIDs...), ProductIDs: append([]string{}, d.ProductIDs...)}
}
