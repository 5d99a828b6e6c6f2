package v2

import (
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/pageparams"
)

// purchaseTerms are what every purchase and change of this dialect may say.
type purchaseTerms struct {
	Trial        trialField           `json:"free_trial"`
	InvoiceMode  *invoiceMode         `json:"invoice_mode"`
	Redirect     string               `json:"redirect_mode"` // if_required, always or never
	Discounts    []fields.NamedReward `json:"discounts"`
	CycleAnchor  json.RawMessage      `json:"billing_cycle_anchor"`
	AutomaticTax *bool                `json:"automatic_tax"` // of this API alone

	LineItems fields.Unset   `json:"custom_line_items" instead:"an invoice has the lines of what is sold. Give the plan another price with customize, or sell the amount as a plan of its own."`
	NoBilling fields.Unset   `json:"no_billing_changes" instead:"what a customer has and what Stripe bills do not part here. Use proration_behavior none to charge nothing for a change, or customize with price null for a plan that costs nothing."`
	Usages    fields.Nothing `json:"carry_over_usages" instead:"what was used stays used across a change, unless an item says reset_usage_when_enabled. Leave it out, or say so in the items of the plan."`
	Licenses  fields.Unset   `json:"license_quantities" instead:"there are no licences. Create an entity for each seat with entities.create: the seats of the plan are counted and billed with it."`
}

// pageTerms are what a purchase may say that can end on a page.
type pageTerms struct {
	SuccessURL    string          `json:"success_url"`
	SessionParams map[string]any  `json:"checkout_session_params"`
	Metadata      map[string]any  `json:"metadata"`
	Apart         bool            `json:"new_billing_subscription"`
	Currency      fields.Currency `json:"currency"`
	EnableNow     bool            `json:"enable_plan_immediately"` // as in invoice mode it always is

	StartsAt  fields.Unset   `json:"starts_at" instead:"a plan begins when it is attached, or with plan_schedule end_of_cycle when the paid period ends. Attach it on the day on which it is to begin."`
	EndsAt    fields.Unset   `json:"ends_at" instead:"a plan ends when it is cancelled. Use cancel_action cancel_end_of_cycle of billing.update, or cancel_immediately on the day on which it is to end."`
	LongLived fields.Unset   `json:"long_lived_checkout" instead:"a page can be paid for a day. Attach again when the customer comes back later: it answers a new page."`
	Linked    fields.Unset   `json:"processor_subscription_id" instead:"subscriptions made elsewhere are not taken over. Leave it out: the plan gets a subscription of its own, or joins one of the customer."`
	Balances  fields.Nothing `json:"carry_over_balances" instead:"what is left of the plan before does not go to the one that follows. Read it with balances.list, and give it with balances.create after the change."`
	TaxRate   fields.Unset   `json:"tax_rate_id" instead:"taxes are computed by Stripe. Use automatic_tax, or the setting of that name."`
	Removes   fields.Unset   `json:"remove_plan_ids" instead:"a plan takes the place of the one of its group by itself. End any other one with cancel_action of billing.update."`
}

// invoiceMode sends an invoice instead of charging. Here the plan begins at once, and
// not with the payment.
type invoiceMode struct {
	Enabled   bool           `json:"enabled"`
	EnableNow fields.Ignored `json:"enable_plan_immediately"` // which SDKs send as false by themselves
	Finalize  *bool          `json:"finalize"`                // false leaves a draft
	NetTerms  *int           `json:"net_terms_days"`
	Template  fields.Unset   `json:"invoice_template_id" instead:"how invoices look is set in Stripe's Dashboard. Leave it out."`
}

// featureQuantity is how many units of a prepaid feature are bought, with those that
// the plan includes.
type featureQuantity struct {
	FeatureID  string      `json:"feature_id"`
	Quantity   *api.Number `json:"quantity"`   // absent: the customer chooses on the page
	Adjustable bool        `json:"adjustable"` // the customer may change it on the page
}

// redirects are the ways of a purchase to a page: asked for, or ruled out.
var redirects = map[string]struct{ always, never bool }{"": {}, "if_required": {}, "always": {always: true}, "never": {never: true}}

func errRedirect(mode string) error {
	return api.InvalidInputs("redirect_mode: if_required, always or never, not %.40q.", mode)
}

