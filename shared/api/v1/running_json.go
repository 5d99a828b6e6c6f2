package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

type rewardsJSON struct {
	Discounts []runningJSON `json:"discounts"`
	Credits   []creditsJSON `json:"credits"`
	Balance   api.Number    `json:"balance"` // of the credits that can still be used, in major units
}

// A creditsJSON is invoice credits that were given at once, in major units. granted is
// always applied + remaining + expired.
type creditsJSON struct {
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

func creditsAnswer(g credit.Grant) creditsJSON {
	major := func(a money.Amount) api.Number { return api.NumberOf(g.Currency.Major(a)) }
	out := creditsJSON{ID: g.ID, RewardID: g.RewardID, Code: api.OrNull(g.Code), Granted: major(g.Granted), Remaining: major(g.Remaining), Applied: major(g.Applied()),
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

// A runningJSON is a discount that runs, or that waits for the end of the one that
// does. Its times are milliseconds, like all.
type runningJSON struct {
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

// rewards reads the running discounts at Stripe, which a customer without a Stripe id
// has none of, and adds those that wait.
func (c customers) rewards(ctx context.Context, req api.Request, cat *catalog.Catalog, of billing.State) (*rewardsJSON, error) {
	currency := of.In(cat).Currency()
	out := &rewardsJSON{Discounts: []runningJSON{}, Credits: []creditsJSON{}, Balance: api.NumberOf(currency.Major(of.Credits.Remaining(req.Now)))}
	for _, g := range of.Credits.Grants {
		out.Credits = append(out.Credits, creditsAnswer(g))
	}
	var running []catalog.RunningDiscount
	var err error
	if of.Customer.StripeID != "" {
		running, err = c.app.Payments.Discounts(ctx, req.Env, of.Customer.StripeID, req.Now)
	}
	for _, d := range running {
		one := runningJSON{ID: d.RewardID, Name: d.Name, Type: d.Type, Value: api.NumberOf(d.Value), DurationType: d.Duration,
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
			out.Discounts = append(out.Discounts, runningJSON{ID: q.Reward.ID, Name: q.Reward.Name, Type: q.Reward.Type, Value: api.NumberOf(money.Int(100)),
				DurationType: catalog.MonthsDiscount, DurationValue: &q.Reward.FreePeriods, Queued: true})
			continue
		}
		d := discountAnswer(q.Reward)
		one := runningJSON{ID: q.Reward.ID, Name: q.Reward.Name, Type: q.Reward.Type, Value: d.Value, DurationType: d.Duration, Queued: true}
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

type invoiceJSON struct {
	ProductIDs []string       `json:"product_ids"`
	StripeID   string         `json:"stripe_id"`
	Status     string         `json:"status"`
	Total      api.Number     `json:"total"`         // major units
	Tax        *api.Number    `json:"tax,omitempty"` // of the total, what came on top of the prices; left out where that is nothing
	Currency   money.Currency `json:"currency"`
	CreatedAt  api.Millis     `json:"created_at"`
	URL        api.OrNull     `json:"hosted_invoice_url"`
}

func invoiceOf(i billing.Invoice) invoiceJSON {
	ids := i.ProductIDs
	if ids == nil {
		ids = []string{}
	}
	var tax *api.Number
	if i.Tax != 0 {
		some := api.NumberOf(i.Currency.Major(i.Tax))
		tax = &some
	}
	return invoiceJSON{ids, i.StripeID, i.Status, api.NumberOf(i.Currency.Major(i.Total)), tax, i.Currency, api.Millis(i.CreatedAt), api.OrNull(i.URL)}
}
