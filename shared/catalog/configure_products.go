package catalog

import (
	"fmt"
	"maps"
	"slices"

	"windfall/shared/refusal"
)

// products makes and changes the products that are listed. Those that stop being a default
// come first: of each group there is one.
func (d *configuring) products() error {
	if d.Products == nil {
		return nil
	}
	var ids []string
	for _, cmd := range *d.Products {
		ids = append(ids, fmt.Sprint(cmd.ID, " ", max(0, cmd.Version)))
	}
	if err := twice(ids); err != nil {
		return err
	}
	changes := make([]Difference[Product], len(*d.Products))
	for _, first := range []bool{true, false} {
		for n, cmd := range *d.Products {
			if d.yields(cmd) != first {
				continue
			}
			change, err := d.product(cmd)
			if err != nil {
				return About(cmd.ID, err)
			}
			changes[n] = change
		}
	}
	d.change.Products = append(d.change.Products, changes...)
	return nil
}

// yields reports whether a product was a default and is to be none, or another group's.
func (d *configuring) yields(cmd EditProduct) bool {
	old, err := d.was.Product(cmd.ID)
	return err == nil && old.Default && !old.Archived &&
		(cmd.Default != nil && !*cmd.Default || cmd.Archived != nil && *cmd.Archived || cmd.AddOn != nil && *cmd.AddOn || cmd.Group != nil && *cmd.Group != old.Group)
}

func (d *configuring) product(cmd EditProduct) (Difference[Product], error) {
	cmd.Now, cmd.OperationID = d.Now, "preview"
	change := Difference[Product]{ID: cmd.ID, Action: Unchanged}
	old, err := d.draft.Product(cmd.ID)
	there := err == nil
	if there {
		change.Before, change.After = &old, &old
	}
	if slices.Contains(d.SkipProducts, cmd.ID) {
		change.Action = Skipped
		return change, nil
	}
	if there && cmd.Version > 0 && cmd.Version < old.Version {
		return d.older(cmd, old)
	}
	decide := DecideEditProduct
	if !there {
		decide = DecideCreateProduct
		if cmd.Version > 1 {
			_, err = d.draft.ProductVersion(cmd.ID, cmd.Version)
			return change, err
		}
	}
	made, err := decide(d.draft, cmd)
	if err != nil || there && made.Product.same(old) {
		return change, err
	}
	d.put(made)
	d.change.Steps = append(d.change.Steps, ConfigurationStep{Product: &cmd, Create: !there})
	change.Action, change.After = Updated, &made.Product
	if !there {
		change.Action = Created
	}
	return change, nil
}

// older accepts an older version of a product as it is: customers hold it, so it can't be
// anything else.
func (d *configuring) older(cmd EditProduct, latest Product) (Difference[Product], error) {
	old, err := d.draft.ProductVersion(cmd.ID, cmd.Version)
	change := Difference[Product]{ID: cmd.ID, Action: Unchanged, Before: &old, After: &old}
	if err != nil {
		return change, err
	}
	asked := cmd
	asked.Name, asked.Text, asked.Group, asked.Metadata, asked.AddOn, asked.Default, asked.Archived = nil, nil, nil, nil, nil, nil, nil // what all versions show is the latest's
	made, err := asked.applied(d.draft, old)
	if err != nil || !made.Product.same(old) {
		err = refusal.Invalid(ReasonOldVersion, old.Version, old.ID, latest.Version)
	}
	return change, err
}

// put saves a product in the draft.
func (d *configuring) put(made ProductChange) {
	versions := slices.Clone(d.draft.Products[made.Product.ID])
	if made.New {
		versions = append(versions, made.Product)
	} else {
		versions[len(versions)-1] = made.Product
	}
	d.draft.Products[made.Product.ID] = versions
}

// same reports whether two versions of a product mean the same.
func (p Product) same(o Product) bool {
	return p.ID == o.ID && p.Version == o.Version && p.Name == o.Name && p.Text == o.Text && p.Metadata == o.Metadata && p.Group == o.Group && p.AddOn == o.AddOn && p.Default == o.Default &&
		p.Archived == o.Archived && sameTrial(p.Trial, o.Trial) && slices.EqualFunc(p.Items, o.Items, func(a, b Item) bool { return a.ID == b.ID && a.Same(b) })
}

// leftOut lists the products that are not listed and still for sale, ordered by id.
func (d *configuring) leftOut() []Product {
	if d.Products == nil || d.KeepOthers {
		return nil
	}
	kept := slices.Clone(d.SkipProducts)
	for _, cmd := range *d.Products {
		kept = append(kept, cmd.ID)
	}
	var out []Product
	for _, id := range slices.Sorted(maps.Keys(d.was.Products)) {
		if p, err := d.was.Product(id); err == nil && !p.Archived && !slices.Contains(kept, id) {
			out = append(out, p)
		}
	}
	return out
}

// defaultsLeftOut archives defaults that are not listed, so that their groups are free for
// others.
func (d *configuring) defaultsLeftOut() error {
	for _, p := range d.leftOut() {
		if p.Default {
			if err := d.archive(p.ID); err != nil {
				return About(p.ID, err)
			}
		}
	}
	return nil
}

func (d *configuring) archive(id string) error {
	off := true
	cmd := EditProduct{ID: id, Archived: &off, Now: d.Now, OperationID: "preview"}
	made, err := DecideEditProduct(d.draft, cmd)
	if err != nil {
		return err
	}
	d.put(made)
	d.change.Steps = append(d.change.Steps, ConfigurationStep{Product: &cmd})
	return nil
}

// productsLeftOut deletes what is not listed and nobody ever held, and archives the rest.
func (d *configuring) productsLeftOut() error {
	for _, p := range d.leftOut() {
		change := Difference[Product]{ID: p.ID, Action: Deleted, Before: &p}
		if _, err := DecideDeleteProduct(d.draft, p.ID); err == nil && !d.draft.lowered(p.ID) {
			delete(d.draft.Products, p.ID)
			d.change.Steps = append(d.change.Steps, ConfigurationStep{DeleteProduct: p.ID})
		} else {
			if now, _ := d.draft.Product(p.ID); !now.Archived {
				if err := d.archive(p.ID); err != nil {
					return About(p.ID, err)
				}
			}
			after, err := d.draft.Product(p.ID)
			if err != nil {
				return err
			}
			change.Action, change.After = Archived, &after
		}
		d.change.Products = append(d.change.Products, change)
	}
	return nil
}

// lowered reports whether a reward names a product whose prices it lowers.
func (c *Catalog) lowered(productID string) bool {
	for _, r := range c.Rewards {
		if r.Discount != nil && slices.Contains(r.Discount.ProductIDs, productID) {
			return true
		}
	}
	return false
}
