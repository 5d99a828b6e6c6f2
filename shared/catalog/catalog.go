package catalog

import (
	"fmt"
	"maps"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// An Env is one of the two worlds a key opens. No call ever crosses.
type Env string

const (
	Sandbox Env = "sandbox"
	Live    Env = "live"
)

// A Catalog is everything a company offers in one environment.
type Catalog struct {
	Features      map[string]Feature
	Products      map[string][]Product // by id; versions ascending
	Rewards       map[string]Reward
	Programs      map[string]ReferralProgram
	StripePrices  map[string]string // PriceKey -> Stripe price id, once it exists there
	VersionsInUse map[string]bool   // VersionKey -> some customer holds or held it
	Settings      Settings

	revision int64 // see Revision

	index *index // of a catalog that is not changed any more; nil looks at all products each time

	currency money.Currency              // that it is seen in; "" is the environment's
	stored   *Catalog                    // … as which it is stored; nil for itself
	unsold   map[string]bool             // … VersionKeys of products without a price in it, which keep that of the environment's
	seen     map[money.Currency]*Catalog // in other currencies, of one that is not changed any more
}

// Revision numbers what is stored of a catalog: each change of it makes the next. A catalog
// that was read at one has all that it has, and may have more; 0 is not known.
func (c *Catalog) Revision() int64 { return c.revision }

// AtRevision returns a catalog that was just read, with its number.
func (c *Catalog) AtRevision(n int64) *Catalog {
	c.revision = n
	return c
}

// Draft returns a catalog to be changed: each map that is changed must be made its own
// first, by a clone or by OwnProducts. Lists of versions are shared. What the catalog
// looked up is not: whatever changes, it is looked up again.
func (c *Catalog) Draft() *Catalog {
	draft := *c
	draft.index, draft.seen = nil, nil
	return &draft
}

// OwnProducts lets the products of a draft be changed.
func (c *Catalog) OwnProducts() {
	c.Products, c.VersionsInUse = maps.Clone(c.Products), maps.Clone(c.VersionsInUse)
}

// Product returns the latest version of a product.
func (c *Catalog) Product(id string) (Product, error) {
	versions := c.Products[id]
	if len(versions) == 0 {
		return Product{}, refusal.ErrProductNotFound(id)
	}
	return versions[len(versions)-1], nil
}

// ProductVersion returns one version of a product; 0 asks for the latest.
func (c *Catalog) ProductVersion(id string, version int) (Product, error) {
	if version == 0 {
		return c.Product(id)
	}
	for _, p := range c.Products[id] {
		if p.Version == version {
			return p, nil
		}
	}
	return Product{}, refusal.NotFound(ReasonVersionNotFound, id, version)
}

// Defaults returns the products every new customer gets, ordered by id: at
// most one per group. Where a group has several, one with a trial that needs
// no card comes first, as it is the better start.
func (c *Catalog) Defaults() []Product {
	return c.defaults(func(Product) bool { return true })
}

// Fallbacks returns the products that come back when a main product ends,
// ordered by id: of every group the default that costs nothing and stays.
func (c *Catalog) Fallbacks() []Product {
	return c.defaults(func(p Product) bool { return p.Free() && p.Trial == nil })
}

func (c *Catalog) defaults(fit func(Product) bool) []Product {
	best := map[string]Product{}
	for _, p := range c.looked().defaults {
		if !fit(p) {
			continue
		}
		old, taken := best[p.Group]
		if !taken || p.Trial != nil && old.Trial == nil || (p.Trial != nil) == (old.Trial != nil) && p.ID < old.ID {
			best[p.Group] = p
		}
	}
	return sortedByID(best)
}

// Listening returns the features that an event of this name counts for,
// ordered by id.
func (c *Catalog) Listening(event string) []Feature { return c.looked().listening[event] }

// VersionKey names one version of a product.
func VersionKey(productID string, version int) string {
	return fmt.Sprintf("%s#%d", productID, version)
}
