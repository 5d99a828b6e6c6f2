package v2

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

func decode(t interface{ Fatal(...any) }, body string) featureRequest {
	in, err := api.ReadBody[featureRequest]([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestTheTypeOfAFeature(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body   string
		create bool
		want   catalog.FeatureType // "" is said nothing of
		says   string              // the beginning of a refusal
	}{
		{`{"type":"boolean"}`, true, catalog.Boolean, ""},
		{`{"type":"metered","consumable":true}`, true, catalog.SingleUse, ""},
		{`{"type":"metered","consumable":false}`, true, catalog.ContinuousUse, ""},
		{`{"type":"metered"}`, true, "", "consumable: "},
		{`{"type":"metered"}`, false, catalog.AnyMetered, ""},
		{`{"consumable":false}`, false, catalog.ContinuousUse, ""},
		{`{"type":"credit_system"}`, true, catalog.CreditSystem, ""},
		{`{"type":"credit_system","consumable":true}`, true, catalog.CreditSystem, ""},
		{`{"type":"credit_system","consumable":false}`, true, "", "type is credit_system and consumable false"},
		{`{"type":"boolean","consumable":true}`, true, "", "type is boolean and consumable true"},
		{`{"type":"ai_credit_system"}`, true, "", "type: boolean, metered or credit_system"},
		{`{"type":"single_use"}`, true, "", "type: boolean, metered or credit_system"},
		{`{"name":"N"}`, false, "", ""},
	} {
		got, err := decode(t, tt.body).typed(tt.create)
		switch {
		case tt.says != "":
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: got %v, want %q", tt.body, err, tt.says)
			}
		case err != nil, tt.want == "" && got != nil, tt.want != "" && (got == nil || *got != tt.want):
			t.Errorf("%s: got %v, %v; want %q", tt.body, got, err, tt.want)
		}
	}
}

// What is read of a feature and sent back changes nothing.
func TestAFeatureSentBackIsUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := catalog.Feature{ID: "f", Name: rapid.StringMatching(`[A-Z][a-z]{1,9}`).Draw(t, "name"), Archived: rapid.Bool().Draw(t, "archived"),
			Type: rapid.SampledFrom([]catalog.FeatureType{catalog.Boolean, catalog.SingleUse, catalog.ContinuousUse, catalog.CreditSystem}).Draw(t, "type")}
		if rapid.Bool().Draw(t, "display") {
			f.Singular, f.Plural = "one", "many"
		}
		switch f.Type {
		case catalog.SingleUse:
			f.EventNames = rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{3}`), 0, 3, rapid.ID).Draw(t, "events")
			f.WriteShards, f.GroupBy = rapid.IntRange(0, 4).Draw(t, "shards"), []string{"model"}
		case catalog.CreditSystem:
			f.Credits = []catalog.CreditCost{{FeatureID: "g", Cost: money.Int(rapid.Int64Range(1, 99).Draw(t, "cost"))}}
		default: // have nothing of their own
		}
		shown := featureAnswer(f)
		text, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Replace(string(text), `"id":`, `"feature_id":`, 1)
		cmd, err := decode(t, body).command(false)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		c := &catalog.Catalog{Features: map[string]catalog.Feature{"f": f, "g": {ID: "g", Name: "G", Type: catalog.SingleUse}}}
		after, err := catalog.DecideEditFeature(c, cmd)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if got := featureAnswer(after); !reflect.DeepEqual(got, shown) {
			t.Fatalf("%s\nbecame %+v, was %+v", body, got, shown)
		}
	})
}