// into adds the terms to a command.
func (in purchaseTerms) into(cmd *app.AttachCommand, req api.Request) (err error) {
	redirect, known := redirects[in.Redirect]
	invoice := in.InvoiceMode != nil && in.InvoiceMode.Enabled
	switch {
	case !known:
		return errRedirect(in.Redirect)
	case redirect.always && invoice:
		return api.InvalidInputs("redirect_mode: always asks for a page to pay on, and invoice_mode for an invoice instead. Send one of them.")
	case invoice && in.InvoiceMode.NetTerms != nil && *in.InvoiceMode.NetTerms != billing.NetTerms:
		return api.InvalidInputs("invoice_mode.net_terms_days: an invoice is due after %d days. Leave it out.", billing.NetTerms)
	}
	t := &cmd.Terms
	t.ForceCheckout, t.NoPage, t.AutomaticTax = redirect.always, redirect.never, in.AutomaticTax
	t.Publishable, t.Now = req.Publishable, req.Now
	t.ByInvoice, t.DraftInvoice = invoice, invoice && in.InvoiceMode.Finalize != nil && !*in.InvoiceMode.Finalize
	if t.Trial, t.NoTrial, err = in.Trial.rule(); err != nil {
		return err
	}
	if t.BillingDay, t.BeginNow, err = fields.BillingDay(in.CycleAnchor); err != nil {
		return err
	}
	return fields.AddRewards(cmd, in.Discounts)
}

func (in pageTerms) into(cmd *app.AttachCommand) (err error) {
	if in.EnableNow && !cmd.Terms.ByInvoice {
		return api.Invalid("enable_plan_immediately: a plan that is paid on a page begins when it is paid. Leave it out, or use invoice_mode.")
	}
	if _, set := in.SessionParams["allow_promotion_codes"]; set && len(cmd.RewardIDs)+len(cmd.Codes) > 0 {
		return api.InvalidInputs("checkout_session_params.allow_promotion_codes: the page has the discount of the reward, and takes one. Leave it out.")
	}
	if err := fields.CheckSuccessURL(in.SuccessURL, in.SessionParams); err != nil {
		return err
	}
	t := &cmd.Terms
	t.SuccessURL, t.Apart, cmd.Currency = in.SuccessURL, in.Apart, money.Currency(in.Currency)
	if t.Metadata = api.Texts(in.Metadata); in.Metadata != nil {
		if err := pageparams.CheckMetadata(t.Metadata); err != nil {
			return err
		}
	}
	if t.Extra, err = pageparams.Read(in.SessionParams, pageparams.PaysOnce|pageparams.Subscribes); err != nil {
		return err
	}
	return fields.TaxOnPage(t)
}

// addQuantities adds the quantities of a plan to the terms; planID is "" for any.
func addQuantities(t *billing.Attach, planID string, quantities []featureQuantity, page bool) error {
	for n, q := range quantities {
		switch {
		case q.FeatureID == "":
			return api.InvalidInputs("feature_quantities[%d].feature_id: required.", n)
		case q.Quantity == nil && (!page || !q.Adjustable):
			return api.InvalidInputs("feature_quantities[%d].quantity: required, unless the customer chooses it on a page (adjustable).", n)
		case q.Quantity == nil:
			continue
		}
		for _, other := range quantities[:n] {
			if other.FeatureID == q.FeatureID {
				return api.InvalidInputs("feature_quantities: feature %.80q is given twice.", q.FeatureID)
			}
		}
		t.Units = append(t.Units, billing.Units{ProductID: planID, FeatureID: q.FeatureID, Quantity: q.Quantity.Decimal})
		if !q.Adjustable {
			t.Fixed = append(t.Fixed, q.FeatureID)
		}
	}
	return nil
}

// trialField is a trial of a call: null is none, and absent leaves it to the plan.
type trialField struct {
	given bool
	trial *trialRequest
}

type trialRequest struct {
	Length       int        `json:"duration_length"`
	Duration     api.OrNull `json:"duration_type"` // day, month or year
	CardRequired *bool      `json:"card_required"` // true unless given
	OnEnd        string     `json:"on_end"`        // bill
}

func (f *trialField) UnmarshalJSON(b []byte) error {
	if b[0] != '{' && string(b) != "null" {
		return api.InvalidInputs("expected object or null.")
	}
	f.given = true
	return json.Unmarshal(b, &f.trial)
}

func (trialField) Reads() any { return trialRequest{} }

// rule is the trial, or none at all.
func (f trialField) rule() (own *catalog.FreeTrial, none bool, err error) {
	t := f.trial
	if t == nil {
		return nil, f.given, nil
	}
	own = &catalog.FreeTrial{Length: t.Length, Duration: money.Interval(t.Duration), CardRequired: t.CardRequired == nil || *t.CardRequired}
	if t.Duration == "" {
		own.Duration = money.Month
	}
	return own, false, checkEnd(api.OrNull(t.OnEnd), own.CardRequired)
}
