package stripesim

import (
	"fmt"
	"maps"
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

// need is an object that a request names. what is Stripe's word for it in "No
// such price: 'x'"; param is "id" when the id stands in the path.
func need[T object.Row](t *tx, what, id, param string) (T, error) {
	r, ok := find[T](t, id)
	if !ok {
		return r, missing(what, id, param)
	}
	return r, nil
}

// mergeMetadata applies the metadata parameter: keys are added, replaced, or
// removed when sent empty; an empty parameter removes all.
//
// https://docs.stripe.com/api/metadata
func mergeMetadata(old object.Metadata, p *form.Params) (object.Metadata, error) {
	return mergeMap(old, p, "metadata")
}

func mergeMap(old object.Metadata, p *form.Params, name string) (object.Metadata, error) {
	if !p.Has(name) {
		return old, nil
	}
	if p.Cleared(name) {
		return object.Metadata{}, nil
	}
	out := maps.Clone(old)
	if out == nil {
		out = object.Metadata{}
	}
	for k, v := range p.Map(name) {
		switch {
		case len([]rune(k)) > 40:
			return nil, invalid(p.Path(name), "Metadata keys can be up to 40 characters in length: the key %q has %d", k, len([]rune(k)))
		case len([]rune(v)) > 500:
			return nil, invalid(fmt.Sprintf("%s[%s]", p.Path(name), k), "Metadata values can be up to 500 characters in length")
		case v == "":
			delete(out, k)
		default:
			out[k] = v
		}
	}
	if len(out) > 50 {
		return nil, invalid(p.Path(name), "You may only specify up to 50 metadata keys")
	}
	return out, nil
}

// text sets a field to a parameter, when it was given.
func text(field *object.Text, p *form.Params, name string) {
	if p.Has(name) {
		*field = object.Text(p.Str(name))
	}
}

// flag sets a field to a parameter, when it was given.
func flag(field *bool, p *form.Params, name string) {
	if p.Given(name) {
		*field = p.Bool(name)
	}
}

func ptr[T any](v T) *T { return &v }

const addressParams = "address:{city country line1 line2 postal_code state}"

func setAddress(field **object.Address, p *form.Params) error {
	if !p.Has("address") {
		return nil
	}
	if *field = nil; p.Given("address") {
		a := p.Sub("address")
		*field = &object.Address{
			City: object.Text(a.Str("city")), Country: object.Text(a.Str("country")), Line1: object.Text(a.Str("line1")),
			Line2: object.Text(a.Str("line2")), PostalCode: object.Text(a.Str("postal_code")), State: object.Text(a.Str("state")),
		}
		return checkCountry(string((*field).Country), a.Path("country"))
	}
	return nil
}

// checkCountry refuses a country that does not exist. Stripe takes its code in small
// letters, too, and an address without one.
//
// https://docs.stripe.com/api/customers/create#create_customer-address-country
func checkCountry(code, param string) error {
	if code == "" || len(code) == 2 && strings.Contains(countries, " "+strings.ToUpper(code)+" ") {
		return nil
	}
	return invalid(param, "Country '%s' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'. A full list of country codes is available at https://en.wikipedia.org/wiki/ISO_3166-1_alpha-2#Officially_assigned_code_elements", code)
}

// countries are those of ISO 3166-1.
const countries = "" +
	" AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG " +
	"CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL " +
	"GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA " +
	"LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP " +
	"NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV " +
	"SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
