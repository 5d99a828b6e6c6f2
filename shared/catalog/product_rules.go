package catalog

import (
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/money"
	"windfall/shared/order"
	"windfall/shared/refusal"
)

// EditProduct asks for a new product or for changes to one; nil leaves things
// as they are.
type EditProduct struct {
	ID          string // of the product
	NewID       string // "" or ID: ids never change
	Version     int    // that is meant; 0 and the latest are the same, older ones stay as they are
	InPlace     bool   // an edit that would make the next version is refused
	Name        *string
	Text        *string
	Group       *string
	Metadata    *string // a JSON object as text, instead of the one before
	AddOn       *bool
	Default     *bool
	Archived    *bool
	Items       *[]WantedItem
	Parts       *Parts // of the items, instead of all of them
	SetTrial    bool   // Trial is meant: nil removes the trial
	Trial       *FreeTrial
	TrialLeft   bool           // UniqueFingerprint of Trial is not meant: it stays as it is
	Currency    money.Currency // "" or the environment's, which prices are in
	OperationID string         // names the new items
	Now         time.Time
}

// A ProductChange is what a create or an edit leaves behind.
type ProductChange struct {
	Product Product
	New     bool      // a version that did not exist
	Held    bool      // customers hold this version; nothing that touches them has changed
	Made    []Feature // created on the way
	Catalog *Catalog  // as it was, with all features there are then
}

// DecideCreateProduct returns the first version of a product. The errors are
// product_already_exists, feature_not_found, invalid_product_item and
// invalid_inputs.
func DecideCreateProduct(c *Catalog, cmd EditProduct) (ProductChange, error) {
	if problem := SlugProblem(cmd.ID); problem != nil {
		return ProductChange{}, refusal.Invalid(ReasonProductText, problem)
	}
	if len(c.Products[cmd.ID]) > 0 {
		return ProductChange{}, refusal.Invalid(ReasonDuplicateProduct, cmd.ID)
	}
	p := Product{ID: cmd.ID, Name: nameOf(cmd.ID), Version: 1, CreatedAt: cmd.Now}
	change, err := cmd.applied(c, p)
	change.New = true
	return change, err
}

// DecideEditProduct returns the latest version of a product as it is to be
// saved, or the next one.
//
//   - Other items or another trial make the next version while customers hold
//     this one or ever did; they stay on theirs. Otherwise it changes in place.
//
//   - The name, the group, the metadata and such change in place on the latest version.
//
//   - What a reward or a referral program gives stays a product that they can give.
//
// The errors are product_not_found, product_has_reward_programs, invalid_request
// and those of DecideCreateProduct.
func DecideEditProduct(c *Catalog, cmd EditProduct) (ProductChange, error) {
	old, err := c.Product(cmd.ID)
	if err != nil {
		return ProductChange{}, err
	}
	switch {
	case cmd.NewID != "" && cmd.NewID != cmd.ID:
		return ProductChange{}, refusal.Invalid(ReasonProductIDFixed, cmd.NewID)
	case cmd.Version > old.Version:
		return ProductChange{}, refusal.NotFound(ReasonVersionNotFound, old.ID, cmd.Version)
	case cmd.Version != 0 && cmd.Version != old.Version:
		return ProductChange{}, refusal.Invalid(ReasonOldVersion, cmd.Version, old.ID, old.Version)
	}
	change, err := cmd.applied(c, old)
	if err != nil {
		return ProductChange{}, err
	}
	if err := c.checkStillGiven(old, change.Product); err != nil {
		return ProductChange{}, err
	}
	change.Held = c.VersionsInUse[VersionKey(old.ID, old.Version)]
	if change.Held && (!sameItems(old.Items, change.Product.Items) || !sameTrial(old.Trial, change.Product.Trial)) {
		change.Product.Version, change.Product.CreatedAt = old.Version+1, cmd.Now
		change.New, change.Held = true, false
		if cmd.InPlace {
			return ProductChange{}, refusal.Invalid(ReasonVersionNeeded, old.Version, old.ID)
		}
	}
	return change, nil
}

