package payments

import (
	"maps"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// maxOnPage is the highest quantity Stripe lets a customer choose.
//
// Source: https://docs.stripe.com/payments/checkout/adjustable-quantity
const maxOnPage = 999_999

// pageLines are the lines of a page. If the quantity may be changed, the
// customer may choose anything down to 1, or down to 0 for lines whose absence
// we can detect afterwards.
func pageLines(lines []billing.PriceLine, r billing.Results) []*stripe.CheckoutSessionLineItemParams {
	may := removable(lines)
	var out []*stripe.CheckoutSessionLineItemParams
	for _, l := range lines {
		price, quantity := priceOf(l, r), l.Quantity
		line := &stripe.CheckoutSessionLineItemParams{Price: &price, Quantity: &quantity}
		if l.Adjust && quantity <= maxOnPage {
			least := int64(1)
			if slices.Contains(may, l.ItemID) {
				least = 0
			}
			line.AdjustableQuantity = &stripe.CheckoutSessionLineItemAdjustableQuantityParams{
				Enabled: stripe.Bool(true), Minimum: &least, Maximum: stripe.Int64(maxOnPage),
			}
		}
		out = append(out, line)
	}
	return out
}

// removable lists the items that the customer may remove from the page. Stripe
// omits them from its answer, so their ids are stored in the metadata, as many
// as fit. The last line of a page always stays.
func removable(lines []billing.PriceLine) []string {
	if len(lines) < 2 {
		return nil
	}
	var ids []string
	for _, l := range lines {
		if l.Adjust && l.Quantity <= maxOnPage {
			ids = append(ids, l.ItemID)
		}
	}
	return splitIDs(joinIDs(ids))
}

// pageMetadata is the caller's metadata, overridden by ours.
func (j job) pageMetadata(n *billing.NewSession) map[string]string {
	m := maps.Clone(n.Metadata)
	if m == nil {
		m = map[string]string{}
	}
	maps.Copy(m, j.metadata())
	if ids := removable(n.Lines); len(ids) > 0 {
		m[metaRemovable] = joinIDs(ids)
	}
	return m
}

// bought returns how many packs of each item a completed page sold: 0 for those
// that the customer removed.
func bought(page *stripe.CheckoutSession, lines []*stripe.LineItem) map[string]int64 {
	packs := map[string]int64{}
	for _, id := range splitIDs(page.Metadata[metaRemovable]) {
		packs[id] = 0
	}
	for _, l := range lines {
		if l.Price == nil {
			continue
		}
		id := l.Price.Metadata[metaItem]
		if id == "" {
			id = l.Price.LookupKey
		}
		if id != "" {
			packs[id] += l.Quantity
		}
	}
	return packs
}
