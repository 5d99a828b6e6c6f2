package v1

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A catalog entry that is created says afterwards what was sent, or the field was refused.
// Nothing is dropped or changed in silence: every field is tried with each of its values,
// in every kind of entry, and what is read back is compared. A new field needs its line.

// A keeping is how one request is compared with what is read back.
type keeping struct {
	request reflect.Type
	bases   map[string]string   // kinds of entries
	values  map[string][]string // what is sent for each field
	follows string              // fields that follow from the rest, so that an answer can be sent back
	means   map[string]string   // of "kind field value", or "field value", …: the field that says it, and its value there
	create  func(body string) (read any, err error)
}

// nothing is what a field asks for that is read as if it had not been sent.
const nothing = "nothing"

var keptCatalog = &catalog.Catalog{Settings: catalog.Settings{Currency: "usd"}, Features: map[string]catalog.Feature{
	"messages":  {ID: "messages", Type: catalog.SingleUse},
	"seats":     {ID: "seats", Type: catalog.ContinuousUse},
	"dashboard": {ID: "dashboard", Type: catalog.Boolean},
	"credits":   {ID: "credits", Type: catalog.CreditSystem, Credits: []catalog.CreditCost{{FeatureID: "messages", Cost: money.One}}},
}}

func decoded[T any](body string) (T, error) {
	return api.Decode[T](api.Request{Request: httptest.NewRequest("POST", "/", nil), Body: []byte(body)})
}

var keptFeatures = keeping{
	request: reflect.TypeFor[featureRequest](),
	bases: map[string]string{"single": `{"id":"f","type":"single_use"}`, "held": `{"id":"f","type":"continuous_use"}`, "metered": `{"id":"f","type":"metered"}`,
		"switch": `{"id":"f","type":"boolean"}`, "credits": `{"id":"f","type":"credit_system","credit_schema":[{"metered_feature_id":"messages","credit_cost":1}]}`, "untyped": `{"id":"f"}`,
		"older": `{"id":"f","type":"credit_system","config":{"schema":[{"metered_feature_id":"messages","feature_amount":1,"credit_amount":1}]}}`},
	values: map[string][]string{
		"id": {`"other"`}, "name": {`"Name"`}, "archived": {`true`, `false`}, "write_shards": {`3`, `0`}, "group_by": {`["model"]`, `[]`},
		"type":          {`"boolean"`, `"static"`, `"single_use"`, `"continuous_use"`, `"credit_system"`, `"metered"`, `"other"`},
		"usage_type":    {`"single_use"`, `"continuous_use"`, `"other"`},
		"consumable":    {`true`, `false`},
		"event_names":   {`["a","b"]`, `[]`},
		"credit_schema": {`[{"metered_feature_id":"messages","credit_cost":2}]`, `[{"metered_feature_id":"messages","feature_amount":2,"credit_amount":1}]`},
		"config": {`{"usage_type":"single_use"}`, `{"usage_type":"continuous_use"}`, `{"filters":[{"property":"event_name","operator":"in","value":["a"]}]}`, `{"filters":[]}`,
			`{"filters":[{"property":"plan","operator":"eq","value":["a"]}]}`, `{"aggregate":{"type":"sum","property":"value"}}`, `{"aggregate":{"type":"count","property":"value"}}`,
			`{"schema":[{"metered_feature_id":"messages","credit_cost":2,"feature_amount":1,"credit_amount":2}]}`},
		"display": {`{"singular":"one","plural":"many"}`, `{"singular":"one"}`},
	},
	means: map[string]string{
		`type "static"`: `type "boolean"`, `type "metered"`: `type "single_use"`,
		`usage_type "single_use"`: `type "single_use"`, `usage_type "continuous_use"`: `type "continuous_use"`, `credits usage_type "single_use"`: `type "credit_system"`,
		`consumable true`: `type "single_use"`, `consumable false`: `type "continuous_use"`, `older usage_type "single_use"`: `type "credit_system"`, `older consumable true`: `type "credit_system"`, `credits consumable true`: `type "credit_system"`, `switch consumable false`: `type "boolean"`,
		`config {"usage_type":"single_use"}`: `type "single_use"`, `config {"usage_type":"continuous_use"}`: `type "continuous_use"`, `credits config {"usage_type":"single_use"}`: `type "credit_system"`,
		`config {"filters":[{"property":"event_name","operator":"in","value":["a"]}]}`: `event_names ["a"]`, `config {"filters":[]}`: `event_names []`,
		`config {"schema":[{"metered_feature_id":"messages","credit_cost":2,"feature_amount":1,"credit_amount":2}]}`: `credit_schema [{"metered_feature_id":"messages","credit_cost":2}]`,
		`credit_schema [{"metered_feature_id":"messages","feature_amount":2,"credit_amount":1}]`:                     `credit_schema [{"metered_feature_id":"messages","credit_cost":0.5}]`,
		`config {"aggregate":{"type":"sum","property":"value"}}`:                                                     nothing, // values are always added up
		`write_shards 0`: nothing, // as without it
	},
	create: func(body string) (any, error) {
		in, err := decoded[featureRequest](body)
		if err != nil {
			return nil, err
		}
		cmd, err := in.command("")
		if err != nil {
			return nil, err
		}
		f, err := catalog.DecideCreateFeature(keptCatalog, cmd)
		return featureAnswer(f), err
	},
}