// DecideDeleteProduct returns the versions to remove. The errors are
// product_not_found; product_has_customers while anybody holds or ever held
// one, as their history names it; and product_has_reward_programs while a
// reward or a referral program names it.
func DecideDeleteProduct(c *Catalog, id string) ([]Product, error) {
	if _, err := c.Product(id); err != nil {
		return nil, err
	}
	for _, p := range c.Products[id] {
		if c.VersionsInUse[VersionKey(id, p.Version)] {
			return nil, refusal.Invalid(ReasonProductHasCustomers, id)
		}
	}
	for _, r := range slices.Sorted(maps.Keys(c.Rewards)) {
		if c.Rewards[r].FreeProduct == id {
			return nil, refusal.Invalid(ReasonProductIsAReward, r, id)
		}
	}
	for _, program := range slices.Sorted(maps.Keys(c.Programs)) {
		if slices.Contains(c.Programs[program].ProductIDs, id) {
			return nil, refusal.Invalid(ReasonProductInProgram, program, id)
		}
	}
	return c.Products[id], nil
}

// ListProducts lists the latest version of every product, oldest first.
func (c *Catalog) ListProducts(archived bool) []Product {
	return c.Select(func(p *Product) bool { return archived || !p.Archived })
}

// Select lists the latest version of each product that fits, oldest first.
func (c *Catalog) Select(fits func(*Product) bool) []Product {
	var ids []string
	for id, versions := range c.Products {
		if n := len(versions); n > 0 && fits(&versions[n-1]) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var out []Product
	for _, id := range ids {
		out = append(out, c.Products[id][len(c.Products[id])-1])
	}
	order.Stable(out, func(a, b *Product) int { return c.Products[a.ID][0].CreatedAt.Compare(c.Products[b.ID][0].CreatedAt) })
	return out
}

// ListVersions lists every version of every product, oldest product first and
// versions ascending.
func (c *Catalog) ListVersions(archived bool) []Product {
	var out []Product
	for _, p := range c.ListProducts(archived) {
		out = append(out, c.Products[p.ID]...)
	}
	return out
}

// applied returns p with the edit made, if it may stand like that.
func (cmd EditProduct) applied(c *Catalog, p Product) (ProductChange, error) {
	if cmd.Currency != "" && cmd.Currency != c.Settings.Currency {
		return ProductChange{}, refusal.Invalid(ReasonProductCurrency, c.Settings.Currency, cmd.Currency)
	}
	if cmd.Name != nil && *cmd.Name != "" {
		p.Name = *cmd.Name
	}
	if cmd.Text != nil {
		p.Text = *cmd.Text
	}
	if cmd.Metadata != nil {
		p.Metadata = *cmd.Metadata
	}
	if cmd.Group != nil {
		p.Group = strings.TrimSpace(*cmd.Group)
	}
	for _, f := range []struct {
		to   *bool
		from *bool
	}{{&p.AddOn, cmd.AddOn}, {&p.Default, cmd.Default}, {&p.Archived, cmd.Archived}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if cmd.SetTrial {
		p.Trial = cmd.trial(p.Trial)
	}
	known := c.CopyFeatures()
	if wanted := cmd.wanted(p); wanted != nil {
		items, err := c.ItemsOf(*wanted, p.Items, known, cmd.OperationID, cmd.Now)
		if err != nil {
			return ProductChange{}, err
		}
		if cmd.Parts == nil || !sameItems(p.Items, items) { // parts say no order over all
			p.Items = items
		}
	}
	if err := cmd.checkDefault(c, p); err != nil {
		return ProductChange{}, err
	}
	after := c.Draft()
	after.Features = known
	return ProductChange{Product: p, Made: c.NewFeatures(known), Catalog: after}, checkProduct(p)
}

// checkDefault refuses a second default of a group, of which new customers would
// get either. One with a trial and one without go together: the other comes when
// the trial is over.
func (cmd EditProduct) checkDefault(c *Catalog, p Product) error {
	if cmd.Default == nil && cmd.Archived == nil && cmd.Group == nil && cmd.AddOn == nil && !cmd.SetTrial || !p.Default || p.Archived || p.AddOn {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(c.Products)) {
		if old, err := c.Product(id); err == nil && id != p.ID && old.Default && !old.Archived && !old.AddOn && old.Group == p.Group && (old.Trial == nil) == (p.Trial == nil) {
			return refusal.Invalid(ReasonDefaultTwice, id)
		}
	}
	return nil
}
