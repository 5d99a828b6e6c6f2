package catalog

import (
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Settings are the choices a company makes per environment. Their stored names
// are those of the API.
type Settings struct {
	KeepAccessWhenPastDue     bool `json:"keep_access_when_past_due"`   // a customer whose payment failed keeps access while Stripe retries
	PublishableReadsCustomers bool `json:"publishable_reads_customers"` // a publishable key may read customers by id
	PublishableCheckout       bool `json:"publishable_checkout"`        // a publishable key may open a checkout page for a product as it is sold
	RefundEndsAccess          bool `json:"refund_ends_access"`          // a payment that is refunded in full ends what it paid for
	DisputeEndsAccess         bool `json:"dispute_ends_access"`         // a payment that the bank takes back ends what it paid for
	AutomaticTax              bool `json:"automatic_tax,omitempty"`     // Stripe computes the tax of what is bought from now on
	TaxIDCollection           bool `json:"tax_id_collection,omitempty"` // pages that sell ask for a tax id
	UsageEventDays            int  `json:"usage_event_days"`            // how long usage events are kept; 0 is 400

	// Currency is what prices are in, where nothing else is said: lower-case ISO 4217, never "".
	Currency money.Currency `json:"currency,omitzero"`
	Priced   bool           `json:"priced,omitzero"` // something was priced in it: whoever prices first saves that, so that no other currency is set at the same moment

	OwnPrices bool `json:"own_prices,omitzero"` // a customer was sold something at a price of their own, which is in no product: it stays so

	MaxUsagePerCall int64 `json:"max_usage_per_call"` // the most units of a feature that one call may count; 0 is a thousand million

	Version int64 `json:"-"` // counts the saves; guards every change
}

const MaxEventDays = 3660 // ten years

// EventDays is for how many days usage events are kept.
func (s Settings) EventDays() int {
	if s.UsageEventDays <= 0 {
		return defaultEventDays
	}
	return s.UsageEventDays
}

// defaultEventDays is how long events are kept: a year to compare with, and a
// month to notice.
const defaultEventDays = 400

// EventsKeptFor is how long a usage event is kept.
func (s Settings) EventsKeptFor() time.Duration {
	return time.Duration(s.EventDays()) * 24 * time.Hour
}

const (
	// usualUsagePerCall is below any time of today in seconds or milliseconds,
	// which are sent as a number of units by mistake.
	usualUsagePerCall int64 = 1_000_000_000

	MostUsagePerCall int64 = 1_000_000_000_000_000_000 // no request has a larger number
)

// UsagePerCall is how many units of a feature one call may count.
func (s Settings) UsagePerCall() int64 {
	if s.MaxUsagePerCall <= 0 {
		return usualUsagePerCall
	}
	return s.MaxUsagePerCall
}

// CheckUsage refuses a call that would count more units than one call may, or
// give as many back.
func (s Settings) CheckUsage(units money.Decimal) error {
	if most := money.Int(s.UsagePerCall()); units.Abs().GreaterThan(most) {
		return refusal.Invalid(ReasonUsagePerCall, units, most)
	}
	return nil
}
