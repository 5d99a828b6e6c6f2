package billing

import (
	"maps"
	"slices"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A PageMode is what a page of Stripe does, and so which parameters it takes.
type PageMode int

const (
	PaysOnce PageMode = 1 << iota
	Subscribes
	SavesCard

	selling = PaysOnce | Subscribes
	anyPage = selling | SavesCard
)

// pageParams lists what a caller may set on a page of Stripe: how it looks, what
// it asks, where it leads. Nothing here touches price, trial, items, customer or
// mode, nor what Windfall reads when the page is done. A new parameter of Stripe
// is refused until it has a line.
//
// Source: https://docs.stripe.com/api/checkout/sessions/create?api-version=2023-10-16
var pageParams = map[string]struct {
	modes PageMode
	form  paramForm
}{
	"allow_promotion_codes":      {selling, flag},
	"automatic_tax":              {selling, object{"enabled": flag}},
	"billing_address_collection": {anyPage, words{"auto", "required"}},
	"cancel_url":                 {anyPage, link},
	"client_reference_id":        {anyPage, text(200)},
	"consent_collection": {selling, object{"promotions": words{"auto", "none"}, "terms_of_service": words{"none", "required"},
		"payment_method_reuse_agreement": object{"position": words{"auto", "hidden"}}}},
	"custom_fields":               {selling, list{3, customField}},
	"custom_text":                 {anyPage, object{"after_submit": message, "shipping_address": message, "submit": message, "terms_of_service_acceptance": message}},
	"customer_update":             {anyPage, object{"address": update, "name": update, "shipping": update}},
	"locale":                      {anyPage, locales},
	"metadata":                    {anyPage, labels},
	"payment_intent_data":         {PaysOnce, object{"description": text(1000)}},
	"payment_method_types":        {SavesCard, list{10, text(40)}},
	"phone_number_collection":     {anyPage, object{"enabled": flag}},
	"setup_intent_data":           {SavesCard, object{"description": text(1000)}},
	"shipping_address_collection": {selling, object{"allowed_countries": list{300, text(2)}}},
	"submit_type":                 {PaysOnce, words{"auto", "book", "donate", "pay"}},
	"subscription_data":           {Subscribes, object{"description": text(500)}},
	"success_url":                 {anyPage, link},
	"tax_id_collection":           {selling, object{"enabled": flag}},
}

var (
	message     = object{"message": text(1200)}
	update      = words{"auto", "never"}
	lengths     = object{"maximum_length": numeric, "minimum_length": numeric}
	customField = object{"key": text(200), "label": object{"custom": text(50), "type": words{"custom"}}, "optional": flag,
		"type":     words{"dropdown", "numeric", "text"},
		"dropdown": object{"options": list{200, object{"label": text(100), "value": text(100)}}}, "numeric": lengths, "text": lengths}
	locales = words{"auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id", "it",
		"ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"}
)

// PageParams returns the parameters of a caller for a page in one of the modes, in
// the encoding of Stripe's forms: a[b][0]. A parameter outside the list is refused
// by its name.
func PageParams(given map[string]any, modes PageMode) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		known, found := pageParams[name]
		if !found || known.modes&modes == 0 {
			return nil, badParam(name, "can't be set. It follows from the product and the customer, or Windfall does not know it")
		}
		if given[name] == nil {
			continue
		}
		if err := known.form.read(name, given[name], out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// CheckPage refuses parameters that a page for these products can't have: what
// they cost tells whether it is paid once or starts a subscription.
func (cmd Attach) CheckPage() error {
	mode, does := PaysOnce, "is paid once"
	if cmd.recurs() {
		mode, does = Subscribes, "starts a subscription"
	}
	for _, name := range slices.Sorted(maps.Keys(cmd.Extra)) {
		top, _, _ := strings.Cut(name, "[")
		if pageParams[top].modes&mode == 0 {
			return badParam(top, "does not fit: a page that %s can't have it", does)
		}
	}
	labels := len(cmd.Metadata)
	for name := range cmd.Extra {
		if strings.HasPrefix(name, "metadata[") {
			labels++
		}
	}
	if labels > maxLabels {
		return refusal.Invalid(ReasonPageLabelsTooMany, maxLabels)
	}
	return nil
}

// recurs reports whether anything of the purchase is paid again and again; what
// costs nothing has no page, and may go on for ever.
func (cmd Attach) recurs() bool {
	if cmd.Items != nil {
		return slices.ContainsFunc(*cmd.Items, func(i catalog.WantedItem) bool { return (i.Price != nil || len(i.Tiers) > 0) && i.Cycle.Repeats() })
	}
	return slices.ContainsFunc(cmd.Products, catalog.Product.Recurring) || !slices.ContainsFunc(cmd.Products, catalog.Product.OneOff)
}
