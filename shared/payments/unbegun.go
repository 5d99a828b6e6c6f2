package payments

import (
	"context"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// An unbegunLine is what a draft charges for the period that it begins, of one
// price or one use, less its discount.
type unbegunLine struct {
	name   string // of the line that takes it off
	line   *stripe.InvoiceLineItem
	amount int64
}

const unbegunUse = "unbegun_"

// unbegun lists what a renewal charges for the period that it begins and that no
// change has credited, less what an end before has taken off already, and reports whether anything else is on it. A tiered
// price may have several lines.
func (o openRenewals) unbegun(renewal *stripe.Invoice) (lines []unbegunLine, left bool) {
	relied := o.relied(renewal)
	off := map[string]int64{} // what is taken off already, by an end before
	for _, l := range renewal.Lines.Data {
		switch use := aboutLine(l)[metaUse]; {
		case strings.HasPrefix(use, unbegunUse):
			off[use] -= l.Amount
		case aboutLine(l)[metaGrant] != "":
		case !ahead(l) || !o.within(renewal, l.Period) || relied[spanOf(l)]:
			left = left || l.Amount != 0
		default:
			lines = addUnbegun(lines, renewal, l)
		}
	}
	for i := range lines {
		lines[i].amount -= off[lines[i].name]
	}
	return lines, left
}

func addUnbegun(lines []unbegunLine, renewal *stripe.Invoice, l *stripe.InvoiceLineItem) []unbegunLine {
	off := unbegunLine{unbegunUse + renewal.ID + "_" + aboutLine(l)[metaUse], l, l.Amount}
	if aboutLine(l)[metaUse] == "" && l.Price != nil {
		off.name += l.Price.ID
	}
	for _, d := range l.DiscountAmounts {
		off.amount -= d.Amount
	}
	for i := range lines {
		if lines[i].name == off.name {
			lines[i].amount += off.amount
			return lines
		}
	}
	return append(lines, off)
}

// ahead reports whether a line of a renewal is charged in advance: a price of the
// subscription, or seats.
func ahead(l *stripe.InvoiceLineItem) bool {
	return l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration || aboutLine(l)[metaUse] != ""
}

// takenOff reports whether lines were taken off an invoice, which issues it.
func takenOff(in *stripe.Invoice) bool {
	return slices.ContainsFunc(in.Lines.Data, func(l *stripe.InvoiceLineItem) bool { return strings.HasPrefix(aboutLine(l)[metaUse], unbegunUse) })
}

// takeOff adds a line to a draft for each of these, which takes it off.
func (j job) takeOff(ctx context.Context, draft *stripe.Invoice, lines []unbegunLine) error {
	for _, off := range lines {
		amount := -off.amount
		if amount == 0 {
			continue
		}
		about := map[string]string{metaUse: off.name, metaOperation: j.ref.OperationID, metaEnv: string(j.env)}
		if p := off.line.Price; p != nil {
			about[metaItem], about[metaProduct] = p.Metadata[metaItem], p.Metadata[metaProduct]
		}
		create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
			params := &stripe.InvoiceItemParams{Params: p, Customer: &draft.Customer.ID, Invoice: &draft.ID,
				Currency: stripe.String(string(draft.Currency)), Amount: &amount, Discountable: stripe.Bool(false), Metadata: about,
				Description: stripe.String("Not begun: " + off.line.Description),
				Period:      &stripe.InvoiceItemPeriodParams{Start: &off.line.Period.Start, End: &off.line.Period.End}}
			asTaxed(params, off.line.Price)
			return j.invoiceItems.New(params)
		}
		find := func() (*stripe.InvoiceItem, error) {
			return j.findUsage(ctx, &billing.NewUsage{Name: off.name, Since: moment(draft.Created)}, draft.Customer.ID)
		}
		if _, err := once(ctx, j, off.name, create, find); err != nil {
			return err
		}
	}
	return nil
}

// takeOffRemoved takes off renewals that are still drafts what they charge for
// prices that have left the subscription, and for the seats of their products, those
// that wait for the next invoice included: the period has just begun, and the rest of
// the draft is collected as usual.
func (j job) takeOffRemoved(ctx context.Context, sub *stripe.Subscription, o openRenewals, gone []billing.PriceLine, r billing.Results) error {
	goes := func(p *stripe.Price) bool {
		return slices.ContainsFunc(gone, func(g billing.PriceLine) bool { return priceOf(g, r) == p.ID })
	}
	from := productsOf(sub, goes) // a version that was taken over without a charge is on the draft as it was before
	for _, renewal := range o.drafts() {
		lines, _ := o.unbegun(renewal)
		products := map[string]bool{}
		left := func(l unbegunLine) bool {
			return l.line.Price != nil && (goes(l.line.Price) || !slices.Contains(o.sold, spanOf(l.line).item) && from[l.line.Price.Metadata[metaProduct]])
		}
		for _, l := range lines {
			if left(l) {
				products[l.line.Price.Metadata[metaProduct]] = true
			}
		}
		off := slices.DeleteFunc(lines, func(l unbegunLine) bool {
			return !left(l) && (aboutLine(l.line)[metaUse] == "" || !products[aboutLine(l.line)[metaProduct]])
		})
		renewal, err := j.withoutCredits(ctx, renewal, off)
		if err == nil {
			err = j.takeOff(ctx, renewal, off)
		}
		if ifEditable(err) != nil {
			return err
		}
		if _, err := j.dropInVain(ctx, sub, o, products); err != nil {
			return err
		}
	}
	return nil
}

// productsOf are the products of the prices on a subscription that leave it.
func productsOf(sub *stripe.Subscription, goes func(*stripe.Price) bool) map[string]bool {
	out := map[string]bool{}
	for _, item := range itemsOf(sub) {
		if item.Price != nil && goes(item.Price) && item.Price.Metadata[metaProduct] != "" {
			out[item.Price.Metadata[metaProduct]] = true
		}
	}
	return out
}

// dropInVain deletes what waits for products in a period that is not charged: for seats,
// and what staff changed of their prices; it reports whether there was any of the latter.
func (j job) dropInVain(ctx context.Context, sub *stripe.Subscription, o openRenewals, products map[string]bool) (staffs bool, err error) {
	if len(products) == 0 {
		return false, nil
	}
	waiting, err := j.waitingFor(ctx, sub)
	if err != nil {
		return false, err
	}
	for _, item := range waiting {
		ours := seats(item.Metadata) && products[item.Metadata[metaProduct]]
		theirs := item.Proration && item.Price != nil && products[item.Price.Metadata[metaProduct]]
		if item.Amount == 0 || !ours && !theirs || !o.waitsInVain(item) {
			continue
		}
		if _, err := j.invoiceItems.Del(item.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}}); err != nil && !missing(err) {
			return staffs, err
		}
		staffs = staffs || theirs
	}
	return staffs, nil
}
