package catalog

import (
	"fmt"
	"slices"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/money"
)

// typeNames are the types of rewards, as people call them.
var typeNames = map[catalog.RewardType]string{
	catalog.FixedDiscount: "Fixed discount", catalog.PercentageDiscount: "Percentage discount", catalog.FreeProduct: "Free product",
	catalog.InvoiceCredits: "Invoice credits", catalog.FeatureGrant: "Feature grant",
}

// sentence says what a reward does: "Takes 20 % off every invoice for 3 months."
func sentence(c *catalog.Catalog, r catalog.Reward) string {
	d := r.Discount
	switch {
	case r.Type == catalog.FreeProduct && r.FreePeriods > 0:
		return fmt.Sprintf("Gives %s of %s free of charge, by a referral program alone.", ui.Count(r.FreePeriods, "period"), nameOf(c, r.FreeProduct))
	case r.Type == catalog.FreeProduct:
		return fmt.Sprintf("Gives %s free of charge.", nameOf(c, r.FreeProduct))
	case r.Type == catalog.FeatureGrant:
		return "Gives " + listed(granted(c, r)) + "."
	case d == nil:
		return ""
	case r.Type == catalog.InvoiceCredits:
		return credits(c, r)
	}
	when := "the next invoice"
	switch d.Duration {
	case catalog.MonthsDiscount:
		when = "every invoice for " + ui.Count(d.Months, "month")
	case catalog.ForeverDiscount:
		when = "every invoice, forever"
	}
	if of := scope(c, *d); of != "" {
		when = of + ", on " + when
	}
	return fmt.Sprintf("Takes %s off %s.", value(c, r), when)
}

func credits(c *catalog.Catalog, r catalog.Reward) string {
	pays := "invoices"
	if of := scope(c, *r.Discount); of != "" {
		pays = of + " on invoices"
	}
	until := "until it is used up"
	if months := max(r.CreditMonths, r.Discount.Months); months > 0 {
		until = "for " + ui.Count(months, "month")
	}
	return fmt.Sprintf("Gives %s of credit, which pays %s %s.", value(c, r), pays, until)
}

// value is how much a reward gives: 20 %, $5.00, a product, or features.
func value(c *catalog.Catalog, r catalog.Reward) string {
	switch {
	case r.Type == catalog.FreeProduct:
		return nameOf(c, r.FreeProduct)
	case r.Type == catalog.FeatureGrant:
		return listed(granted(c, r))
	case r.Discount == nil:
		return ""
	case r.Type == catalog.PercentageDiscount:
		return ui.Number(r.Discount.Value) + " %"
	}
	return ui.Major(r.Discount.Value, c.CurrencyOf(r))
}

// duration is how long a reward lowers invoices.
func duration(r catalog.Reward) string {
	switch {
	case r.Type == catalog.FreeProduct && r.FreePeriods > 0:
		return ui.Count(r.FreePeriods, "period")
	case r.Type == catalog.FreeProduct:
		return "Forever"
	case r.Discount == nil:
		return "—"
	case r.Discount.Duration == catalog.MonthsDiscount:
		return ui.Count(r.Discount.Months, "month")
	case r.Discount.Duration == catalog.ForeverDiscount:
		return "Forever"
	}
	return "One off"
}

// limits are sentences about how often a reward can be used, and until when.
func limits(r catalog.Reward) (all []string) {
	if r.Max > 0 {
		all = append(all, fmt.Sprintf("All codes and customers together may use it %s.", times(r.Max)))
	}
	if r.MaxPerCustomer > 0 {
		all = append(all, fmt.Sprintf("Each customer may use it %s.", times(r.MaxPerCustomer)))
	}
	if !r.RedeemBy.IsZero() {
		all = append(all, fmt.Sprintf("Nobody can use it from %s on.", ui.Minute(r.RedeemBy)))
	}
	return all
}

// scope names what a discount lowers; "" is everything.
func scope(c *catalog.Catalog, d catalog.Discount) string {
	if d.ApplyToAll {
		return ""
	}
	var names []string
	for _, id := range d.ProductIDs {
		names = append(names, nameOf(c, id))
	}
	for _, id := range d.PriceIDs {
		if p, i, sold := c.ItemOf(id); sold {
			names = append(names, priceName(c, p, i))
		}
	}
	if len(names) == 0 {
		return "prices that are not sold any more"
	}
	return listed(names)
}

// priceName names a priced item: "Pro: base price", "Pro: Words".
func priceName(c *catalog.Catalog, p catalog.Product, i catalog.Item) string {
	name := p.Name
	if latest, err := c.Product(p.ID); err == nil && !slices.ContainsFunc(latest.Items, func(o catalog.Item) bool { return o.ID == i.ID }) {
		name = fmt.Sprintf("%s, version %d", p.Name, p.Version)
	}
	base := p.Base()
	switch {
	case i.FeatureID != "":
		return name + ": " + featureName(c, i.FeatureID)
	case base != nil && base.ID == i.ID:
		return name + ": base price"
	case i.Price != nil:
		return name + ": price of " + ui.Major(*i.Price, c.Settings.Currency)
	}
	return name + ": price"
}

func granted(c *catalog.Catalog, r catalog.Reward) (names []string) {
	for _, g := range r.Grants {
		name := featureName(c, g.FeatureID)
		if !g.Included.IsZero() {
			name = ui.Number(g.Included) + " " + name
		}
		if g.Lasts != (money.Cycle{}) {
			name += " for " + ui.Count(g.Lasts.Plain().Count, string(g.Lasts.Interval))
		}
		names = append(names, name)
	}
	return names
}

func nameOf(c *catalog.Catalog, productID string) string {
	if p, err := c.Product(productID); err == nil {
		return p.Name
	}
	return productID + " (deleted)"
}

func featureName(c *catalog.Catalog, id string) string {
	if f, known := c.Features[id]; known {
		return f.Name
	}
	return id
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return ui.Count(n, "time")
}

// upper begins a text with a capital letter.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// listed joins names: A, B and C.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
