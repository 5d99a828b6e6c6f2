package stripesim

import (
	"strings"

	"windfall/local/stripesim/object"
)

var promotionRoutes = []endpoint{
	{"POST /v1/promotion_codes", "active:b code coupon! customer expires_at:t max_redemptions:i metadata:m restrictions:{first_time_transaction:b minimum_amount:i minimum_amount_currency}", createPromotion},
	{"GET /v1/promotion_codes", "active:b code coupon created:r customer" + pageParams, listPromotions},
	{"GET /v1/promotion_codes/{id}", "", getPromotion},
	{"POST /v1/promotion_codes/{id}", "active:b metadata:m", updatePromotion},
}

func createPromotion(c *call) (any, error) {
	cp, err := c.coupon(c.p.Str("coupon"), "coupon")
	if err != nil {
		return nil, err
	}
	if !cp.Valid {
		return nil, invalid("coupon", "The coupon %s is no longer valid, so no promotion code can be made for it.", cp.ID)
	}
	if who := c.p.Str("customer"); who != "" {
		if _, err := c.customer(who, "customer"); err != nil {
			return nil, err
		}
	}
	code := c.p.Str("code")
	if code == "" {
		code = strings.ToUpper(word(c.s.seed, "promotion", c.Seq+1, 8))
		c.Seq++
	}
	promo := &object.PromotionCode{
		ID: c.newID("promo_"), Object: "promotion_code", Active: c.p.BoolOr("active", true), Code: code, Coupon: cp, Created: c.now,
		Customer: object.Text(c.p.Str("customer")), ExpiresAt: object.Stamp(c.p.Int("expires_at")), MaxRedemptions: c.p.IntPtr("max_redemptions"),
	}
	if err := c.promotionTerms(promo); err != nil {
		return nil, err
	}
	if promo.Active {
		if err := c.codeIsFree(promo); err != nil {
			return nil, err
		}
	}
	if promo.Metadata, err = mergeMetadata(nil, c.p); err != nil {
		return nil, err
	}
	c.put(promo)
	c.emit("promotion_code.created", promo)
	return promo, nil
}

// promotionTerms: a code cannot promise more than its coupon.
func (c *call) promotionTerms(promo *object.PromotionCode) error {
	for _, r := range promo.Code {
		if !strings.ContainsRune(letters+"-_", r) {
			return invalid("code", "Promotion codes can only contain letters, digits, dashes and underscores: %s", promo.Code)
		}
	}
	cp := promo.Coupon
	switch {
	case promo.ExpiresAt != 0 && int64(promo.ExpiresAt) <= c.now:
		return invalid("expires_at", "The `expires_at` date must be in the future.")
	case promo.ExpiresAt == 0:
		promo.ExpiresAt = cp.RedeemBy
	case cp.RedeemBy != 0 && promo.ExpiresAt > cp.RedeemBy:
		return invalid("expires_at", "The promotion code cannot expire after its coupon's `redeem_by` date.")
	}
	if m := promo.MaxRedemptions; m != nil {
		if *m < 1 {
			return invalidCode("parameter_invalid_integer", "max_redemptions", "This value must be greater than or equal to 1.")
		}
		if cp.MaxRedemptions != nil && *m > *cp.MaxRedemptions {
			return invalid("max_redemptions", "The promotion code's `max_redemptions` cannot be larger than its coupon's.")
		}
	}
	r := c.p.Sub("restrictions")
	promo.Restrictions = object.PromotionRestrictions{
		FirstTimeTransaction: r.Bool("first_time_transaction"), MinimumAmount: r.IntPtr("minimum_amount"),
		MinimumAmountCurrency: object.Text(strings.ToLower(r.Str("minimum_amount_currency"))),
	}
	if r.Given("minimum_amount") != r.Given("minimum_amount_currency") {
		return invalid("restrictions[minimum_amount]", "`minimum_amount` and `minimum_amount_currency` must be given together.")
	}
	return nil
}

// codeIsFree: among active codes, a code is unique without regard to case. The
// same code may go to several customers, but not to one and to everybody.
func (t *tx) codeIsFree(promo *object.PromotionCode) error {
	for _, other := range all[*object.PromotionCode](t) {
		if other.ID == promo.ID || !other.Active || !strings.EqualFold(other.Code, promo.Code) {
			continue
		}
		if other.Customer == "" || promo.Customer == "" || other.Customer == promo.Customer {
			return invalid("code", "An active promotion code with `code: %s` already exists.", promo.Code)
		}
	}
	return nil
}

func getPromotion(c *call) (any, error) {
	return need[*object.PromotionCode](c.tx, "promotion code", c.id, "id")
}

func updatePromotion(c *call) (any, error) {
	if _, err := need[*object.PromotionCode](c.tx, "promotion code", c.id, "id"); err != nil {
		return nil, err
	}
	promo := edit[*object.PromotionCode](c.tx, c.id)
	if c.p.Bool("active") && !promo.Active {
		cp, _ := find[*object.Coupon](c.tx, promo.Coupon.ID)
		if promo.State.Dead || cp == nil || !cp.Valid {
			return nil, invalid("active", "This promotion code has expired, is used up, or its coupon is no longer valid; it cannot be made active again.")
		}
		if err := c.codeIsFree(promo); err != nil {
			return nil, err
		}
	}
	flag(&promo.Active, c.p, "active")
	var err error
	if promo.Metadata, err = mergeMetadata(promo.Metadata, c.p); err != nil {
		return nil, err
	}
	c.emit("promotion_code.updated", promo)
	return promo, nil
}

func listPromotions(c *call) (any, error) {
	return pageNewest(c, all[*object.PromotionCode](c.tx), func(o *object.PromotionCode) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("active") || o.Active == c.p.Bool("active")) &&
			(!c.p.Given("code") || strings.EqualFold(o.Code, c.p.Str("code"))) && (!c.p.Given("coupon") || o.Coupon.ID == c.p.Str("coupon")) &&
			(!c.p.Given("customer") || string(o.Customer) == c.p.Str("customer"))
	})
}

func promotionDue(o *object.PromotionCode) int64 {
	if o.State.Dead {
		return 0
	}
	return int64(o.ExpiresAt)
}

func (t *tx) promotionExpires(id string) error {
	t.kill(id)
	return nil
}

// kill makes a code inactive for ever.
func (t *tx) kill(id string) {
	promo := edit[*object.PromotionCode](t, id)
	if promo.State.Dead {
		return
	}
	promo.State.Dead, promo.Active = true, false
	t.emit("promotion_code.updated", promo)
}

func (t *tx) killPromotions(coupon string) {
	for _, promo := range ownedBy[*object.PromotionCode](t, coupon) {
		t.kill(promo.ID)
	}
}
