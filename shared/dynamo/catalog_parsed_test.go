package dynamo

import (
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A catalog that is read again is the one another function wrote meanwhile:
// changed, added and deleted, and nothing of it is parsed twice.
func TestACatalogReadAgainIsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	_, reader := fresh(t)
	other := New(reader.client, reader.table, "usd", reader.cache.clock, reader.pause)
	write := func(writes ...app.Write) {
		t.Helper()
		must(t, other.Commit(t.Context(), env, writes...))
	}
	read := func() *catalog.Catalog {
		t.Helper()
		c, err := reader.Catalog(t.Context(), env, true)
		must(t, err)
		return c
	}
	product := func(name string) catalog.Product {
		return catalog.Product{ID: "pro", Name: name, Version: 1, Items: []catalog.Item{{FeatureID: "messages"}}}
	}
	write(app.SaveFeature{Feature: catalog.Feature{ID: "messages", Name: "Messages"}, New: true},
		app.SaveFeature{Feature: catalog.Feature{ID: "words"}, New: true}, app.SaveProduct{Product: product("Pro"), New: true})
	first := read()
	if again := read(); &again.Products["pro"][0].Items[0] != &first.Products["pro"][0].Items[0] {
		t.Error("what is unchanged was parsed again")
	}

	write(app.SaveProduct{Product: product("Other")}, app.SaveFeature{Feature: catalog.Feature{ID: "seats"}, New: true})
	write(app.DeleteFeature{ID: "words"})
	now := read()
	if got := now.Products["pro"][0].Name; got != "Other" {
		t.Errorf("the product is called %q", got)
	}
	if _, left := now.Features["words"]; left || len(now.Features) != 2 || now.Features["messages"].Name != "Messages" {
		t.Errorf("features: %v", now.Features)
	}
	write(app.SaveFeature{Feature: catalog.Feature{ID: "words", Name: "Anew"}, New: true})
	if got := read().Features["words"].Name; got != "Anew" {
		t.Errorf("a feature made again is called %q", got)
	}
	if first.Products["pro"][0].Name != "Pro" || first.Features["words"].ID != "words" {
		t.Error("a catalog that was read before changed")
	}
}
