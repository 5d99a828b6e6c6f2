package customers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// How the customer pays.
const (
	byInvoice = "invoice"
	byCard    = "card"
	byLink    = "link"
)

func (p pages) enable() web.Command {
	return web.Command{
		Path: "/dashboard/customers/{id}/enable", Show: p.showEnable, Decide: p.decideEnable, Do: p.doEnable,
		Did: func(ctx context.Context, r *web.Request) (bool, error) { return p.app.Did(ctx, r.Caller()) },
	}
}

func (p pages) showEnable(ctx context.Context, r *web.Request) (web.View, error) {
	s, cat, err := p.customerAndCatalog(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	products := cat.ListProducts(false)
	page := form(s.Customer, "Enable product")
	page.Narrow = false
	if len(products) == 0 {
		return web.View{Page: page, Form: ui.Form{Reads: true, Note: "There is no product yet. Create one first."}}, nil
	}
	methods := []ui.Option{{Value: byInvoice, Text: "Send an invoice", Hint: "Enabled at once; the invoice stays open until it is paid."}}
	if card, err := p.hasCard(ctx, r, s.Customer); err != nil {
		return web.View{}, err
	} else if card {
		methods = append(methods, ui.Option{Value: byCard, Text: "Charge the card on file"})
	}
	methods = append(methods, ui.Option{Value: byLink, Text: "Checkout link", Hint: "A page of Stripe's to send to the customer. It begins when they have paid."})
	choices := ui.Field{Kind: ui.Select, Name: "product", Label: "Product", Value: products[0].ID}
	for i, name := range distinct(products) {
		choices.Options = append(choices.Options, ui.Option{Value: products[i].ID, Text: name})
	}
	fields := []ui.Field{choices, {Kind: ui.Radios, Name: "payment", Label: "Payment", Value: byInvoice, Options: methods}}
	fields = append(fields, quantityFields(products, cat)...)
	fields = append(fields, ui.Field{Name: "reward", Label: "Reward or code", Hint: "The ID of a reward, or a promotion code."}, ownTerms(products, cat))
	return web.View{Page: page, Form: ui.Form{Fields: fields, Button: "Preview", Reads: true}}, nil
}

// hasCard asks Stripe for the card on file. While Stripe does not answer there is none to charge.
func (p pages) hasCard(ctx context.Context, r *web.Request, c billing.Customer) (bool, error) {
	if c.StripeID == "" {
		return false, nil
	}
	known, err := p.app.Payments.Customer(ctx, r.Session.Env, c.StripeID)
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return false, nil
	}
	return known.Card != "", err
}

// distinct are the names of products, with the id where two have the same.
func distinct(products []catalog.Product) []string {
	count := map[string]int{}
	for _, p := range products {
		count[p.Name]++
	}
	names := make([]string, len(products))
	for i, p := range products {
		if names[i] = p.Name; p.Name == "" || count[p.Name] > 1 {
			names[i] = strings.TrimSpace(p.Name + " (" + p.ID + ")")
		}
	}
	return names
}

// per lists the features of items that fit, in the order of the products, each with the products
// that have it.
func per(products []catalog.Product, fits func(catalog.Item) bool) (features []string, of map[string][]string) {
	of = map[string][]string{}
	for _, p := range products {
		for _, i := range p.Items {
			if i.FeatureID == "" || !fits(i) || slices.Contains(of[i.FeatureID], p.ID) {
				continue
			}
			if of[i.FeatureID] == nil {
				features = append(features, i.FeatureID)
			}
			of[i.FeatureID] = append(of[i.FeatureID], p.ID)
		}
	}
	return features, of
}

func prepaid(i catalog.Item) bool  { return i.UsageModel == catalog.Prepaid && i.Priced() }
func included(i catalog.Item) bool { return i.Included.IsPositive() }

func quantityFields(products []catalog.Product, cat *catalog.Catalog) (fields []ui.Field) {
	features, of := per(products, prepaid)
	for _, f := range features {
		fields = append(fields, ui.Field{Kind: ui.Decimal, Name: "quantity." + f, Label: "Quantity of " + featureName(cat, f), Hint: "How many units are bought in advance, beyond those that are included.", When: "product=" + strings.Join(of[f], "|")})
	}
	return fields
}

