// Package pageparams reads what a caller may set on a page of Stripe's: how it
// looks, what it asks, where it leads.
package pageparams

import (
	"maps"
	"slices"
)

// A Mode is what a page of Stripe does, and so which parameters it takes.
type Mode int

const (
	PaysOnce Mode = 1 << iota
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
	modes Mode
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

// Read returns the parameters of a caller for a page in one of the modes, in
// the encoding of Stripe's forms: a[b][0]. A parameter outside the list is refused
// by its name.
func Read(given map[string]any, modes Mode) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		known, found := pageParams[name]
		if !found || known.modes&modes == 0 {
			return nil, Refused(name, "can't be set. It follows from the product and the customer, or Windfall does not know it")
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

// Fits reports whether a page in a mode takes a parameter.
func Fits(name string, mode Mode) bool { return pageParams[name].modes&mode != 0 }
