package billing

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// The limits of what a caller may choose. They are checked before anything is
// written; docs/api.md has the table for callers. What only one rule knows
// stands with that rule: catalog_text.go, feature_check.go, item_price_rules.go,
// usage_event.go, and reward/new_code.go.
//
// The longest key of the table has 2,048 bytes and a row 400 KB; an answer has
// 6 MB, so a page of 100 customers has room for their metadata.
const (
	maxEmail         = 320      // bytes, as RFC 3696 counts; part of a key
	maxPersonName    = 256      // characters; Stripe's limit for a customer's name
	maxAddressPart   = 256      // characters of each part of an address
	maxFingerprint   = 255      // bytes; part of a key
	maxStripeID      = 255      // bytes
	maxMetadata      = 16 << 10 // bytes of JSON
	maxMetadataDepth = 10       // objects and lists within each other
	maxPurchase      = 20       // products of one attach

	maxPageKeys  = 40       // of the metadata of a purchase; Stripe takes 50, and ours are among them
	maxPageKey   = 40       // characters; Stripe's limit
	maxPageValue = 500      // characters; Stripe's limit
	maxParams    = 16 << 10 // bytes of the parameters that are passed on for a page
)

// Check refuses what does not fit into a row or a key: with invalid_inputs.
func (d CustomerData) Check() error {
	switch {
	case utf8.RuneCountInString(d.Name) > maxPersonName:
		return tooLong(refusal.FieldName, utf8.RuneCountInString(d.Name), maxPersonName, "characters")
	case catalog.TextProblem(refusal.FieldName, d.Name) != nil:
		return refusal.Invalid(ReasonNameText, catalog.TextProblem(refusal.FieldName, d.Name))
	case len(EmailKey(d.Email)) > maxEmail, len(d.Email) > maxEmail:
		return tooLong(refusal.FieldEmail, len(d.Email), maxEmail, "bytes")
	case d.Email != "" && !isEmail(d.Email):
		return refusal.Invalid(ReasonEmailForm, d.Email)
	case len(d.Fingerprint) > maxFingerprint:
		return tooLong(refusal.FieldFingerprint, len(d.Fingerprint), maxFingerprint, "bytes")
	}
	if err := d.Address.check(); err != nil {
		return err
	}
	return CheckMetadata(nil, d.Metadata)
}

// check refuses an address without a country, or that Stripe would cut.
func (a *Address) check() error {
	if a == nil {
		return nil
	}
	if len(a.Country) != 2 || strings.ContainsFunc(a.Country, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return refusal.Invalid(ReasonCountryForm, a.Country)
	}
	for _, part := range []string{a.PostalCode, a.State, a.City, a.Line1, a.Line2} {
		if n := utf8.RuneCountInString(part); n > maxAddressPart || strings.ContainsFunc(part, unicode.IsControl) || !utf8.ValidString(part) {
			return refusal.Invalid(ReasonAddressPart, maxAddressPart, part)
		}
	}
	return nil
}

// isEmail reports whether a text has the form of one address. It does
// not show whether mail arrives there.
func isEmail(s string) bool {
	name, domain, found := strings.Cut(s, "@")
	return found && name != "" && domain != "" && !strings.Contains(domain, "@") && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(",;<>", r)
	})
}

// CheckMetadata refuses metadata that are too large or too deep. Those that
// were so before may only become smaller.
func CheckMetadata(before, after map[string]any) error {
	size, depth := catalog.MeasureJSON(after)
	wasSize, wasDepth := catalog.MeasureJSON(before)
	switch {
	case depth > maxMetadataDepth && depth > wasDepth:
		return refusal.Invalid(ReasonMetadataTooDeep, maxMetadataDepth, depth)
	case size > maxMetadata && size > wasSize:
		return refusal.Invalid(ReasonMetadataTooLarge, maxMetadata, size)
	}
	return nil
}

// CheckStripeID refuses a text that can't be the id of a Stripe object.
func CheckStripeID(id string) error {
	if len(id) > maxStripeID || strings.ContainsFunc(id, func(r rune) bool { return !catalog.IsSlugRune(r) }) {
		return refusal.Invalid(ReasonStripeIDForm, id)
	}
	return nil
}

// CheckLimits refuses an attach of which a part is too long for Stripe or for
// the row that holds the decision: with invalid_inputs and invalid_options.
func (cmd Attach) CheckLimits(products int) error {
	if products > maxPurchase {
		return refusal.Invalid(ReasonProductsTooMany, maxPurchase, products)
	}
	for i, o := range cmd.Quantities {
		if catalog.QuantityGiven(cmd.Quantities[:i], o.FeatureID) {
			return refusal.Invalid(ReasonQuantityGivenTwice, o.FeatureID)
		}
	}
	if len(cmd.Metadata) > maxPageKeys {
		return refusal.Invalid(ReasonPurchaseKeysTooMany, maxPageKeys, len(cmd.Metadata))
	}
	for _, key := range slices.Sorted(maps.Keys(cmd.Metadata)) {
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxPageKey || strings.ContainsAny(key, "[]"):
			return refusal.Invalid(ReasonPurchaseKeyForm, maxPageKey, key)
		case utf8.RuneCountInString(cmd.Metadata[key]) > maxPageValue:
			return refusal.Invalid(ReasonPurchaseValueTooLong, key, maxPageValue, utf8.RuneCountInString(cmd.Metadata[key]))
		}
	}
	return checkParams(cmd.Extra)
}

func checkParams(flat map[string]string) error {
	size := 0
	for name, value := range flat {
		size += len(name) + len(value)
	}
	if size > maxParams {
		return tooLong(refusal.FieldCheckoutParams, size, maxParams, "bytes")
	}
	return nil
}

func tooLong(field refusal.Field, got, most int, unit string) *refusal.Error {
	return refusal.Invalid(ReasonTooLong, field, most, unit, got)
}
