package stripesim

import (
	"math/big"
	"strconv"
	"strings"

	"windfall/local/stripesim/display"
	"windfall/local/stripesim/object"
)

// largest is the largest amount of a charge in the minor unit: eight digits.
//
// assumption: the same holds of a price, of an invoice item, of what is taken off,
// and of what is due of an invoice when it is finalized.
//
// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const largest = 99_999_999

// tooLarge is Stripe's refusal of an amount beyond the largest.
//
// https://docs.stripe.com/error-codes#amount-too-large
func tooLarge(param, currency string) *apiError {
	return invalidCode("amount_too_large", param, "Amount must be no more than %s", largestText(currency))
}

// largestText is "$999,999.99", or "¥99,999,999" of a currency without minor units.
func largestText(currency string) string {
	text := display.Money(object.Decimal(strconv.Itoa(largest)), currency)
	return strings.NewReplacer("99999999", "99,999,999", "999999", "999,999", "99999.999", "99,999.999").Replace(text)
}

// fits tells whether an amount, above or below zero, is not beyond the largest.
func fits(amount *big.Rat) bool {
	return new(big.Rat).Abs(amount).Cmp(new(big.Rat).SetInt64(largest)) <= 0
}

// decimalFits is fits of a decimal.
func decimalFits(d object.Decimal) bool {
	r, ok := new(big.Rat).SetString(string(d))
	return !ok || fits(r)
}

// checkCost refuses an item of a subscription that costs too much in a period.
// Metered items are not known before.
func checkCost(item *object.SubscriptionItem, param string) error {
	if metered(item.Price) || item.Quantity == nil || fits(cost(item.Price, *item.Quantity)) {
		return nil
	}
	return invalid(param, "Invalid quantity: total amount (quantity * plan amount) must be no more than %s %s", largestText(item.Price.Currency), strings.ToUpper(item.Price.Currency))
}

// checkDue refuses to finalize an invoice of which too much is due, or whose tax is
// not known.
func (t *tx) checkDue(inv *object.Invoice) *apiError {
	t.total(inv)
	if inv.AutomaticTax.Status == "requires_location_inputs" {
		return locationInvalid("")
	}
	if inv.Total+inv.StartingBalance > largest {
		return tooLarge("", inv.Currency)
	}
	return nil
}

// notFinalized leaves a draft as it is and tells so. Nothing tries again.
//
// https://docs.stripe.com/api/events/types#event_types-invoice.finalization_failed
//
// assumption: the subscription goes on, and the draft waits for a person.
func (t *tx) notFinalized(inv *object.Invoice, why *apiError) {
	inv.LastFinalizationError, inv.State.FinalizeAt, inv.NextPaymentAttempt = &why.body, 0, 0
	t.emit("invoice.finalization_failed", inv)
}

// mostInvoiceItems is how many items an invoice takes; those that wait beyond
// that are left to the next one.
//
// https://docs.stripe.com/changelog/2016-02-22/no-more-than-250-invoice-items
const mostInvoiceItems = 250

func itemsOn(inv *object.Invoice) (n int) {
	for _, line := range inv.Lines.Data {
		if line.InvoiceItem != "" {
			n++
		}
	}
	return n
}

// checkoutFits refuses a session that asks for too much today.
func checkoutFits(cs *object.CheckoutSession, param string) error {
	if cs.AmountTotal != nil && *cs.AmountTotal > largest {
		return tooLarge(param, string(cs.Currency))
	}
	return nil
}
