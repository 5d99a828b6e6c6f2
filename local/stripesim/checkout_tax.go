package stripesim

import (
	"slices"
	"strings"

	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// checkoutTax reads what a session computes and asks about taxes. Of a customer who
// exists, what is asked must be kept.
//
// https://docs.stripe.com/tax/checkout
func (c *call) checkoutTax(cs *object.CheckoutSession) error {
	var tax object.AutomaticTax
	setTax(&tax, c.p)
	cs.AutomaticTax = taxed(tax)
	update := c.p.Sub("customer_update")
	cs.State.SaveAddress, cs.State.SaveName = update.Str("address") == "auto", update.Str("name") == "auto"
	if c.p.Sub("tax_id_collection").Bool("enabled") {
		cs.TaxIDCollection = &object.Enabled{Enabled: true}
	}
	if cs.Customer == "" {
		cs.State.SaveAddress, cs.State.SaveName = true, true
		return nil
	}
	cus, _ := find[*object.Customer](c.tx, string(cs.Customer))
	switch {
	case tax.Enabled && !cs.State.SaveAddress && !located(cus.Address):
		return invalidCode("customer_tax_location_invalid", "", "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.")
	case cs.TaxIDCollection != nil && !cs.State.SaveName:
		return invalid("tax_id_collection", "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.")
	}
	return nil
}

// asksAddress tells whether the page asks where the buyer is.
func asksAddress(cs *object.CheckoutSession) bool {
	return cs.AutomaticTax.Enabled || cs.BillingAddressCollection == "required"
}

// checkoutBilling keeps the address and the tax id that were entered. Where a tax is
// computed there must be an address.
//
// assumption: without one entered, the customer's own is taken.
func (t *tx) checkoutBilling(cs *object.CheckoutSession, p hosted.Purchase) error {
	cus := &object.Customer{}
	if cs.Customer != "" {
		cus = edit[*object.Customer](t, string(cs.Customer))
	}
	address := cus.Address
	if p.Country != "" || p.PostalCode != "" {
		if !asksAddress(cs) {
			return invalid("country", "This session does not ask for a billing address.")
		}
		if err := checkCountry(p.Country, "country"); err != nil {
			return err
		}
		address = &object.Address{Country: object.Text(p.Country), PostalCode: object.Text(p.PostalCode)}
	}
	if cs.AutomaticTax.Enabled && !located(address) {
		return locationInvalid("country")
	}
	id, err := taxID(cs, address, p.TaxID)
	if err != nil {
		return err
	}
	before := *cus
	if p.Country != "" && cs.State.SaveAddress {
		cus.Address = address
	}
	if id != nil {
		cus.State.TaxIDs = append(slices.Clone(cus.State.TaxIDs), *id)
	}
	if p.Name != "" && cs.State.SaveName {
		cus.Name = object.Text(p.Name)
	}
	d := object.CheckoutCustomer{TaxExempt: "none"}
	if cs.CustomerDetails != nil {
		d = *cs.CustomerDetails
	}
	d.Address, d.TaxIds = address, append([]object.TaxID{}, cus.State.TaxIDs...)
	cs.CustomerDetails = &d
	if cs.Customer != "" && (cus.Address != before.Address || cus.Name != before.Name || id != nil) {
		t.emit("customer.updated", cus)
	}
	return nil
}

// taxIDTypes are the kinds of tax id by country; that of the European Union is written
// with the country.
//
// https://docs.stripe.com/billing/customer/tax-ids
var taxIDTypes = map[string]string{
	"AU": "au_abn", "CA": "ca_gst_hst", "CH": "ch_vat", "GB": "gb_vat", "IN": "in_gst", "JP": "jp_trn", "NO": "no_vat", "NZ": "nz_gst", "SG": "sg_gst", "US": "us_ein",
}

// taxID reads the number that a business entered. It changes no tax.
//
// assumption: it is not looked up anywhere; Stripe does so later, and charges a business
// in another country of the European Union no tax.
func taxID(cs *object.CheckoutSession, address *object.Address, value string) (*object.TaxID, error) {
	if value = strings.TrimSpace(value); value == "" {
		return nil, nil
	}
	if cs.TaxIDCollection == nil {
		return nil, invalid("tax_id", "This session does not ask for a tax ID.")
	}
	country := ""
	if address != nil {
		country = string(address.Country)
	}
	kind, other := taxIDTypes[country]
	if !other {
		kind = "eu_vat"
		if country == "" || !strings.HasPrefix(value, country) {
			return nil, invalidCode("tax_id_invalid", "tax_id", "Invalid value for eu_vat.")
		}
	}
	return &object.TaxID{Type: kind, Value: object.Text(value)}, nil
}

// taxCheckout computes the tax of each line as its invoice will have it. tax is all of
// it, and over what comes on top.
func (t *tx) taxCheckout(cs *object.CheckoutSession) (tax, over int64) {
	if !cs.AutomaticTax.Enabled {
		return 0, 0
	}
	cs.AutomaticTax.Status = "requires_location_inputs"
	if cs.CustomerDetails == nil || !located(cs.CustomerDetails.Address) {
		return 0, 0
	}
	cs.AutomaticTax.Status = "complete"
	of := taxingOf(cs.CustomerDetails.Address, cs.CustomerDetails.TaxExempt, string(cs.Currency))
	for _, line := range cs.State.Lines {
		var code object.Text
		if product, ok := find[*object.Product](t, line.Price.Product); ok {
			code = product.TaxCode
		}
		one := of.on(line.AmountTotal, line.Price.TaxBehavior, code)
		line.AmountTax, tax = one.Amount, tax+one.Amount
		if !one.Inclusive {
			line.AmountTotal += one.Amount
			over += one.Amount
		}
	}
	return tax, over
}
