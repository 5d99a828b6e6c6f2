package dynamo

import (
	"fmt"
	"slices"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// lookedUp is what a catalog answers from what it has looked up once.
func lookedUp(c *catalog.Catalog) (out []string) {
	for _, event := range []string{"call", "message"} {
		for _, f := range c.Listening(event) {
			out = append(out, event+" counts "+f.ID)
		}
	}
	for _, id := range []string{"messages", "words", "pool"} {
		for _, from := range c.Funding(catalog.Feature{ID: id}) {
			out = append(out, fmt.Sprint(id, " is paid by ", from.FeatureID, " at ", from.Cost))
		}
	}
	for _, p := range c.Defaults() {
		out = append(out, "default "+p.ID)
	}
	return out
}

// What a catalog has looked up follows each change, of whatever kind of row.
func TestWhatACatalogLookedUpFollowsItsChanges(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	sold(t, s)
	pool := func(cost int64) catalog.Feature {
		return catalog.Feature{ID: "pool", Type: catalog.CreditSystem, Credits: []catalog.CreditCost{{FeatureID: "messages", Cost: money.Int(cost)}}}
	}
	before := lookedUp(freshCatalog(t, s))
	for _, w := range []app.Write{
		app.SaveFeature{Feature: catalog.Feature{ID: "messages", EventNames: []string{"call"}}},
		app.SaveFeature{Feature: catalog.Feature{ID: "messages", EventNames: []string{"message"}}},
		app.SaveFeature{Feature: catalog.Feature{ID: "words", EventNames: []string{"message"}}, New: true},
		app.SaveFeature{Feature: pool(2), New: true},
		app.SaveFeature{Feature: pool(3)},
		app.SaveProduct{Product: catalog.Product{ID: "free", Version: 1, Default: true, Items: []catalog.Item{{ID: "i", FeatureID: "messages"}}}, New: true},
		app.SaveProduct{Product: catalog.Product{ID: "free", Version: 1, Default: true, Archived: true}},
		app.DeleteFeature{ID: "pool"},
		app.DeleteFeature{ID: "words"},
	} {
		must(t, s.another().Commit(t.Context(), env, w))
		got, want := lookedUp(freshCatalog(t, s)), lookedUp(freshCatalog(t, s.another()))
		if !slices.Equal(got, want) {
			t.Errorf("after %+v\ngot  %q\nwant %q", w, got, want)
		}
		if slices.Equal(want, before) {
			t.Errorf("%+v changes nothing: it proves nothing", w)
		}
		before = want
	}
}
