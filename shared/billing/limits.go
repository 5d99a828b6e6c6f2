package billing

import (
	"fmt"
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

	MaxNotes     = 40       // of the metadata of a purchase; Stripe takes 50, and ours are among them
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
	case d.Currency != "" && !d.Currency.Known():
		return refusal.Invalid(ReasonCurrencyUnknown, d.Currency)
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
	if len(a.Country) != 2 || !strings.Contains(countries, " "+a.Country+" ") {
		return refusal.Invalid(ReasonCountryForm, a.Country)
	}
	for _, part := range []string{a.PostalCode, a.State, a.City, a.Line1, a.Line2} {
		if n := utf8.RuneCountInString(part); n > maxAddressPart || strings.ContainsFunc(part, unicode.IsControl) || !utf8.ValidString(part) {
			return refusal.Invalid(ReasonAddressPart, maxAddressPart, part)
		}
	}
	return nil
}

// countries lists the codes of countries that ISO 3166 has assigned, which are those that Stripe knows.
//
// Source: https://www.iso.org/obp/ui/#search (country codes), https://docs.stripe.com/api/customers/create#create_customer-address-country
const countries = "" +
	" AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG " +
	"CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL " +
	"GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA " +
	"LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP " +
	"NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV " +
	"SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

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
	if len(cmd.Metadata) > MaxNotes {
		return refusal.Invalid(ReasonPurchaseKeysTooMany, MaxNotes, len(cmd.Metadata))
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

// maxCustomerID is the longest customer id in bytes; it is part of keys.
const maxCustomerID = 255

// CheckCustomerID returns an error for an id that no customer can have. It is the
// rule for calls that name a customer, and wider than that for a new one: a
// customer made under an older rule is still checked, tracked and billed.
func CheckCustomerID(id string) error {
	switch {
	case id == "":
		return refusal.Invalid(ReasonCustomerIDMissing)
	case len(id) > maxCustomerID:
		return refusal.Invalid(ReasonCustomerIDTooLong, maxCustomerID, len(id))
	case !utf8.ValidString(id):
		return refusal.Invalid(ReasonCustomerIDNotUTF8)
	}
	return nil
}

// CheckNewCustomerID returns an error for an id that no customer can be given,
// however it comes in: created, made by a first check, track or attach,
// claimed, or renamed.
//
// An id has to come back through a path unchanged and mean one customer only.
// HTTP APIs decode a path twice and cut it at "?", so "a%62" would be "ab" and
// "a?b" would be "a". Spaces at an end and characters that nothing shows make
// two ids look like one. Words and emoji are spelled with a few of those, which
// stay where the spelling needs them, see joins. Ids are compared byte by byte
// and never normalised: a letter with an accent in one character and in two are
// two ids.
//
// Ids of the catalog (features, products, rewards, referral programs) and
// promotion codes follow a narrower rule, see PossibleCode and the package catalog.
func CheckNewCustomerID(id string) error {
	if err := CheckCustomerID(id); err != nil {
		return err
	}
	switch {
	case id == "." || id == "..":
		return refusal.Invalid(ReasonCustomerIDIsAPath, id)
	case strings.TrimSpace(id) != id:
		return refusal.Invalid(ReasonCustomerIDSpaced)
	case isInternal(id):
		return refusal.Invalid(ReasonCustomerIDInternal, id)
	}
	before := rune(0)
	for i, r := range id {
		after, _ := utf8.DecodeRuneInString(id[i+utf8.RuneLen(r):])
		if why := notInID(r); why != "" && !joins(before, r, after) {
			return refusal.Invalid(ReasonCustomerIDCharacter, why)
		}
		before = r
	}
	return nil
}

// isInternal reports whether an id has the form of the internal ids: a ULID. The history
// of a deleted customer is read by theirs, so that it must stay nobody else's.
func isInternal(id string) bool {
	rest, found := strings.CutPrefix(id, "cus_")
	return found && len(rest) == 26 && strings.Trim(rest, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == ""
}

// notInID says what is wrong with a character of an id; it is "" for a good one.
func notInID(r rune) string {
	switch {
	case r == '/':
		return "a slash"
	case r == '\\':
		return "a backslash"
	case r == '?':
		return "a question mark: a path ends there"
	case r == '%':
		return "a percent sign: it is decoded in a path"
	case r == utf8.RuneError:
		return "the replacement character U+FFFD, which stands for text that was not valid"
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return "control characters"
	case unseen(r):
		return fmt.Sprintf("characters that nothing shows, such as %U", r)
	case !unicode.IsGraphic(r):
		return fmt.Sprintf("%U, which is private or not assigned in Unicode %s", r, unicode.Version)
	}
	return ""
}

// unseen reports whether a character has no look of its own: those that
// Unicode lets a display ignore, fillers, and the braille pattern of no dots.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || r == '\u2800'
}

// joins reports whether an unseen character is a part of a word or an emoji:
// a joiner within a script or an emoji (none of Latin, Greek and Cyrillic
// needs one), the emoji form of a symbol or keycap, the letters of a flag.
func joins(before, r, after rune) bool {
	switch {
	case r == '\u200c', r == '\u200d':
		return shaped(before) && shaped(after)
	case r == '\ufe0f':
		return unicode.Is(unicode.S, before) && before > unicode.MaxASCII || after == '\u20e3'
	case r >= 0xe0020 && r <= 0xe007f:
		return before == '\U0001f3f4' || before >= 0xe0020 && before < 0xe007f
	}
	return false
}

// shaped reports whether a joiner beside a character changes how it is shown.
func shaped(r rune) bool {
	return r > unicode.MaxASCII && r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.S) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}
