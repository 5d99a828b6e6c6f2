package catalog

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// anyItems draws items that go together.
func anyItems(t *rapid.T) (items []JSON) {
	month := rapid.SampledFrom([]string{"month", "quarter", "year"}).Draw(t, "interval")
	count := rapid.IntRange(1, 2).Draw(t, "count")
	amount := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(1, 5000).Draw(t, "cents")) / 100 })
	priced := func(item JSON) JSON {
		if rapid.Bool().Draw(t, "tax") {
			item["tax_behavior"] = "inclusive"
		}
		return item
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "prices") {
		items = append(items, priced(JSON{"price": amount.Draw(t, fmt.Sprint("price", n)), "interval": month, "interval_count": count}))
	}
	if rapid.Bool().Draw(t, "fee") {
		items = append(items, priced(JSON{"price": amount.Draw(t, "fee"), "interval": nil}))
	}
	if rapid.Bool().Draw(t, "switch") {
		items = append(items, BooleanFeature("dashboard"))
	}
	if rapid.Bool().Draw(t, "words") {
		item := JSON{"feature_id": "words", "included_usage": rapid.IntRange(0, 900).Draw(t, "included"), "interval": rapid.SampledFrom([]any{nil, "day", "month"}).Draw(t, "reset")}
		if rapid.Bool().Draw(t, "limited") {
			item["usage_limit"] = 1000
		}
		if rapid.Bool().Draw(t, "unlimited") {
			item = JSON{"feature_id": "words", "included_usage": "inf", "interval": item["interval"]}
		}
		item["reset_usage_when_enabled"] = rapid.Bool().Draw(t, "starts over")
		items = append(items, item)
	}
	if rapid.Bool().Draw(t, "sold") {
		item := JSON{"feature_id": "messages", "included_usage": rapid.IntRange(0, 50).Draw(t, "free"), "interval": month, "interval_count": count,
			"usage_model": rapid.SampledFrom([]string{"prepaid", "pay_per_use"}).Draw(t, "model"), "billing_units": rapid.SampledFrom([]int{1, 10}).Draw(t, "units")}
		if rapid.Bool().Draw(t, "tiered") {
			item["tiers"] = []JSON{{"to": 100, "amount": amount.Draw(t, "first")}, {"to": "inf", "amount": amount.Draw(t, "second")}}
		} else {
			item["price"] = amount.Draw(t, "each")
		}
		if rapid.Bool().Draw(t, "most") {
			item["usage_limit"] = 500
		}
		items = append(items, priced(item))
	}
	if rapid.Bool().Draw(t, "seats") {
		config := JSON{"on_increase": rapid.SampledFrom([]string{"bill_immediately", "prorate_immediately"}).Draw(t, "increase"), "on_decrease": "none"}
		items = append(items, JSON{"feature_id": "seats", "included_usage": 1, "interval": month, "interval_count": count, "price": amount.Draw(t, "seat"), "usage_model": "pay_per_use", "config": config})
	}
	return rapid.Permutation(items).Draw(t, "order")
}

// anyProduct draws a product in the words of the first dialect.
func anyProduct(t *rapid.T, id string) JSON {
	p := JSON{"id": id, "name": rapid.SampledFrom([]string{"Pro", "Größer", "a b"}).Draw(t, "name"), "description": rapid.SampledFrom([]any{nil, "For all."}).Draw(t, "description"),
		"group": rapid.SampledFrom([]any{nil, "main"}).Draw(t, "group"), "items": anyItems(t)}
	if rapid.Bool().Draw(t, "add-on") {
		p["is_add_on"] = true
	}
	repeats := false
	for _, i := range p["items"].([]JSON) {
		repeats = repeats || (i["price"] != nil || i["tiers"] != nil) && i["interval"] != nil
	}
	if repeats && rapid.Bool().Draw(t, "trial") {
		p["free_trial"] = JSON{"length": rapid.IntRange(1, 30).Draw(t, "length"), "duration": rapid.SampledFrom([]string{"day", "month"}).Draw(t, "duration"), "card_required": rapid.Bool().Draw(t, "card"), "unique_fingerprint": rapid.Bool().Draw(t, "once")}
	}
	return p
}

// withoutID is what of an answer can be sent back as another product.
func withoutID(m JSON, key, id string) JSON {
	out := Merge(JSON{}, m)
	delete(out, "id")
	out[key] = id
	return out
}

// stripped are the items without the ids that the company never chose.
func stripped(p JSON) JSON {
	out := Merge(JSON{}, p)
	delete(out, "id")
	if items, there := out["items"].([]any); there {
		var plain []any
		for _, i := range items {
			item := Merge(JSON{}, i.(JSON))
			delete(item, "price_id")
			plain = append(plain, item)
		}
		out["items"] = plain
	}
	return out
}

// CAT-12: what one dialect made is whole in the other. A product that is read in one and
// written in it, over itself or as another, is the same in both; and what the command line
// keeps of it, pushed, changes nothing.
func TestCAT12RandomProductsInBothDialects(t *testing.T) {
	t.Parallel()
	w := New(t)
	features(w)
	restore, made := w.Snapshot(), 0
	rapid.Check(t, func(t *rapid.T) {
		restore()
		same := func(what string, got, want JSON) {
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s:\n got %v\nwant %v", what, got, want)
			}
		}
		asked := anyProduct(t, "one")
		if a := w.Do(w.Stack.Key, "POST", "/v1/products", asked); a.Status != 200 {
			if a.Status != 400 {
				t.Fatalf("%v: %d %s", asked, a.Status, a.Text)
			}
			return // items that do not go together
		}
		made++
		product, plan := w.Get("/v1/products/one"), w.Post("/v1/plans.get", JSON{"plan_id": "one"})
		w.Post("/v1/plans.update", withoutID(plan, "plan_id", "one"))
		same("the product after its plan was written back", w.Get("/v1/products/one"), product)
		w.Post("/v1/products/one", product)
		same("the plan after its product was written back", w.Post("/v1/plans.get", JSON{"plan_id": "one"}), plan)

		w.Post("/v1/plans.create", withoutID(plan, "plan_id", "two"))
		same("a plan like it", stripped(w.Post("/v1/plans.get", JSON{"plan_id": "two"})), stripped(plan))
		w.Post("/v1/products", withoutID(product, "id", "three"))
		same("a product like it", stripped(w.Get("/v1/products/three")), stripped(product))
		same("… as a plan", stripped(w.Post("/v1/plans.get", JSON{"plan_id": "three"})), stripped(plan))
		if changes := preview(w, pull(w).body()); changes != nil {
			t.Fatalf("a pulled file changes %v", changes)
		}
	})
	if made < 5 {
		t.Errorf("only %d products were made", made)
	}
}