var keptItems = keeping{
	request: reflect.TypeFor[itemJSON](),
	bases: map[string]string{
		"price": `{"price":20,"interval":"month"}`, "fee": `{"price":20}`, "grant": `{"feature_id":"messages","included_usage":5,"interval":"month"}`,
		"lifetime": `{"feature_id":"messages","included_usage":5}`, "usage": `{"feature_id":"messages","price":1,"interval":"month","usage_model":"pay_per_use"}`,
		"prepaid": `{"feature_id":"messages","price":1,"interval":"month","usage_model":"prepaid"}`, "topup": `{"feature_id":"messages","price":1,"usage_model":"prepaid"}`,
		"seats": `{"feature_id":"seats","price":5,"interval":"month"}`, "held": `{"feature_id":"seats","included_usage":3}`,
		"switch": `{"feature_id":"dashboard"}`, "credits": `{"feature_id":"credits","included_usage":5,"interval":"month"}`,
		"tiers": `{"feature_id":"messages","interval":"month","tiers":[{"to":10,"amount":2},{"to":"inf","amount":1}]}`, "unlimited": `{"feature_id":"messages","included_usage":"inf"}`,
	},
	values: map[string][]string{
		"type": {`"feature"`, `"priced_feature"`, `"price"`, `"other"`}, "feature_id": {`"messages"`, `"nothing"`}, "feature_type": {`"single_use"`, `"continuous_use"`, `"static"`, `"boolean"`, `"metered"`, `"other"`},
		"included_usage": {`0`, `7`, `"inf"`}, "interval": {`"minute"`, `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"`, `"semi_annual"`, `"year"`, `"other"`},
		"interval_count": {`1`, `2`, `0`}, "price": {`3`, `0.001`, `0`}, "prices": {`{"eur":3}`, `{"usd":3}`}, "tiers": {`[{"to":5,"amount":2,"prices":{"eur":1}},{"to":"inf","amount":1,"prices":{"eur":1}}]`, `[{"to":"inf","amount":1}]`, `[]`},
		"tier_behavior": {`"graduated"`, `"volume"`}, "usage_model": {`"prepaid"`, `"pay_per_use"`, `"other"`}, "billing_units": {`1`, `100`, `0.5`}, "reset_usage_when_enabled": {`true`, `false`},
		"usage_limit": {`9`, `1`, `0`}, "tax_behavior": {`"inclusive"`, `"exclusive"`, `"other"`}, "entity_feature_id": {`"seats"`},
		"config": {`{"on_increase":"bill_immediately"}`, `{"on_increase":"prorate_immediately"}`, `{"on_increase":"prorate_next_cycle"}`, `{"on_increase":"bill_next_cycle"}`,
			`{"on_decrease":"prorate"}`, `{"on_decrease":"prorate_immediately"}`, `{"on_decrease":"prorate_next_cycle"}`, `{"on_decrease":"none"}`, `{"on_decrease":"no_prorations"}`, `{"on_increase":"other"}`, `{"rollover":{"max":5}}`},
		"quantity": {`1`}, "next_cycle_quantity": {`1`}, "reset_usage_on_billing": {`true`, `false`},
	},
	follows: "price_id display feature",
	means: map[string]string{
		`feature_type "boolean"`: `feature_type "static"`, `feature_type "metered"`: `feature_type "single_use"`,
		`seats feature_type "metered"`: `feature_type "continuous_use"`, `held feature_type "metered"`: `feature_type "continuous_use"`,
		`billing_units 1`: nothing, `tier_behavior "graduated"`: nothing, `included_usage 0`: nothing, `reset_usage_when_enabled false`: nothing, `reset_usage_on_billing false`: nothing,
		`interval_count 1`: nothing, `interval_count 0`: nothing,
		`held interval`: `interval null`, `switch interval`: `interval null`, // neither comes back by itself: clients send an interval with every item
	},
	create: func(body string) (any, error) {
		p, err := createdProduct(`{"id":"p","items":[` + body + `]}`)
		if err != nil {
			return nil, err
		}
		return p.Items[0], nil
	},
}

var keptProducts = keeping{
	request: reflect.TypeFor[productRequest](),
	bases:   map[string]string{"free": `{"id":"p"}`, "paid": `{"id":"p","items":[{"price":20,"interval":"month"}]}`, "once": `{"id":"p","items":[{"price":20}]}`},
	values: map[string][]string{
		"id": {`"other"`}, "name": {`"Name"`}, "metadata": {`{"a":1}`, `{}`}, "description": {`"For all."`, `""`}, "group": {`"main"`, `""`}, "is_add_on": {`true`, `false`}, "is_default": {`true`, `false`}, "archived": {`true`, `false`},
		"items": {`[{"price":7,"interval":"year"}]`, `[]`}, "currency": {`"usd"`, `"eur"`},
		"free_trial":      {`{"length":7}`, `{"length":"7","duration":"day"}`, `{"length":2,"duration":"month","unique_fingerprint":true}`, `{"length":1,"duration":"year","card_required":false}`, `{"length":1,"duration":"week"}`, `{"length":0}`},
		"base_variant_id": {`"other"`},
	},
	follows: "env version created_at scenario properties",
	means:   map[string]string{`group ""`: nothing, `description ""`: nothing, `metadata {}`: nothing},
	create:  func(body string) (any, error) { return createdProduct(body) },
}

