package stripesim

import (
	"math/big"
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

var couponRoutes = []endpoint{
	{"POST /v1/coupons", "amount_off:i applies_to:{products:[s]} currency duration:(forever,once,repeating) duration_in_months:i id max_redemptions:i metadata:m name percent_off:d redeem_by:t", createCoupon},
	{"GET /v1/coupons", "created:r" + pageParams, listCoupons},
	{"GET /v1/coupons/{id}", "", getCoupon},
	{"POST /v1/coupons/{id}", "metadata:m name", updateCoupon},
	{"DELETE /v1/coupons/{id}", "", deleteCoupon},
}

// coupon is a coupon that has not been deleted.
func (t *tx) coupon(id, param string) (*object.Coupon, error) {
	c, ok := find[*object.Coupon](t, id)
	if !ok || c.State.Deleted {
		return nil, missing("coupon", id, param)
	}
	return c, nil
}

func createCoupon(c *call) (any, error) {
	id := c.p.Str("id")
	if id == "" {
		id = word(c.s.seed, "coupon", c.Seq+1, 8)
		c.Seq++
	} else if old, exists := find[*object.Coupon](c.tx, id); exists && !old.State.Deleted {
		return nil, invalidCode("resource_already_exists", "id", "Coupon already exists.")
	}
	cp := &object.Coupon{
		ID: id, Object: "coupon", Created: c.now, Duration: c.p.StrOr("duration", "once"), DurationInMonths: c.p.IntPtr("duration_in_months"),
		MaxRedemptions: c.p.IntPtr("max_redemptions"), Name: object.Text(c.p.Str("name")), RedeemBy: object.Stamp(c.p.Int("redeem_by")), Valid: true,
	}
	if err := c.couponTerms(cp); err != nil {
		return nil, err
	}
	if c.p.Given("applies_to") {
		cp.State.Products = c.p.Sub("applies_to").Strings("products")
		for _, prod := range cp.State.Products {
			if _, err := need[*object.Product](c.tx, "product", prod, "applies_to[products][0]"); err != nil {
				return nil, err
			}
		}
	}
	var err error
	if cp.Metadata, err = mergeMetadata(nil, c.p); err != nil {
		return nil, err
	}
	c.put(cp)
	c.emit("coupon.created", cp)
	return cp, nil
}

// couponTerms checks what a coupon takes off and for how long.
func (c *call) couponTerms(cp *object.Coupon) error {
	amount, percent := c.p.Given("amount_off"), c.p.Given("percent_off")
	if amount == percent {
		return invalid("percent_off", "You must pass either `percent_off` or `amount_off` when creating a coupon, and not both.")
	}
	if percent {
		r := calc.Rat(c.p.Str("percent_off"))
		if r.Sign() <= 0 || r.Cmp(big.NewRat(100, 1)) > 0 {
			return invalid("percent_off", "Invalid percent_off: must be greater than 0 and less than or equal to 100.")
		}
		cp.PercentOff = object.Number(c.p.Str("percent_off"))
	}
	if amount {
		cp.AmountOff = c.p.IntPtr("amount_off")
		cp.Currency = object.Text(strings.ToLower(c.p.Str("currency")))
		if *cp.AmountOff < 1 {
			return invalidCode("parameter_invalid_integer", "amount_off", "This value must be greater than or equal to 1.")
		}
		if *cp.AmountOff > largest {
			return tooLarge("amount_off", orUSD(string(cp.Currency)))
		}
		if cp.Currency == "" {
			return invalidCode("parameter_missing", "currency", "You must pass currency when passing amount_off.")
		}
	}
	if (cp.Duration == "repeating") != (cp.DurationInMonths != nil) {
		return invalid("duration_in_months", "`duration_in_months` must be given if and only if `duration` is `repeating`.")
	}
	if cp.DurationInMonths != nil && *cp.DurationInMonths < 1 {
		return invalidCode("parameter_invalid_integer", "duration_in_months", "This value must be greater than or equal to 1.")
	}
	if cp.MaxRedemptions != nil && *cp.MaxRedemptions < 1 {
		return invalidCode("parameter_invalid_integer", "max_redemptions", "This value must be greater than or equal to 1.")
	}
	if cp.RedeemBy != 0 && int64(cp.RedeemBy) <= c.now {
		return invalid("redeem_by", "The `redeem_by` date must be in the future.")
	}
	return nil
}

func getCoupon(c *call) (any, error) { return c.coupon(c.id, "id") }

func updateCoupon(c *call) (any, error) {
	if _, err := c.coupon(c.id, "id"); err != nil {
		return nil, err
	}
	cp := edit[*object.Coupon](c.tx, c.id)
	text(&cp.Name, c.p, "name")
	var err error
	if cp.Metadata, err = mergeMetadata(cp.Metadata, c.p); err != nil {
		return nil, err
	}
	c.emit("coupon.updated", cp)
	return cp, nil
}

// deleteCoupon leaves the discounts that were given with it in force.
func deleteCoupon(c *call) (any, error) {
	if _, err := c.coupon(c.id, "id"); err != nil {
		return nil, err
	}
	cp := edit[*object.Coupon](c.tx, c.id)
	cp.Valid = false
	c.emit("coupon.deleted", cp)
	cp.State.Deleted = true
	c.killPromotions(c.id)
	return object.Deleted{ID: c.id, Object: "coupon", Deleted: true}, nil
}

func listCoupons(c *call) (any, error) {
	return pageNewest(c, all[*object.Coupon](c.tx), func(o *object.Coupon) bool {
		return !o.State.Deleted && c.p.InRange("created", o.Created)
	})
}

// couponDue is when a coupon can no longer be redeemed.
func couponDue(o *object.Coupon) int64 {
	if !o.Valid {
		return 0
	}
	return int64(o.RedeemBy)
}

func (t *tx) couponExpires(id string) error {
	t.endCoupon(id)
	return nil
}

// endCoupon makes a coupon invalid, and every promotion code of it dead.
func (t *tx) endCoupon(id string) {
	cp := edit[*object.Coupon](t, id)
	if !cp.Valid {
		return
	}
	cp.Valid = false
	t.emit("coupon.updated", cp)
	t.killPromotions(id)
}
