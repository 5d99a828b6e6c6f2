package catalog

import (
	"maps"
	"slices"
)

// An index holds what calls look for in all products and features.
type index struct {
	defaults []Product         // latest versions that are defaults for sale, add-ons not included
	granted  map[string]bool   // features that any version grants
	items    map[string]string // product of each priced item; of several the first by id

	credits   map[string][]Source  // credit systems that cover a feature, in the order of their ids
	listening map[string][]Feature // features that count an event, in the order of their ids
}

// Indexed returns a catalog that will not be changed any more: all products and features
// are looked at once, not for every call. Any other gives the same answers.
func (c *Catalog) Indexed() *Catalog {
	c.index, c.seen = c.looked(), c.seenInAll()
	return c
}

// LookedAs takes over what a catalog with these very products and features has looked up.
func (c *Catalog) LookedAs(was *Catalog) { c.index = was.index }

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
	x.lookAtFeatures(c)
	return x
}

func (x *index) lookAtFeatures(c *Catalog) {
	x.credits, x.listening = map[string][]Source{}, map[string][]Feature{}
	for _, id := range slices.Sorted(maps.Keys(c.Features)) {
		f := c.Features[id]
		for _, cost := range f.Credits {
			x.credits[cost.FeatureID] = append(x.credits[cost.FeatureID], Source{f.ID, cost.Cost, f.WriteShards})
		}
		for i, name := range f.EventNames {
			if !slices.Contains(f.EventNames[:i], name) {
				x.listening[name] = append(x.listening[name], f)
			}
		}
	}
}
