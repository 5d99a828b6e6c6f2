package stripesim

import (
	"math/big"
	"slices"
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

// taxPercents is the tax by the country of the customer's address. Any other country
// has none.
//
// assumption: one rate for a country and all that is sold there, as if the seller were
// registered everywhere. Stripe knows regions, kinds of goods and registrations.
var taxPercents = map[string]string{
	"AT": "20", "AU": "10", "BE": "21", "CA": "5", "CH": "8.1", "DE": "19", "DK": "25", "ES": "21", "FI": "25.5", "FR": "20",
	"GB": "20", "HU": "27", "IE": "23", "IN": "18", "IT": "22", "JP": "10", "LU": "17", "NL": "21", "NO": "25", "NZ": "15",
	"PL": "23", "PT": "23", "SE": "25", "SG": "9", "US": "0",
}

// nontaxable is the tax code of what is no sale.
//
// https://docs.stripe.com/tax/tax-codes
const nontaxable = "txcd_00000000"

const taxParams = "automatic_tax:{enabled!:b}"

// locationInvalid is Stripe's refusal to compute a tax without knowing where.
//
// https://docs.stripe.com/error-codes#customer-tax-location-invalid
func locationInvalid(param string) *apiError {
	return invalidCode("customer_tax_location_invalid", param, "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.")
}

// located tells whether an address says where: its country, in the United States with
// the postal code, in Canada with that or the province.
//
// https://docs.stripe.com/tax/customer-locations
func located(a *object.Address) bool {
	switch {
	case a == nil || len(a.Country) != 2:
		return false
	case a.Country == "US":
		return a.PostalCode != ""
	case a.Country == "CA":
		return a.PostalCode != "" || a.State != ""
	}
	return true
}

// checkLocation refuses an automatic tax for a customer who is nowhere.
func (t *tx) checkLocation(enabled bool, customer string) error {
	if cus, ok := find[*object.Customer](t, customer); enabled && (!ok || !located(cus.Address)) {
		return locationInvalid("")
	}
	return nil
}

// setTax reads automatic_tax. What has it before keeps it.
func setTax(field *object.AutomaticTax, p *form.Params) {
	if p.Given("automatic_tax") {
		*field = object.AutomaticTax{}
		if p.Sub("automatic_tax").Bool("enabled") {
			*field = object.AutomaticTax{Enabled: true, Liability: &object.Issuer{Type: "self"}}
		}
	}
}

// taxed is the automatic tax of an invoice or a page.
func taxed(of object.AutomaticTax) object.InvoiceAutomaticTax {
	return object.InvoiceAutomaticTax{Enabled: of.Enabled, Liability: of.Liability}
}

// A taxing is how one customer is taxed.
type taxing struct {
	percent *big.Rat
	rate    string // the id of the tax rate
	reason  string // why it is nothing, "" where it is not
	step    int64  // of the currency, of which every tax is a multiple
}

// taxingOf reads the customer's address; located says that it is usable.
func taxingOf(a *object.Address, exempt object.Text, currency string) taxing {
	percent, known := taxPercents[string(a.Country)]
	out := taxing{calc.Rat(percent), "txr_" + strings.ToLower(string(a.Country)), "", calc.Step(currency)}
	switch {
	case exempt == "exempt":
		out.percent, out.reason = new(big.Rat), "customer_exempt"
	case exempt == "reverse":
		out.percent, out.reason = new(big.Rat), "reverse_charge"
	case !known || out.percent.Sign() == 0:
		out.percent, out.reason = new(big.Rat), "not_collecting"
	}
	return out
}

// on is the tax of one amount; code is the tax code of what is sold. A behavior that
// nobody has said is exclusive, as in the settings of a new account.
func (g taxing) on(amount int64, behavior, code object.Text) object.TaxAmount {
	out := object.TaxAmount{Inclusive: behavior == "inclusive", TaxRate: g.rate, TaxabilityReason: "standard_rated", TaxableAmount: ptr(amount)}
	switch {
	case code == nontaxable:
		out.TaxabilityReason, out.TaxableAmount = "product_exempt", ptr(int64(0))
	case g.reason != "":
		out.TaxabilityReason, out.TaxableAmount = object.Text(g.reason), ptr(int64(0))
	case out.Inclusive:
		out.Amount = calc.TaxIn(amount, g.percent, g.step)
		out.TaxableAmount = ptr(amount - out.Amount)
	default:
		out.Amount = calc.TaxOn(amount, g.percent, g.step)
	}
	return out
}

// taxLines computes the tax of each line after its discounts, and adds it up: what comes
// on top, and what the lines contain.
func (t *tx) taxLines(inv *object.Invoice) (over, within int64) {
	inv.Tax, inv.TotalTaxAmounts, inv.AutomaticTax.Status = nil, []object.TaxAmount{}, ""
	for _, line := range inv.Lines.Data {
		line.TaxAmounts = []object.TaxAmount{}
	}
	if !inv.AutomaticTax.Enabled {
		return 0, 0
	}
	inv.AutomaticTax.Status = "requires_location_inputs"
	cus, ok := find[*object.Customer](t, string(inv.Customer))
	if !ok || !located(cus.Address) {
		return 0, 0
	}
	inv.AutomaticTax.Status, inv.CustomerAddress, inv.CustomerTaxIds = "complete", cus.Address, slices.Clone(cus.State.TaxIDs)
	of := taxingOf(cus.Address, cus.TaxExempt, string(inv.Currency))
	for _, line := range inv.Lines.Data {
		net := line.Amount
		for _, d := range line.DiscountAmounts {
			net -= d.Amount
		}
		behavior, code := t.taxTerms(line)
		tax := of.on(net, behavior, code)
		line.TaxAmounts = []object.TaxAmount{tax}
		if tax.Inclusive {
			line.AmountExcludingTax = ptr(net - tax.Amount)
			within += tax.Amount
		} else {
			over += tax.Amount
		}
		addTax(inv, tax)
	}
	inv.Tax = ptr(over + within)
	return over, within
}

// addTax adds the tax of a line to the sums of its invoice.
func addTax(inv *object.Invoice, tax object.TaxAmount) {
	for i := range inv.TotalTaxAmounts {
		if sum := &inv.TotalTaxAmounts[i]; sum.Inclusive == tax.Inclusive && sum.TaxabilityReason == tax.TaxabilityReason {
			sum.Amount += tax.Amount
			*sum.TaxableAmount += *tax.TaxableAmount
			return
		}
	}
	tax.TaxableAmount = ptr(*tax.TaxableAmount)
	inv.TotalTaxAmounts = append(inv.TotalTaxAmounts, tax)
}

// taxTerms are the tax behavior and code of a line: those of its price, or else those
// that its item was given.
func (t *tx) taxTerms(line *object.InvoiceLine) (behavior, code object.Text) {
	if it, ok := find[*object.InvoiceItem](t, line.InvoiceItem); ok {
		behavior, code = object.Text(it.State.TaxBehavior), object.Text(it.State.TaxCode)
	}
	if line.Price == nil {
		return behavior, code
	}
	if line.Price.TaxBehavior != "unspecified" {
		behavior = line.Price.TaxBehavior
	}
	if product, ok := find[*object.Product](t, line.Price.Product); ok && code == "" {
		code = product.TaxCode
	}
	return behavior, code
}

// taxWithin is the tax that the lines of an invoice contain before its discount.
func taxWithin(inv *object.Invoice) (sum int64) {
	for _, line := range inv.Lines.Data {
		for _, tax := range line.TaxAmounts {
			if percent := taxPercents[strings.ToUpper(strings.TrimPrefix(tax.TaxRate, "txr_"))]; tax.Inclusive && *tax.TaxableAmount != 0 {
				sum += calc.TaxIn(line.Amount, calc.Rat(percent), calc.Step(string(inv.Currency)))
			}
		}
	}
	return sum
}
