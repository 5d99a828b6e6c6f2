package walk

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"windfall/shared/money"
	"windfall/tests/world"
)

// sellIn are the currencies that shops sell in: one walk's shop is in one of them, and its
// customers pay in any.
var sellIn = []money.Currency{"usd", "eur", "jpy", "kwd"}

// sellIn has the environment sell in the walk's currency.
func (k *walker) sellIn(t stopper) {
	if a := k.w.Do(k.w.Stack.Key, "PATCH", "/v1/settings", world.JSON{"currency": k.currency}); a.Status != 200 {
		t.Fatalf("sell in %s: %d %s", k.currency, a.Status, a.Text)
	}
}

// inSteps is an object of Stripe with its amounts in what its currency charges at least:
// of dinars in tens of thousandths. An amount between is charged by nobody.
func inSteps(t stopper, object []byte) []byte {
	var in struct{ Currency money.Currency }
	if err := json.Unmarshal(object, &in); err != nil {
		t.Fatal(err)
	}
	step := int64(in.Currency.Step())
	if step == 1 {
		return object
	}
	read := json.NewDecoder(bytes.NewReader(object))
	read.UseNumber()
	var all any
	if err := read.Decode(&all); err != nil {
		t.Fatal(err)
	}
	scale(t, all, step)
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func scale(t stopper, v any, step int64) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			scale(t, one, step)
		}
	case map[string]any:
		for name, one := range v {
			if unit, text := one.(string); text && name == "unit_amount_decimal" {
				v[name] = decimal.RequireFromString(unit).Div(decimal.NewFromInt(step)).String()
				continue
			}
			n, number := one.(json.Number)
			if !number || !isAmount(name) {
				scale(t, one, step)
				continue
			}
			amount, err := n.Int64()
			average := name == "unit_amount" // of several units; no amount of money is made of it
			if err != nil || amount%step != 0 && !average {
				t.Fatalf("%s is %s, and the currency charges multiples of %d", name, n, step)
			}
			v[name] = amount / step
		}
	}
}

func isAmount(name string) bool {
	return strings.HasPrefix(name, "amount") || strings.HasPrefix(name, "total") || strings.HasPrefix(name, "subtotal") || strings.HasSuffix(name, "balance") || name == "unit_amount"
}
