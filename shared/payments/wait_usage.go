package payments

import (
	"context"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// waitUsage makes usage lines wait for the next invoice of a subscription. One
// that exists, waiting or billed, is left alone.
func (j job) waitUsage(ctx context.Context, subscriptionID string, uses []billing.NewUsage, r billing.Results) error {
	there, err := j.uses(ctx, uses, r.CustomerID)
	if err != nil {
		return err
	}
	for _, use := range uses {
		if there[use.Name] != nil {
			continue
		}
		if err := j.waitUse(ctx, &use, subscriptionID, r); err != nil {
			return err
		}
	}
	return nil
}

// waitUse creates the item of one usage line. The key contains the operation,
// because another operation may bill usage that a refused one dropped. If
// Stripe repeats an answer about a deleted item, an earlier try of this
// operation was refused and dropped it, and another key creates it again.
func (j job) waitUse(ctx context.Context, use *billing.NewUsage, subscriptionID string, r billing.Results) error {
	params, err := j.useParams(ctx, use, r)
	if err != nil {
		return err
	}
	params.Subscription = &subscriptionID
	create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
		params.Params = p
		return j.invoiceItems.New(params)
	}
	find := func() (*stripe.InvoiceItem, error) { return j.findUsage(ctx, use, r.CustomerID) }
	for part := "use/" + use.Name; ; {
		item, err := once(ctx, j, part, create, find)
		if err != nil || !replayed(item.LastResponse) {
			return err
		}
		_, err = j.invoiceItems.Get(item.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}})
		if !missing(err) {
			return err
		}
		part = "use/" + use.Name + "/after/" + item.ID
	}
}

// dropUsage deletes the usage lines that wait for a change which was refused
// for good, and returns the reason. Those of another operation stay. If one
// can't be deleted now, that error is returned: the next try comes here again.
func (j job) dropUsage(ctx context.Context, uses []billing.NewUsage, customerID string, why error) error {
	if !final(why) && !missing(why) {
		return why
	}
	there, err := j.uses(ctx, uses, customerID)
	if err != nil {
		return err
	}
	for _, use := range uses {
		item := there[use.Name]
		if item == nil || item.Invoice != nil || !j.made(item.Metadata) {
			continue
		}
		_, err := j.invoiceItems.Del(item.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}})
		if err != nil && !missing(err) {
			return err
		}
	}
	return why
}

// uses finds usage lines by their names, on any invoice or waiting. They can't
// be older than the usage itself. No call for an empty list.
func (j job) uses(ctx context.Context, uses []billing.NewUsage, customerID string) (map[string]*stripe.InvoiceItem, error) {
	if len(uses) == 0 {
		return nil, nil
	}
	var since time.Time
	wanted := map[string]bool{}
	for _, use := range uses {
		wanted[use.Name] = true
		if since.IsZero() || use.Since.Before(since) {
			since = use.Since
		}
	}
	there := map[string]*stripe.InvoiceItem{}
	list := j.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Customer: &customerID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Add(-memory).Unix()}})
	for list.Next() {
		if item := list.InvoiceItem(); wanted[item.Metadata[metaUse]] {
			there[item.Metadata[metaUse]] = item
		}
	}
	return there, list.Err()
}
