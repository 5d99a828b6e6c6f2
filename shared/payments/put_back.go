package payments

import (
	"context"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// note is what the update that gives a discount says of the operation. One that is put
// back has a note of its own: the next reward must not wipe it out.
func (j job) note(n *billing.PutDiscount) map[string]string {
	if n.Back != nil {
		return map[string]string{metaBack: j.ref.OperationID}
	}
	return map[string]string{metaReward: j.ref.OperationID}
}

func (j job) noted(n *billing.PutDiscount, about map[string]string) bool {
	for name, id := range j.note(n) {
		if about[name] != id {
			return false
		}
	}
	return true
}

func (j job) couponToPut(ctx context.Context, n *billing.PutDiscount, r billing.Results) (string, error) {
	if n.Back != nil {
		return n.Back.CouponID, nil
	}
	return j.coupon(ctx, n.Coupon, r)
}

// errDiscountStays means that a discount was not used up for nothing.
var errDiscountStays = refusal.Invalid(app.ReasonDiscountStays)

// usedElsewhere returns errDiscountStays for a discount that was not used up for
// nothing: it is there still, as after the first invoice of a trial; it lowered the
// prices of a change; or another invoice of the same time has it. One call for the
// invoices, and those of covered where a change is on the invoice; none without a
// discount to put back.
func (j job) usedElsewhere(ctx context.Context, back *billing.UnusedUp, there *stripe.Discount, customerID string) error {
	if back == nil {
		return nil
	}
	if there != nil && there.ID == back.DiscountID {
		return errDiscountStays
	}
	if len(back.Prorated) > 0 {
		covered, err := j.covered(ctx, back.CouponID)
		if err != nil {
			return err
		}
		if covered == nil || slices.ContainsFunc(back.Prorated, func(item string) bool { return slices.Contains(covered, item) }) {
			return errDiscountStays
		}
	}
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Customer: &customerID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: j.ref.CreatedAt.Add(-draftTime).Unix()}})
	for list.Next() {
		if list.Invoice().Status == stripe.InvoiceStatusVoid {
			continue // it lowered what nobody pays
		}
		for _, off := range list.Invoice().TotalDiscountAmounts {
			if off.Amount > 0 && off.Discount != nil && off.Discount.ID == back.DiscountID {
				return errDiscountStays
			}
		}
	}
	return list.Err()
}

// termsOf reads the terms of a reward's coupon, for a discount that has to wait: the
// reward itself may have been edited since. One call more than covered.
func (j job) termsOf(ctx context.Context, back billing.UnusedUp) (*catalog.Reward, error) {
	coupon, err := j.coupons.Get(back.CouponID, &stripe.CouponParams{Params: stripe.Params{Context: ctx}})
	if err != nil {
		return nil, err
	}
	terms, err := discountOf(&stripe.Discount{Coupon: coupon})
	if err != nil {
		return nil, err
	}
	items, err := j.covered(ctx, back.CouponID)
	return &catalog.Reward{ID: terms.RewardID, Name: terms.Name, Type: terms.Type,
		Discount: &catalog.Discount{Value: terms.Value, Duration: catalog.OneOffDiscount, ApplyToAll: items == nil, PriceIDs: items}}, err
}
