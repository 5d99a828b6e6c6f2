package world

import "testing"

// A copied catalog equals one that was built, and changes to it stay in its
// story.
func TestACopiedCatalogIsWholeAndOnesOwn(t *testing.T) {
	t.Parallel()
	made, copied := New(t), New(t)
	made.StandardCatalog()
	copied.StandardCatalog()
	if got, want := copied.Stack.Tables(), made.Stack.Tables(); got != want {
		t.Errorf("the copied table is not the one that was made:\n%s\n%s", got, want)
	}
	if got, want := made.Stack.Objects(), New(t).Stack.Objects(); got != want {
		t.Errorf("a catalog asked something of Stripe:\n%s\n%s", got, want)
	}
	copied.Post("/v1/products/pro", JSON{"name": "Another name"})
	made.Want("name", made.Get("/v1/products/pro")["name"], "pro")
	copied.Want("name", copied.Get("/v1/products/pro")["name"], "Another name")
	fresh := New(t)
	fresh.StandardCatalog()
	fresh.Want("name", fresh.Get("/v1/products/pro")["name"], "pro")
}

// A copy does not undo calls made before the catalog.
func TestAWorldThatWasAskedMakesItsOwnCatalog(t *testing.T) {
	t.Parallel()
	New(t).StandardCatalog()
	w := New(t)
	w.Feature("more", "boolean")
	w.StandardCatalog()
	w.Want("feature", w.Get("/v1/features/more")["id"], "more")
	w.Want("product", w.Get("/v1/products/pro")["id"], "pro")
}
