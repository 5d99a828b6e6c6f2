package billing

import (
	"strconv"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// EditSettings asks for some settings to be as it says; nil fields stay.
type EditSettings struct {
	KeepAccessWhenPastDue     *bool
	PublishableReadsCustomers *bool
	PublishableCheckout       *bool
	RefundEndsAccess          *bool
	DisputeEndsAccess         *bool
	AutomaticTax              *bool
	TaxIDCollection           *bool
	UsageEventDays            *int
	MaxUsagePerCall           *int64
	Currency                  *money.Currency
	InCurrency                string // what has an amount in the present one; "" is nothing
	Actor                     string
	Now                       time.Time
}

// A SettingsChange is what an edit of the settings leads to. An edit that
// changes nothing has no entry for the history.
type SettingsChange struct {
	Settings catalog.Settings
	Audit    Audit
}

// Changed reports whether there is anything to save.
func (c SettingsChange) Changed() bool { return len(c.Audit.Changes) > 0 }

// DecideEditSettings returns the settings after an edit. The currency can be changed
// while nothing is priced in it. The errors are invalid_inputs and
// settings_currency_fixed.
func DecideEditSettings(s catalog.Settings, cmd EditSettings) (SettingsChange, error) {
	out := SettingsChange{Settings: s, Audit: Audit{At: cmd.Now, Actor: cmd.Actor, Action: "settings", Why: "The settings were changed."}}
	if n := cmd.UsageEventDays; n != nil && (*n < 1 || *n > catalog.MaxEventDays) {
		return out, refusal.Invalid(ReasonEventDays, catalog.MaxEventDays)
	}
	if n := cmd.MaxUsagePerCall; n != nil && (*n < 1 || *n > catalog.MostUsagePerCall) {
		return out, refusal.Invalid(ReasonMaxUsagePerCall, catalog.MostUsagePerCall)
	}
	if c := cmd.Currency; c != nil && *c != s.Currency {
		if !c.Known() {
			return out, refusal.Invalid(ReasonCurrencyUnknown, *c)
		}
		if cmd.InCurrency != "" {
			return out, refusal.Invalid(ReasonSettingsCurrencyFixed, s.Currency, cmd.InCurrency)
		}
		out.changed("currency", string(s.Currency), string(*c))
		out.Settings.Currency, out.Settings.Priced = *c, false
	}
	for _, f := range []struct {
		name string
		to   *bool
		from *bool
	}{
		{"keep_access_when_past_due", &out.Settings.KeepAccessWhenPastDue, cmd.KeepAccessWhenPastDue},
		{"publishable_reads_customers", &out.Settings.PublishableReadsCustomers, cmd.PublishableReadsCustomers},
		{"publishable_checkout", &out.Settings.PublishableCheckout, cmd.PublishableCheckout},
		{"refund_ends_access", &out.Settings.RefundEndsAccess, cmd.RefundEndsAccess},
		{"dispute_ends_access", &out.Settings.DisputeEndsAccess, cmd.DisputeEndsAccess},
		{"automatic_tax", &out.Settings.AutomaticTax, cmd.AutomaticTax},
		{"tax_id_collection", &out.Settings.TaxIDCollection, cmd.TaxIDCollection},
	} {
		if f.from != nil && *f.from != *f.to {
			out.changed(f.name, strconv.FormatBool(*f.to), strconv.FormatBool(*f.from))
			*f.to = *f.from
		}
	}
	if n := cmd.UsageEventDays; n != nil && *n != s.EventDays() {
		out.changed("usage_event_days", strconv.Itoa(s.EventDays()), strconv.Itoa(*n))
		out.Settings.UsageEventDays = *n
	}
	if n := cmd.MaxUsagePerCall; n != nil && *n != s.UsagePerCall() {
		out.changed("max_usage_per_call", strconv.FormatInt(s.UsagePerCall(), 10), strconv.FormatInt(*n, 10))
		out.Settings.MaxUsagePerCall = *n
	}
	return out, nil
}

func (c *SettingsChange) changed(field, from, to string) {
	c.Audit.Changes = append(c.Audit.Changes, Change{Field: field, Old: from, New: to})
}
