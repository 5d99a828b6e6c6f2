package stripesim

import (
	"fmt"
	"maps"

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

func setAddress(field **object.Address, p *form.Params) {
	if !p.Has("address") {
		return
	}
	if *field = nil; p.Given("address") {
		a := p.Sub("address")
		*field = &object.Address{
			City: object.Text(a.Str("city")), Country: object.Text(a.Str("country")), Line1: object.Text(a.Str("line1")),
			Line2: object.Text(a.Str("line2")), PostalCode: object.Text(a.Str("postal_code")), State: object.Text(a.Str("state")),
		}
	}
}
