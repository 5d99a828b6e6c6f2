package stripesim

import "windfall/local/stripesim/object"

// combined refuses a second currency of a customer.
func combined(param, currency string) *apiError {
	return invalid(param, "You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency %s.", currency)
}

// combines refuses an invoice or an item in another currency than a subscription of the
// customer is in.
//
// https://docs.stripe.com/billing/customer#currency
func (t *tx) combines(cus *object.Customer, currency, param string) error {
	for _, sub := range t.openSubscriptions(cus.ID) {
		if sub.Currency != currency {
			return combined(param, sub.Currency)
		}
	}
	return nil
}
