package world

import "testing"

// A story cannot tell a copied catalog from one that was made, and what it does
// with it is its own affair.
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

// What a world was asked before its catalog is not undone by a copy.
func TestAWorldThatWasAskedMakesItsOwnCatalog(t *testing.T) {
	t.Parallel()
	New(t).StandardCatalog()
	w := New(t)
	w.Feature("more", "boolean")
	w.StandardCatalog()
	w.Want("feature", w.Get("/v1/features/more")["id"], "more")
	w.Want("product", w.Get("/v1/products/pro")["id"], "pro")
}
