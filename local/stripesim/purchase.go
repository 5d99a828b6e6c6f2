package stripesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"windfall/local/stripesim/hosted"
)

// readPurchase reads what a machine enters instead. Go's reader of JSON would
// let unknown, repeated and differently written fields pass.
func readPurchase(body []byte) (p hosted.Purchase, err error) {
	if len(body) == 0 {
		return p, nil
	}
	texts := map[string]*string{"payment_method": &p.PaymentMethod, "promotion_code": &p.PromotionCode, "email": &p.Email, "name": &p.Name,
		"country": &p.Country, "postal_code": &p.PostalCode, "tax_id": &p.TaxID}
	err = eachField(body, func(name string, value json.RawMessage) error {
		if name == "quantities" {
			p.Quantities = map[string]int64{}
			return eachField(value, func(key string, value json.RawMessage) error {
				var n int64
				if json.Unmarshal(value, &n) != nil {
					return invalid("quantities", "Invalid quantities: %.60q must be a whole number", key)
				}
				p.Quantities[key] = n
				return nil
			})
		}
		into, known := texts[name]
		if !known {
			return invalidCode("parameter_unknown", short(name), "Received unknown parameter: %.60s", name)
		}
		if json.Unmarshal(value, into) != nil {
			return invalid(name, "Invalid %s: must be a string", name)
		}
		return nil
	})
	if errors.Is(err, errNoObject) {
		err = invalid("", `The body is not the JSON that this call takes. Send, for example, {"payment_method": "pm_card_visa", "quantities": {"seats": 3}}.`)
	}
	return p, err
}

var errNoObject = errors.New("no JSON object, or more than one")

// eachField reads the fields of an object, each of which may be there once.
func eachField(text []byte, take func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return errNoObject
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return errNoObject
		}
		name, _ := key.(string) // Token refuses any other key
		if seen[name] {
			return invalid(short(name), "Received %.60s twice", name)
		}
		seen[name] = true
		if err := take(name, value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return errNoObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errNoObject
	}
	return nil
}

// short is a name as an error repeats it.
func short(name string) string {
	if runes := []rune(name); len(runes) > 60 {
		return string(runes[:60])
	}
	return name
}
