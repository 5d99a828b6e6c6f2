package stripesim

import (
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

// redemption is somebody who wants a discount.
type redemption struct {
	coupon    string // id of a coupon, or
	promotion string // id of a promotion code
	customer  string // "" while it is not known
	on        string // "customer", "subscription", "update", "checkout"
	amount    int64  // what the purchase costs before the discount
	currency  string
	promo     *object.PromotionCode
	terms     *object.Coupon
}

// redeemable refuses what Stripe refuses, and finds the coupon.
func (t *tx) redeemable(r redemption) (redemption, error) {
	if r.coupon != "" && r.promotion != "" {
		return r, invalid("coupon", "You may only specify one of these parameters: coupon, promotion_code.")
	}
	if r.promotion != "" {
		promo, err := need[*object.PromotionCode](t, "promotion code", r.promotion, "promotion_code")
		if err != nil {
			return r, err
		}
		r.promo, r.coupon = promo, promo.Coupon.ID
		if err := t.promotionAllows(r); err != nil {
			return r, err
		}
	}
	cp, err := t.coupon(r.coupon, "coupon")
	if err != nil {
		return r, err
	}
	if !cp.Valid {
		return r, invalidCode("coupon_expired", "coupon", "Coupon expired: %s", cp.ID)
	}
	if cp.AmountOff != nil && r.currency != "" && r.currency != string(cp.Currency) {
		return r, invalid("coupon", "The coupon's currency (%s) must match the currency of the purchase (%s).", cp.Currency, r.currency)
	}
	r.terms = cp
	return r, nil
}

// promotionAllows checks every restriction of a code.
//
// https://docs.stripe.com/billing/subscriptions/coupons#promotion-codes
func (t *tx) promotionAllows(r redemption) error {
	p, what := r.promo, "promotion_code"
	if !p.Active {
		return invalidCode("promotion_code_expired", what, "This promotion code is inactive, has expired or has reached its redemption limit.")
	}
	if p.Customer != "" && string(p.Customer) != r.customer {
		return invalidCode("promotion_code_customer_mismatch", what, "This promotion code cannot be redeemed because it is restricted to another customer.")
	}
	if p.Restrictions.FirstTimeTransaction && !t.firstTime(r.customer) {
		return invalidCode("promotion_code_customer_not_first_time", what,
			"This promotion code cannot be redeemed because the associated customer has prior transactions.")
	}
	if p.Restrictions.MinimumAmount == nil {
		return nil
	}
	if r.on == "customer" || r.on == "update" {
		return invalid(what, "Promotion codes with a minimum amount cannot be applied to a customer or to an existing subscription.")
	}
	if r.currency != string(p.Restrictions.MinimumAmountCurrency) || r.amount < *p.Restrictions.MinimumAmount {
		return invalidCode("promotion_code_minimum_not_met", what,
			"This promotion code cannot be redeemed because the associated purchase does not meet the minimum amount requirement.")
	}
	return nil
}

// firstTime: a customer who is not known yet, or one without any payment or
// invoice that was not voided. Drafts do not count.
//
// assumption: Stripe's newer documents also count trials and unfinished
// payments; the older rule is the one used here.
func (t *tx) firstTime(customer string) bool {
	for _, inv := range ownedBy[*object.Invoice](t, customer) {
		if inv.Status != "void" && inv.Status != "draft" {
			return false
		}
	}
	for _, pi := range ownedBy[*object.PaymentIntent](t, customer) {
		if pi.Status == "succeeded" {
			return false
		}
	}
	return true
}

// redeem counts a redemption and makes the discount.
//
// assumption: it counts when the discount comes into being; for Checkout that
// is when the session completes.
func (t *tx) redeem(r redemption, customer, subscription, session string) *object.Discount {
	cp := edit[*object.Coupon](t, r.terms.ID)
	cp.TimesRedeemed++
	d := &object.Discount{
		ID: t.newID("di_"), Object: "discount", Coupon: cp, Customer: object.Text(customer), Start: t.now,
		Subscription: object.Text(subscription), CheckoutSession: object.Text(session),
	}
	if cp.DurationInMonths != nil {
		d.End = object.Stamp(calc.Interval{Unit: "month", Count: *cp.DurationInMonths}.Add(t.now, 1))
	}
	if r.promo != nil {
		promo := edit[*object.PromotionCode](t, r.promo.ID)
		promo.TimesRedeemed++
		d.PromotionCode = object.Text(promo.ID)
		if promo.MaxRedemptions != nil && promo.TimesRedeemed >= *promo.MaxRedemptions {
			t.kill(promo.ID)
		}
	}
	if cp.MaxRedemptions != nil && cp.TimesRedeemed >= *cp.MaxRedemptions {
		t.endCoupon(cp.ID)
	}
	t.put(d)
	return d
}

// promotionByCode finds the active code that a customer typed.
func (t *tx) promotionByCode(code, customer string) (*object.PromotionCode, bool) {
	var found *object.PromotionCode
	for _, p := range all[*object.PromotionCode](t) {
		if p.Active && strings.EqualFold(p.Code, strings.TrimSpace(code)) && (p.Customer == "" || string(p.Customer) == customer) {
			found = p
		}
	}
	return found, found != nil
}
