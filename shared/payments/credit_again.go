package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/money"
)

// dropOthers deletes the lines of an earlier try that wait for a credit which was decided
// again, and are not asked for any more, or with another amount. known are all that may be there.
func (j job) dropOthers(ctx context.Context, known, asked []billing.NewUsage, customerID string) error {
	there, err := j.uses(ctx, known, customerID)
	if err != nil {
		return err
	}
	for _, use := range known {
		item := there[use.Name]
		stays := item == nil || item.Invoice != nil || !j.made(item.Metadata) || slices.ContainsFunc(asked, func(a billing.NewUsage) bool {
			return a.Name == use.Name && int64(a.Amount) == item.Amount
		})
		if stays {
			continue
		}
		_, err := j.invoiceItems.Del(item.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}})
		if err != nil && !missing(err) {
			return err
		}
	}
	return nil
}

// asking makes lines of a credit that was decided again under keys of their own: Stripe
// refuses a key that comes with another amount than before.
func (j job) asking(n *billing.EndSubscription, lines []billing.NewUsage) job {
	if n.Again {
		for _, l := range lines {
			j.step = fmt.Sprintf("%s/%d", j.step, l.Amount)
		}
	}
	return j
}

// creditSeats credits the seats of a subscription that had ended before its credit on an
// invoice of their own. What waited for the credit may be on an invoice of the end: seats are
// credited there then, and a line that takes back a credit which it has not is given back.
func (j job) creditSeats(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, r billing.Results) (billing.Results, error) {
	there, err := j.uses(ctx, slices.Concat(n.Seats, n.Withheld), r.CustomerID)
	if err != nil {
		return r, err
	}
	var seats, back []billing.NewUsage
	for _, use := range n.Seats {
		if there[use.Name] == nil && use.Amount != 0 {
			use.Name += "_alone"
			seats = append(seats, use)
		}
	}
	for _, use := range n.Withheld {
		item := there[use.Name]
		if item == nil || item.Invoice == nil {
			continue
		}
		in, err := j.getInvoice(ctx, item.Invoice.ID)
		if err == nil {
			err = j.readLines(ctx, in)
		}
		if err != nil {
			return r, err
		}
		if !slices.ContainsFunc(in.Lines.Data, func(l *stripe.InvoiceLineItem) bool { return l.Proration && l.Amount < 0 }) {
			use.Name, use.Amount = use.Name+"_back", money.Amount(-item.Amount)
			back = append(back, use)
		}
	}
	if _, err := j.alone(ctx, "back", sub, back, r); err != nil {
		return r, err
	}
	return j.alone(ctx, j.step, sub, seats, r)
}

// alone puts lines for a subscription that has ended on an invoice, which the results have.
func (j job) alone(ctx context.Context, step string, sub *stripe.Subscription, lines []billing.NewUsage, r billing.Results) (billing.Results, error) {
	if len(lines) == 0 {
		return r, nil
	}
	j.step = step
	r, err := j.newInvoice(ctx, &billing.NewInvoice{Usage: lines, Currency: lines[0].Currency, OnFile: true, CollectWithin: netTerms, Taxed: taxed(sub)}, r)
	if err != nil {
		return r, err
	}
	in, err := j.findInvoice(ctx, r.CustomerID)
	if err == nil && in != nil {
		r.Invoice, err = j.own(ctx, in)
	}
	return r, err
}
