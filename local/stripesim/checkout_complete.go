package stripesim

import (
	"fmt"
	"strings"
	"unicode"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// complete is the buyer pressing the button. Every refusal leaves the session
// open and everything else as it was.
func (t *tx) complete(id string, p hosted.Purchase) (*object.CheckoutSession, error) {
	cs, err := t.openCheckout(id)
	if err != nil {
		return nil, err
	}
	if err := checkEmail("email", p.Email); err != nil {
		return nil, err
	}
	if cs.Customer != "" { // one that was deleted since buys nothing
		if _, err := t.customer(string(cs.Customer), "customer"); err != nil {
			return nil, err
		}
	}
	if err := t.adjust(cs, p.Quantities); err != nil {
		return nil, err
	}
	discount, err := t.checkoutRedeem(cs, p.PromotionCode)
	if err != nil {
		return nil, err
	}
	t.checkoutBuyer(cs, p)
	if err := t.checkoutBilling(cs, p); err != nil {
		return nil, err
	}
	t.priceCheckout(cs, t.checkoutTerms(cs))
	if err := checkoutFits(cs, "quantities"); err != nil {
		return nil, err
	}
	switch cs.Mode {
	case "subscription":
		err = t.completeSubscription(cs, p, discount)
	case "payment":
		err = t.completePayment(cs, p, discount)
	default:
		err = t.completeSetup(cs, p)
	}
	if err != nil {
		return nil, err
	}
	cs.Status, cs.URL = "complete", ""
	cs.PaymentStatus = "paid"
	if cs.AmountTotal == nil || *cs.AmountTotal == 0 {
		cs.PaymentStatus = "no_payment_required"
	}
	t.emit("checkout.session.completed", cs)
	return cs, nil
}

// openCheckout is a session that can still be completed.
func (t *tx) openCheckout(id string) (*object.CheckoutSession, error) {
	old, err := need[*object.CheckoutSession](t, "checkout.session", id, "id")
	if err != nil {
		return nil, err
	}
	if old.Status != "open" {
		return nil, invalid("", "This Checkout Session has a status of %s and can no longer be completed.", old.Status)
	}
	return edit[*object.CheckoutSession](t, id), nil
}

// adjust sets the quantities that the buyer changed. A key is the feature_id
// in the price's metadata, the price, or its product. The value counts in the
// line's own unit, or in single units where metadata says billing_units.
func (t *tx) adjust(cs *object.CheckoutSession, quantities map[string]int64) error {
	for key, value := range quantities {
		line := t.lineFor(cs, key)
		if line == nil {
			return invalid("quantities", "No line item of this session matches %q.", key)
		}
		if pack := t.packOf(line.Price); pack > 1 {
			value = calc.Packs(value, pack, true)
		}
		switch {
		case line.Quantity != nil && value == *line.Quantity:
		case !line.State.Adjustable:
			return invalid("quantities", "The quantity of %q cannot be changed.", key)
		case value < line.State.Min || value > line.State.Max:
			return invalid("quantities", "The quantity of %q must be between %d and %d.", key, line.State.Min, line.State.Max)
		default:
			line.Quantity = ptr(value)
		}
	}
	for _, line := range cs.State.Lines {
		if line.Quantity == nil || *line.Quantity > 0 {
			return nil
		}
	}
	if cs.Mode == "setup" {
		return nil
	}
	return invalid("quantities", "At least one line item must have a quantity.")
}

func (t *tx) lineFor(cs *object.CheckoutSession, key string) *object.CheckoutLine {
	for _, line := range cs.State.Lines {
		if line.Price.Metadata["feature_id"] == key || line.Price.ID == key || line.Price.Product == key {
			return line
		}
	}
	for _, line := range cs.State.Lines {
		if prod, ok := find[*object.Product](t, line.Price.Product); ok && prod.Metadata["feature_id"] == key {
			return line
		}
	}
	return nil
}

// packOf is how many units of a feature one unit of the line stands for.
func (t *tx) packOf(p *object.Price) int64 {
	text := p.Metadata["billing_units"]
	if prod, ok := find[*object.Product](t, p.Product); ok && text == "" {
		text = prod.Metadata["billing_units"]
	}
	var n int64
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return 1
	}
	return n
}

// checkoutRedeem checks the session's discount, or the code that was typed.
func (t *tx) checkoutRedeem(cs *object.CheckoutSession, code string) (*redemption, error) {
	if code = strings.TrimSpace(code); code != "" {
		if cs.AllowPromotionCodes == nil || !*cs.AllowPromotionCodes {
			return nil, invalid("promotion_code", "This session does not take promotion codes.")
		}
		promo, ok := t.promotionByCode(code, string(cs.Customer))
		if !ok {
			return nil, invalidCode("promotion_code_invalid", "promotion_code", "This code is invalid.")
		}
		cs.State.PromotionCode = promo.ID
	}
	if cs.State.Coupon == "" && cs.State.PromotionCode == "" {
		return nil, nil
	}
	r, err := t.redeemable(t.checkoutRedemption(cs))
	return &r, err
}

// checkEmail refuses what can be no address, as the field of Stripe's page does.
func checkEmail(param, email string) error {
	name, domain, _ := strings.Cut(email, "@")
	if email != "" && (name == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(email, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })) {
		return invalidCode("email_invalid", param, "Invalid email address: %.100s", email)
	}
	return nil
}

// checkoutBuyer makes the customer, when the session needs one.
func (t *tx) checkoutBuyer(cs *object.CheckoutSession, p hosted.Purchase) {
	email := object.Text(p.Email)
	if email == "" {
		email = cs.CustomerEmail
	}
	if cs.Customer != "" {
		return
	}
	if email == "" {
		email = "buyer@example.com"
	}
	cs.CustomerDetails = &object.CheckoutCustomer{Email: email, Name: object.Text(p.Name), TaxExempt: "none", TaxIds: []object.TaxID{}}
	invoices := cs.InvoiceCreation != nil && cs.InvoiceCreation.Enabled
	if cs.CustomerCreation != "always" && !invoices && cs.State.SetupFutureUsage == "" {
		return
	}
	cus := &object.Customer{
		ID: t.newID("cus_"), Object: "customer", Created: t.now, Email: email, Name: object.Text(p.Name), TaxExempt: "none",
		NextInvoiceSequence: 1, PreferredLocales: []string{}, Delinquent: ptr(false),
	}
	cus.InvoicePrefix = object.Text(strings.ToUpper(word(t.s.seed, "prefix", t.Seq, 8)))
	t.put(cus)
	t.emit("customer.created", cus)
	cs.Customer = object.Text(cus.ID)
}

// checkoutCard is the card that was entered, refused when it declines already
// here.
func (t *tx) checkoutCard(p hosted.Purchase) (*object.PaymentMethod, error) {
	if p.PaymentMethod == "" {
		return nil, invalidCode("parameter_missing", "payment_method", "A payment method is required to complete this session.")
	}
	pm, err := t.usable(p.PaymentMethod)
	if err != nil {
		return nil, err
	}
	if refusesToAttach(pm.State.Behavior) {
		return nil, declined(verdicts[pm.State.Behavior])
	}
	return pm, nil
}
