package catalog

import "sync"

// An index holds what calls look for in all products, each part made when it is first
// asked for. It belongs to a catalog that is never changed again.
type index struct {
	defaults func() []Product
	granted  func() map[string]bool
	items    func() map[string]string
}

// Indexed returns a catalog that will not be changed any more: it looks at all products
// once, not for every call. Any other gives the same answers.
func (c *Catalog) Indexed() *Catalog {
	c.index = &index{sync.OnceValue(c.givenToAll), sync.OnceValue(c.grantedByAny), sync.OnceValue(c.pricedItems)}
	return c
}

// givenToAll lists the latest versions that are defaults for sale, add-ons not included.
func (c *Catalog) givenToAll() (out []Product) {
	for _, versions := range c.Products {
		if n := len(versions); n > 0 && versions[n-1].Default && !versions[n-1].Archived && !versions[n-1].AddOn {
			out = append(out, versions[n-1])
		}
	}
	return out
}

// grantedByAny has the features that any version of any product grants. Items made for one
// customer alone would have to be looked at here, too.
func (c *Catalog) grantedByAny() map[string]bool {
	granted := map[string]bool{}
	for _, versions := range c.Products {
		for v := range versions {
			for i := range versions[v].Items {
				granted[versions[v].Items[i].FeatureID] = true
			}
		}
	}
	return granted
}

// pricedItems has the product of each priced item; of several the first by id.
func (c *Catalog) pricedItems() map[string]string {
	of := map[string]string{}
	for id, versions := range c.Products {
		for v := range versions {
			for i := range versions[v].Items {
				item := &versions[v].Items[i]
				if old, twice := of[item.ID]; item.Priced() && (!twice || id < old) {
					of[item.ID] = id
				}
			}
		}
	}
	return of
}
