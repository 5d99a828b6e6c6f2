package stripesim

import (
	"slices"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

const (
	mostAdjustable     = 999999
	defaultAdjustable  = 99
	mostCheckoutPrices = 20
)

// checkoutLines reads line_items.
func (c *call) checkoutLines(cs *object.CheckoutSession) error {
	recurring := 0
	var every *object.Recurring
	for _, p := range c.p.List("line_items") {
		line, err := c.checkoutLine(p)
		if err != nil {
			return err
		}
		if r := line.Price.Recurring; r != nil {
			if cs.Mode == "payment" {
				return invalid(p.Path("price"), "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.")
			}
			if every != nil && (every.Interval != r.Interval || every.IntervalCount != r.IntervalCount) {
				return invalid("line_items", "Checkout does not support multiple prices with different billing intervals.")
			}
			recurring++
			every = r
		}
		if cs.Currency != "" && string(cs.Currency) != line.Currency {
			return invalid("line_items", "All prices on a Checkout Session must have the same currency.")
		}
		cs.Currency = object.Text(line.Currency)
		cs.State.Lines = append(cs.State.Lines, line)
	}
	if cs.Mode == "subscription" && recurring == 0 {
		return invalid("mode", "You must provide at least one recurring price in `subscription` mode when using prices.")
	}
	if recurring > mostCheckoutPrices {
		return invalid("line_items", "A Checkout Session can have at most %d recurring prices.", mostCheckoutPrices)
	}
	if cus, ok := find[*object.Customer](c.tx, string(cs.Customer)); ok && recurring > 0 && cus.Currency != "" && cus.Currency != cs.Currency {
		return combined("line_items", string(cus.Currency))
	}
	if cs.Mode == "setup" {
		cs.Currency = object.Text(c.p.Str("currency"))
	}
	return nil
}

func (c *call) checkoutLine(p *form.Params) (*object.CheckoutLine, error) {
	price, err := c.checkoutPrice(p)
	if err != nil {
		return nil, err
	}
	line := &object.CheckoutLine{ID: c.newID("li_"), Object: "item", Currency: price.Currency, Description: c.nameOf(price), Price: price, Discounts: []object.LineDiscount{}}
	if metered(price) {
		if p.Given("quantity") {
			return nil, invalid(p.Path("quantity"), "Quantity should not be specified where usage_type is `metered`.")
		}
		return line, nil
	}
	if !p.Given("quantity") {
		return nil, invalidCode("parameter_missing", p.Path("quantity"), "Quantity is required. Add `quantity` to `%s`.", p.Path("quantity"))
	}
	line.Quantity = p.IntPtr("quantity")
	adjust := p.Sub("adjustable_quantity")
	if st := &line.State; adjust.Bool("enabled") {
		st.Adjustable, st.Min, st.Max = true, adjust.Int("minimum"), defaultAdjustable
		if adjust.Given("maximum") {
			st.Max = adjust.Int("maximum")
		}
		if !adjust.Given("maximum") {
			st.Max = max(st.Max, *line.Quantity)
		}
		if st.Max > mostAdjustable || st.Min < 0 || *line.Quantity < st.Min || *line.Quantity > st.Max {
			return nil, invalid(adjust.Path("maximum"), "The quantity must lie between `minimum` and `maximum`, which is at most %d.", mostAdjustable)
		}
	}
	if *line.Quantity < 0 || *line.Quantity == 0 && !line.State.Adjustable {
		return nil, invalidCode("parameter_invalid_integer", p.Path("quantity"), "This value must be greater than or equal to 1.")
	}
	if !fits(cost(price, *line.Quantity)) {
		return nil, tooLarge("line_items", price.Currency)
	}
	return line, nil
}

// checkoutPrice is a price by id, or an inline one with an inline product.
func (c *call) checkoutPrice(p *form.Params) (*object.Price, error) {
	data := p.Sub("price_data")
	if !p.Given("price_data") {
		id := p.Str("price")
		price, err := need[*object.Price](c.tx, "price", id, p.Path("price"))
		if err != nil {
			return nil, err
		}
		if !price.Active {
			return nil, invalid(p.Path("price"), "The price specified is inactive. This field only accepts active prices.")
		}
		return price, nil
	}
	product := data.Str("product")
	if inline := data.Sub("product_data"); product == "" && data.Given("product_data") {
		prod := &object.Product{ID: c.newID("prod_"), Object: "product", Active: true, Created: c.now}
		c.put(prod)
		if err := c.setProduct(prod, inline); err != nil {
			return nil, err
		}
		product = prod.ID
	}
	price, err := c.newPrice(data, product)
	if err != nil {
		return nil, err
	}
	price.Active = false
	return price, nil
}

// checkoutDiscount checks the discounts parameter.
func (c *call) checkoutDiscount(cs *object.CheckoutSession) error {
	list := c.p.List("discounts")
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		return invalid("discounts", "You can only pass one discount.")
	}
	cs.State.Coupon, cs.State.PromotionCode = list[0].Str("coupon"), list[0].Str("promotion_code")
	_, err := c.redeemable(c.checkoutRedemption(cs))
	return err
}

