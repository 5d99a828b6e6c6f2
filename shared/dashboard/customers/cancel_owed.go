package customers

import (
	"fmt"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/money"
)

// An ending is how a cancel treats the subscription of a product.
type ending int

const (
	endsLater ending = iota // it runs to the end of its period
	endsPart                // it goes on, for the other products that are billed with it
	endsWhole               // it ends now: Stripe stops collecting its invoices
)

func endingOf(d billing.Decision, cp billing.CustomerProduct) ending {
	for _, s := range d.Steps {
		switch {
		case s.End == nil || s.End.SubscriptionID != cp.SubscriptionID:
		case len(s.End.Remove) > 0:
			return endsPart
		default:
			return endsWhole
		}
	}
	return endsLater
}

// owed says what becomes of invoices that are not paid: an end takes none of them back.
// What is outstanding of several is added up.
func owed(invoices []billing.Invoice, cp billing.CustomerProduct, ends ending) (all []string) {
	var open []billing.Invoice
	for _, in := range invoices {
		if mine := cp.SubscriptionID != "" && in.SubscriptionID == cp.SubscriptionID || cp.SubscriptionID == "" && slices.Contains(in.ProductIDs, cp.ProductID); !mine {
			continue
		}
		about := fmt.Sprintf("The invoice of %s for %s", ui.Day(in.CreatedAt), ui.Price(in.Total, in.Currency))
		switch in.Status {
		case "open":
			open = append(open, in)
			all = append(all, about+" is not paid and stays owed. "+collected(in, ends))
		case "uncollectible":
			all = append(all, about+" was written off: it will not be collected.")
		case "draft":
			all = append(all, about+" is still a draft. "+issued(in, ends))
		}
	}
	if len(open) > 1 {
		var sum money.Amount
		for _, in := range open {
			sum += in.Total
		}
		all = append(all, ui.Price(sum, open[0].Currency)+" is outstanding in all.")
	}
	return all
}

// collected says whether an open invoice will be collected.
func collected(in billing.Invoice, ends ending) string {
	switch {
	case in.GivenUp:
		return "Stripe has given up collecting it: it will not be collected by itself."
	case ends == endsWhole && in.SubscriptionID != "":
		return "Stripe stops collecting it with this cancel: it will not be collected by itself. It can still be paid on its page; void it at Stripe if that is not meant."
	}
	return "Stripe may still collect it. Void it there if that is not meant."
}

// issued says whether a draft will be collected. The period that a renewal begins is not
// charged for a product that ends in it.
func issued(in billing.Invoice, ends ending) string {
	rest := in.Totals != nil && in.Totals.Ours+in.Totals.Prorations+in.Totals.Foreign != 0
	switch {
	case !in.Renewal && ends == endsWhole:
		return "It will not be collected unless somebody issues it at Stripe."
	case !in.Renewal:
		return "It will be collected once it is issued."
	case ends == endsLater:
		return "It will be issued and collected."
	case ends == endsPart:
		return "It will be issued and collected without the price of this product, as its new period is not charged."
	case rest:
		return "The period that it begins is not charged. What else is on it, as use of the period before, will be issued and collected."
	}
	return "It will not be collected: the period that it begins is not charged."
}
