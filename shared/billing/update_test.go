package billing

import (
	"strings"
	"testing"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestATargetNamesOneProduct(t *testing.T) {
	t.Parallel()
	twice := func(id string) situation {
		return holding("addon_words", func(cp *CustomerProduct) { cp.ID, cp.AddOn = id, true })
	}
	s := customerOf(holding("pro"), twice("cp_1"), twice("cp_2"), holding("premium", func(cp *CustomerProduct) { cp.Status = Expired }))
	for what, tt := range map[string]struct {
		state  AttachState
		target Target
		want   string
		why    refusal.Reason
	}{
		"by its product":            {s, Target{ProductID: "pro"}, "cp_pro", ""},
		"by its id":                 {s, Target{CustomerProductID: "cp_2"}, "cp_2", ""},
		"the only one":              {customerOf(holding("pro")), Target{}, "cp_pro", ""},
		"one of several":            {s, Target{ProductID: "addon_words"}, "", ReasonTargetsOfAProduct},
		"nothing named, of several": {s, Target{}, "", ReasonTargetMissing},
		"ended":                     {s, Target{ProductID: "premium"}, "", ReasonProductNotHeld},
		"an id of another product":  {s, Target{ProductID: "pro", CustomerProductID: "cp_1"}, "", ReasonTargetNotHeld},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			got, err := tt.state.Targeted(tt.target, April)
			WantReason(t, err, tt.why)
			if err == nil && got.ID != tt.want {
				t.Errorf("got %s, want %s", got.ID, tt.want)
			}
		})
	}
}

func TestUnitsCountWhatIsIncluded(t *testing.T) {
	t.Parallel()
	sells := func(id, included string) Product {
		item := Sells("pr_"+id, "messages", Prepaid, "10", "100", Monthly)
		item.Included = Dec(included)
		return Product{ID: id, Items: []Item{item}}
	}
	for what, tt := range map[string]struct {
		products []Product
		units    []Units
		want     string
		why      refusal.Reason
	}{
		"beyond what is included":     {[]Product{sells("a", "50")}, []Units{{FeatureID: "messages", Quantity: Dec("250")}}, "200", ""},
		"what is included":            {[]Product{sells("a", "50")}, []Units{{FeatureID: "messages", Quantity: Dec("50")}}, "0", ""},
		"less":                        {[]Product{sells("a", "50")}, []Units{{FeatureID: "messages", Quantity: Dec("49")}}, "", ReasonQuantityBelowIncluded},
		"of one of two products":      {[]Product{sells("a", "50"), sells("b", "0")}, []Units{{"b", "messages", Dec("100")}}, "100", ""},
		"the same of both":            {[]Product{sells("a", "0"), sells("b", "0")}, []Units{{"a", "messages", Dec("100")}, {"b", "messages", Dec("100")}}, "100", ""},
		"two quantities of a feature": {[]Product{sells("a", "0"), sells("b", "0")}, []Units{{"a", "messages", Dec("100")}, {"b", "messages", Dec("200")}}, "", ReasonQuantityOfTwo},
		"what nothing sells is kept":  {[]Product{sells("a", "50")}, []Units{{FeatureID: "messages", ProductID: "c", Quantity: Dec("7")}}, "7", ""},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			got, err := Attach{Products: tt.products, Units: tt.units}.counted()
			WantReason(t, err, tt.why)
			if err == nil && (len(got.Quantities) != 1 || !got.Quantities[0].Quantity.Equal(Dec(tt.want))) {
				t.Errorf("got %v, want %s", got.Quantities, tt.want)
			}
		})
	}
}

func TestAPatchChangesWhatItNames(t *testing.T) {
	t.Parallel()
	month := Monthly
	words := Wants("words", Includes("9"), Every(Month))
	price := Wants("", Costs("15"), Every(Month))
	for what, tt := range map[string]struct {
		patch ItemsPatch
		want  string // features of the items, "" for the price
		why   refusal.Reason
	}{
		"another price":        {ItemsPatch{Price: &price}, "15, messages, dashboard", ""},
		"no price":             {ItemsPatch{NoPrice: true}, "messages, dashboard", ""},
		"other items":          {ItemsPatch{Features: &[]WantedItem{words}}, "20, words", ""},
		"none":                 {ItemsPatch{Features: &[]WantedItem{}}, "20", ""},
		"one more":             {ItemsPatch{Add: []WantedItem{words}}, "20, messages, dashboard, words", ""},
		"one less":             {ItemsPatch{Remove: []ItemsMatch{{FeatureID: "messages"}}}, "20, dashboard", ""},
		"those of an interval": {ItemsPatch{Remove: []ItemsMatch{{Cycle: &month}}}, "20, dashboard", ""},
		"a match of nothing":   {ItemsPatch{Remove: []ItemsMatch{{FeatureID: "words"}}}, "", ReasonPatchOfNothing},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := customerOf()
			got, err := s.buy(func(a *Attach) { a.Patch = &tt.patch }, "pro").Customize(s.State, s.Catalog)
			WantReason(t, err, tt.why)
			if err != nil {
				return
			}
			var items []string
			for _, i := range got.Products[0].Items {
				if name := i.FeatureID; name != "" {
					items = append(items, name)
				} else {
					items = append(items, i.Price.String())
				}
			}
			if text := strings.Join(items, ", "); text != tt.want {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}
}