// checkoutRedemption is the discount of a session as somebody wanting it.
func (t *tx) checkoutRedemption(cs *object.CheckoutSession) redemption {
	r := redemption{coupon: cs.State.Coupon, promotion: cs.State.PromotionCode, customer: string(cs.Customer), on: "checkout", currency: string(cs.Currency)}
	for _, line := range cs.State.Lines {
		r.amount += lineCost(line)
	}
	return r
}

func lineCost(line *object.CheckoutLine) int64 {
	if line.Quantity == nil {
		return 0
	}
	return roundCost(line.Price, *line.Quantity)
}

// checkoutTerms is the coupon of a session, nil without one.
func (t *tx) checkoutTerms(cs *object.CheckoutSession) *object.Coupon {
	id := cs.State.Coupon
	if promo, ok := find[*object.PromotionCode](t, cs.State.PromotionCode); ok {
		id = promo.Coupon.ID
	}
	cp, _ := find[*object.Coupon](t, id)
	return cp
}

// priceCheckout works out what is due today.
//
// assumption: lines in a trial count as nothing.
func (t *tx) priceCheckout(cs *object.CheckoutSession, terms *object.Coupon) {
	if cs.Mode == "setup" {
		return
	}
	var subtotal, discount int64
	amounts := make([]int64, len(cs.State.Lines))
	for i, line := range cs.State.Lines {
		line.AmountSubtotal = lineCost(line)
		if cs.Trialing() && line.Price.Recurring != nil {
			line.AmountSubtotal = 0
		}
		line.AmountDiscount, line.AmountTotal, line.AmountTax = 0, line.AmountSubtotal, 0
		subtotal += line.AmountSubtotal
		if terms != nil && t.covers(terms, line.Price) {
			amounts[i] = line.AmountSubtotal
		}
	}
	if terms != nil {
		for i, off := range t.offs(terms, string(cs.Currency), amounts) {
			cs.State.Lines[i].AmountDiscount = off
			cs.State.Lines[i].AmountTotal -= off
			discount += off
		}
	}
	tax, over := t.taxCheckout(cs)
	cs.AmountSubtotal, cs.AmountTotal = ptr(subtotal), ptr(subtotal-discount+over)
	cs.TotalDetails = &object.CheckoutTotals{AmountDiscount: discount, AmountTax: tax, AmountShipping: ptr(int64(0))}
}

// breakdown is the discount of a session. Before completion there is no
// discount yet, only the promise of one.
func (t *tx) breakdown(cs *object.CheckoutSession) object.CheckoutBreakdown {
	out := object.CheckoutBreakdown{Discounts: []object.LineDiscount{}}
	terms := t.checkoutTerms(cs)
	if terms == nil {
		return out
	}
	d := &object.Discount{
		ID: "di_" + word(t.s.seed, "promised"+cs.ID, 0, 24), Object: "discount", CheckoutSession: object.Text(cs.ID), Coupon: terms,
		Customer: cs.Customer, PromotionCode: object.Text(cs.State.PromotionCode), Start: cs.Created,
	}
	for _, given := range all[*object.Discount](t) {
		if string(given.CheckoutSession) == cs.ID {
			d = given
		}
	}
	out.Discounts = append(out.Discounts, object.LineDiscount{Amount: cs.TotalDetails.AmountDiscount, Discount: d})
	return out
}
