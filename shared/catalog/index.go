package catalog

// An index holds what calls look for in all products.
type index struct {
	defaults []Product         // latest versions that are defaults for sale, add-ons not included
	granted  map[string]bool   // features that any version grants
	items    map[string]string // product of each priced item; of several the first by id
}

// Indexed returns a catalog that will not be changed any more: all products are looked at
// once, not for every call. Any other gives the same answers.
func (c *Catalog) Indexed() *Catalog {
	c.index = c.looked()
	return c
}

// looked is the index. Items made for one customer alone would have to be looked at here,
// too.
func (c *Catalog) looked() *index {
	if c.index != nil {
		return c.index
	}
	x := &index{granted: map[string]bool{}, items: make(map[string]string, len(c.Products))}
	for id, versions := range c.Products {
		for v := range versions {
			p := &versions[v]
			if v == len(versions)-1 && p.Default && !p.Archived && !p.AddOn {
				x.defaults = append(x.defaults, *p)
			}
			for i := range p.Items {
				item := &p.Items[i]
				x.granted[item.FeatureID] = true
				if old, twice := x.items[item.ID]; item.Priced() && (!twice || id < old) {
					x.items[item.ID] = id
				}
			}
		}
	}
	return x
}