func createdProduct(body string) (out productJSON, err error) {
	in, err := decoded[productRequest](body)
	if err != nil {
		return out, err
	}
	cmd, err := in.command("")
	if err != nil {
		return out, err
	}
	cmd.Now = time.Unix(1_800_000_000, 0)
	change, err := catalog.DecideCreateProduct(keptCatalog, cmd)
	if err != nil {
		return out, err
	}
	return productAnswer(change.Product, change.Catalog, catalog.Sandbox), err
}

func TestWhatIsSentIsReadBackOrRefused(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]keeping{"features": keptFeatures, "items": keptItems, "products": keptProducts} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, refused, means := 0, 0, map[string]bool{}
			for kind, base := range k.bases {
				alone, err := k.create(base)
				if err != nil && kind != "untyped" {
					t.Fatalf("%s: %v", kind, err)
				}
				for _, field := range slices.Sorted(maps.Keys(k.values)) {
					values := k.values[field]
					for _, value := range values {
						read, err := k.create(with(t, base, field, value))
						if err != nil {
							if status, _ := api.ErrorAnswer(err, "", words.Of); status >= 500 {
								t.Errorf("%s with %s %s: %v", kind, field, value, err)
							}
							refused++
							continue
						}
						kept++
						got := fieldOf(t, read, field)
						if says(got, parsed(t, value)) {
							continue
						}
						key := ""
						for _, entry := range []string{kind + " " + field + " " + value, field + " " + value, kind + " " + field, field} {
							if _, known := k.means[entry]; known && key == "" {
								key = entry
							}
						}
						means[key] = true
						where, want, _ := strings.Cut(k.means[key], " ")
						if same := key != "" && (where == nothing && encoded(read) == encoded(alone) || where != nothing && says(fieldOf(t, read, where), parsed(t, want))); !same {
							t.Errorf("%s with %s %s is read as %v: it is dropped or changed in silence", kind, field, value, encoded(got))
						}
					}
				}
			}
			for entry := range k.means {
				if !means[entry] {
					t.Errorf("%q: nothing is read like that; take the line out", entry)
				}
			}
			if kept < 20 || refused < 10 {
				t.Errorf("%d kept, %d refused: the table tries too little", kept, refused)
			}
			t.Logf("%d kept, %d refused", kept, refused)
		})
	}
}

// Every field of a request is tried, or follows from the rest.
func TestNoFieldOfARequestIsForgotten(t *testing.T) {
	t.Parallel()
	for _, k := range []keeping{keptFeatures, keptItems, keptProducts} {
		for field, of := range jsonFields(k.request) {
			if slices.Contains(strings.Fields(k.follows), field) {
				continue
			}
			if len(k.values[field]) == 0 {
				t.Errorf("%s.%s has no line in kept_fields_test.go", k.request, field)
			}
			for inner := range jsonFields(of) {
				if text := strings.Join(k.values[field], ""); field != "items" && inner != "trial_available" && !strings.Contains(text, `"`+inner+`":`) {
					t.Errorf("%s.%s.%s is in no line of kept_fields_test.go", k.request, field, inner)
				}
			}
		}
	}
}

// jsonFields lists the fields of a struct, of what a field reads, or of the elements of a
// list of structs, by their JSON names.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if r, reads := reflect.Zero(t).Interface().(interface{ Reads() any }); reads {
		return jsonFields(reflect.TypeOf(r.Reads()))
	}
	out := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return out
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for inner, of := range jsonFields(f.Type) {
				out[inner] = of
			}
		case name != "":
			out[name] = f.Type
		}
	}
	return out
}

func with(t *testing.T, base, field, value string) string {
	t.Helper()
	fields := parsed(t, base).(map[string]any)
	fields[field] = json.RawMessage(value)
	return encoded(fields)
}

func fieldOf(t *testing.T, read any, field string) any {
	t.Helper()
	return parsed(t, encoded(read)).(map[string]any)[field]
}

// says reports whether what is read has all that was said.
func says(got, said any) bool {
	switch said := said.(type) {
	case map[string]any:
		all, ok := got.(map[string]any)
		for k, v := range said {
			ok = ok && says(all[k], v)
		}
		return ok
	case []any:
		all, _ := got.([]any)
		ok := len(all) == len(said)
		for i := range said {
			ok = ok && says(all[i], said[i])
		}
		return ok
	}
	return fmt.Sprint(got) == fmt.Sprint(said)
}

func parsed(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func encoded(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