// ownTerms change the product for this customer alone.
func ownTerms(products []catalog.Product, cat *catalog.Catalog) ui.Field {
	priced := []string{}
	for _, p := range products {
		if slices.ContainsFunc(p.Items, func(i catalog.Item) bool { return i.FeatureID == "" }) {
			priced = append(priced, p.ID)
		}
	}
	group := ui.Field{Kind: ui.Group, Name: "terms", Label: "Own terms", Hint: "For this customer alone. What is blank is as the product has it."}
	if len(priced) > 0 {
		group.Fields = append(group.Fields, ui.Field{Kind: ui.Decimal, Name: "price", Label: "Base price", When: "product=" + strings.Join(priced, "|")})
	}
	features, of := per(products, included)
	for _, f := range features {
		group.Fields = append(group.Fields, ui.Field{Kind: ui.Decimal, Name: "included." + f, Label: "Included " + featureName(cat, f), When: "product=" + strings.Join(of[f], "|")})
	}
	return group
}

// attachCommand is what the form asks for.
func (p pages) attachCommand(ctx context.Context, r *web.Request) (cmd app.AttachCommand, product catalog.Product, err error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return cmd, product, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return cmd, product, err
	}
	if product, err = cat.Product(r.Value("product")); err != nil {
		return cmd, product, web.On("product", err)
	}
	cmd = app.AttachCommand{CustomerID: s.Customer.Key(), ProductIDs: []string{product.ID}, Terms: billing.Attach{Now: r.Now}}
	switch r.Value("payment") {
	case byInvoice:
		cmd.Terms.ByInvoice = true
	case byCard:
		cmd.Terms.NoPage = true
	case byLink:
		cmd.Terms.ForceCheckout = true
	default:
		return cmd, product, web.On("payment", web.Invalid("Choose how the customer pays."))
	}
	if code := r.Value("reward"); code != "" {
		cmd.Rewards = []string{code}
	}
	if err := quantities(r, &cmd); err != nil {
		return cmd, product, err
	}
	cmd.Terms.Items, err = ownItems(r, product)
	return cmd, product, err
}

func quantities(r *web.Request, cmd *app.AttachCommand) error {
	var names []string
	for name := range r.Form {
		if strings.HasPrefix(name, "quantity.") && r.Value(name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		n, err := number(r, name)
		if err != nil {
			return err
		}
		cmd.Terms.Quantities = append(cmd.Terms.Quantities, catalog.Quantity{FeatureID: strings.TrimPrefix(name, "quantity."), Quantity: n})
	}
	return nil
}

// number reads a field that is a number.
func number(r *web.Request, name string) (money.Decimal, error) {
	typed := r.Value(name)
	plain, ok := ungrouped(typed)
	if !ok {
		return money.Decimal{}, web.On(name, web.Invalid("“%s” is not a number. Decimals have a point: 1.5.", typed))
	}
	n, err := money.ParseDecimal(plain)
	if is(err, money.ReasonNumberTooFine) {
		return n, web.On(name, err)
	}
	if err != nil {
		return n, web.On(name, web.Invalid("“%s” is not a number.", typed))
	}
	return n, nil
}

// ungrouped takes commas away that part thousands, and no others: 1,5 may mean 1.5, and is not read as 15.
func ungrouped(text string) (plain string, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if digits := strings.Trim(g, "0123456789") == ""; i > 0 && (len(g) != 3 || !digits) || i == 0 && len(groups) > 1 && len(strings.TrimLeft(g, "+-")) > 3 {
			return "", false
		}
	}
	return strings.ReplaceAll(text, ",", ""), !strings.Contains(fraction, ",")
}

// ownItems are the product's items with what the customer has for themselves; nil where all is
// blank.
func ownItems(r *web.Request, product catalog.Product) (*[]catalog.WantedItem, error) {
	items := make([]catalog.WantedItem, len(product.Items))
	for i, item := range product.Items {
		item.BillingUnits = item.Pack() // which is not stored where it is 1
		items[i].Item = item
	}
	used := map[string]bool{}
	for i := range items {
		name := termField(items[i].Item)
		if r.Value(name) == "" || used[name] || name != "price" && !included(items[i].Item) {
			continue
		}
		n, err := number(r, name)
		if err != nil {
			return nil, err
		}
		if used[name] = true; name == "price" {
			items[i].Price, items[i].Prices = &n, nil
		} else {
			items[i].Included = n
		}
	}
	for name := range r.Form {
		if (name == "price" || strings.HasPrefix(name, "included.")) && r.Value(name) != "" && !used[name] {
			return nil, web.On(name, web.Invalid("%s has nothing of the kind to change.", product.Name))
		}
	}
	if len(used) == 0 {
		return nil, nil
	}
	return &items, nil
}
