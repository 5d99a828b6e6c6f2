package stripesim

import (
	"strconv"
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

// inline prices, as line items of subscriptions, invoices and checkout take them
const (
	recurringPriceData = "price_data:{currency! product! recurring!:{interval!:(day,month,week,year) interval_count:i} tax_behavior:(exclusive,inclusive,unspecified) unit_amount:i unit_amount_decimal:d}"
	oneTimePriceData   = "price_data:{currency! product! tax_behavior:(exclusive,inclusive,unspecified) unit_amount:i unit_amount_decimal:d}"
)

var priceRoutes = []endpoint{
	{"POST /v1/prices", `active:b billing_scheme:(per_unit,tiered) currency! lookup_key metadata:m nickname product
		product_data:{active:b id metadata:m name! statement_descriptor tax_code unit_label}
		recurring:{aggregate_usage:(last_during_period,last_ever,max,sum) interval!:(day,month,week,year) interval_count:i usage_type:(licensed,metered)}
		tax_behavior:(exclusive,inclusive,unspecified) tiers:[{flat_amount:i flat_amount_decimal:d unit_amount:i unit_amount_decimal:d up_to!}]
		tiers_mode:(graduated,volume) transfer_lookup_key:b transform_quantity:{divide_by!:i round!:(down,up)} unit_amount:i unit_amount_decimal:d`, createPrice},
	{"GET /v1/prices", "active:b created:r currency lookup_keys:[s] product recurring:{interval:(day,month,week,year) usage_type:(licensed,metered)} type:(one_time,recurring)" + pageParams, listPrices},
	{"GET /v1/prices/{id}", "", getPrice},
	{"POST /v1/prices/{id}", "active:b lookup_key metadata:m nickname tax_behavior:(exclusive,inclusive,unspecified) transfer_lookup_key:b", updatePrice},
}

func createPrice(c *call) (any, error) {
	product := c.p.Str("product")
	if (product == "") == !c.p.Given("product_data") {
		return nil, invalidCode("parameter_missing", "product", "You must specify either `product` or `product_data` when creating a price.")
	}
	if product == "" {
		data := c.p.Sub("product_data")
		prod := &object.Product{ID: data.StrOr("id", c.newID("prod_")), Object: "product", Active: true, Created: c.now}
		c.put(prod)
		if err := c.setProduct(prod, data); err != nil {
			return nil, err
		}
		c.emit("product.created", prod)
		product = prod.ID
	}
	price, err := c.newPrice(c.p, product)
	if err != nil {
		return nil, err
	}
	price.Nickname = object.Text(c.p.Str("nickname"))
	if price.Metadata, err = mergeMetadata(nil, c.p); err != nil {
		return nil, err
	}
	flag(&price.Active, c.p, "active")
	if err := c.setLookupKey(price, c.p); err != nil {
		return nil, err
	}
	c.emit("price.created", price)
	return price, nil
}

// newPrice makes a price out of a price's parameters or of price_data.
func (t *tx) newPrice(p *form.Params, product string) (*object.Price, error) {
	prod, err := need[*object.Product](t, "product", product, p.Path("product"))
	if err != nil {
		return nil, err
	}
	if !prod.Active {
		return nil, invalid(p.Path("product"), "The product is marked as inactive, so no price can be created for it.")
	}
	price := &object.Price{
		ID: t.newID("price_"), Object: "price", Active: true, BillingScheme: p.StrOr("billing_scheme", "per_unit"),
		Created: t.now, Currency: strings.ToLower(p.Str("currency")), Product: product,
		TaxBehavior: object.Text(p.StrOr("tax_behavior", "unspecified")), Type: "one_time",
	}
	if !currencyForm(price.Currency) {
		return nil, invalid(p.Path("currency"), "Invalid currency: %s", price.Currency)
	}
	if err := setRecurring(price, p); err != nil {
		return nil, err
	}
	if err := setPriceAmounts(price, p); err != nil {
		return nil, err
	}
	t.put(price)
	return price, nil
}

func currencyForm(c string) bool {
	return len(c) == 3 && strings.Trim(c, "abcdefghijklmnopqrstuvwxyz") == ""
}

func setRecurring(price *object.Price, p *form.Params) error {
	if !p.Given("recurring") {
		return nil
	}
	r := p.Sub("recurring")
	price.Type = "recurring"
	price.Recurring = &object.Recurring{
		Interval: r.Str("interval"), IntervalCount: 1, UsageType: r.StrOr("usage_type", "licensed"), AggregateUsage: object.Text(r.Str("aggregate_usage")),
	}
	if r.Given("interval_count") {
		price.Recurring.IntervalCount = r.Int("interval_count")
	}
	most := map[string]int64{"day": 365, "week": 52, "month": 12, "year": 1}[price.Recurring.Interval]
	if n := price.Recurring.IntervalCount; n < 1 || n > most {
		return invalid(r.Path("interval_count"), "Invalid interval count: %d. The maximum number of intervals is one year.", n)
	}
	switch {
	case price.Recurring.UsageType == "metered" && price.Recurring.AggregateUsage == "":
		price.Recurring.AggregateUsage = "sum"
	case price.Recurring.UsageType == "licensed" && price.Recurring.AggregateUsage != "":
		return invalid(r.Path("aggregate_usage"), "You cannot set `aggregate_usage` when `usage_type` is `licensed`.")
	}
	return nil
}

func setPriceAmounts(price *object.Price, p *form.Params) error {
	if p.Given("unit_amount") && p.Given("unit_amount_decimal") {
		return invalid(p.Path("unit_amount"), "You may only specify one of these parameters: unit_amount, unit_amount_decimal.")
	}
	if price.BillingScheme == "tiered" {
		return setTiers(price, p)
	}
	if p.Any("tiers", "tiers_mode") {
		return invalid(p.Path("tiers"), "`tiers` and `tiers_mode` need `billing_scheme=tiered`.")
	}
	if !p.Given("unit_amount") && !p.Given("unit_amount_decimal") {
		return invalidCode("parameter_missing", p.Path("unit_amount"), "Missing required param: %s.", p.Path("unit_amount"))
	}
	price.UnitAmount, price.UnitAmountDecimal = amounts(p, "unit_amount")
	if !decimalFits(price.UnitAmountDecimal) {
		return tooLarge(givenAmount(p, "unit_amount"), price.Currency)
	}
	if strings.HasPrefix(string(price.UnitAmountDecimal), "-") {
		return invalidCode("parameter_invalid_integer", p.Path("unit_amount"), "Invalid non-negative integer")
	}
	if q := p.Sub("transform_quantity"); p.Given("transform_quantity") {
		if q.Int("divide_by") < 1 {
			return invalid(q.Path("divide_by"), "This value must be greater than or equal to 1.")
		}
		price.TransformQuantity = &object.TransformQuantity{DivideBy: q.Int("divide_by"), Round: q.Str("round")}
	}
	return nil
}

// amounts reads name and name_decimal; the whole number is nil when the
// decimal is not one.
func amounts(p *form.Params, name string) (*int64, object.Decimal) {
	if i := p.IntPtr(name); i != nil {
		return i, object.Decimal(strconv.FormatInt(*i, 10))
	}
	d := p.Str(name + "_decimal")
	if d == "" {
		return nil, ""
	}
	if strings.Contains(d, ".") {
		d = strings.TrimRight(strings.TrimRight(d, "0"), ".")
	}
	if i, err := strconv.ParseInt(d, 10, 64); err == nil {
		return &i, object.Decimal(d)
	}
	return nil, object.Decimal(d)
}

// givenAmount is the parameter that has the amount: name, or its decimal.
func givenAmount(p *form.Params, name string) string {
	if p.Given(name) {
		return p.Path(name)
	}
	return p.Path(name + "_decimal")
}

func setTiers(price *object.Price, p *form.Params) error {
	if p.Any("unit_amount", "unit_amount_decimal", "transform_quantity") {
		return invalid(p.Path("unit_amount"), "You may not specify `unit_amount` or `transform_quantity` when `billing_scheme` is `tiered`.")
	}
	price.TiersMode = object.Text(p.Str("tiers_mode"))
	tiers := p.List("tiers")
	if price.TiersMode == "" || len(tiers) == 0 {
		return invalidCode("parameter_missing", p.Path("tiers"), "A tiered price needs `tiers_mode` and `tiers`.")
	}
	last := int64(0)
	for i, one := range tiers {
		t := object.Tier{}
		t.UnitAmount, t.UnitAmountDecimal = amounts(one, "unit_amount")
		t.FlatAmount, t.FlatAmountDecimal = amounts(one, "flat_amount")
		for name, d := range map[string]object.Decimal{"unit_amount": t.UnitAmountDecimal, "flat_amount": t.FlatAmountDecimal} {
			if !decimalFits(d) {
				return tooLarge(givenAmount(one, name), price.Currency)
			}
		}
		if t.UnitAmountDecimal == "" && t.FlatAmountDecimal == "" {
			return invalid(one.Path("unit_amount"), "Each tier needs a `unit_amount` or a `flat_amount`.")
		}
		if up := one.Str("up_to"); up != "inf" {
			n, err := strconv.ParseInt(up, 10, 64)
			if err != nil || n <= last || i == len(tiers)-1 {
				return invalid(one.Path("up_to"), "Invalid `up_to` %s: tiers must be in ascending order and the last one must be `inf`.", up)
			}
			t.UpTo, last = &n, n
		} else if i < len(tiers)-1 {
			return invalid(one.Path("up_to"), "Only the last tier can have `up_to=inf`.")
		}
		price.State.Tiers = append(price.State.Tiers, t)
	}
	return nil
}

// setLookupKey: a key belongs to one price; it can be taken over on request.
func (t *tx) setLookupKey(price *object.Price, p *form.Params) error {
	if !p.Has("lookup_key") {
		return nil
	}
	key := p.Str("lookup_key")
	for _, other := range all[*object.Price](t) {
		if key == "" || other.ID == price.ID || string(other.LookupKey) != key {
			continue
		}
		if !p.Bool("transfer_lookup_key") {
			return invalid("lookup_key", "A price (`%s`) already uses that lookup key.", other.ID)
		}
		edit[*object.Price](t, other.ID).LookupKey = ""
	}
	price.LookupKey = object.Text(key)
	return nil
}

func getPrice(c *call) (any, error) { return need[*object.Price](c.tx, "price", c.id, "id") }

func updatePrice(c *call) (any, error) {
	if _, err := need[*object.Price](c.tx, "price", c.id, "id"); err != nil {
		return nil, err
	}
	price := edit[*object.Price](c.tx, c.id)
	flag(&price.Active, c.p, "active")
	text(&price.Nickname, c.p, "nickname")
	if c.p.Given("tax_behavior") {
		if to := object.Text(c.p.Str("tax_behavior")); price.TaxBehavior != "unspecified" && to != price.TaxBehavior {
			return nil, invalid("tax_behavior", "The `tax_behavior` of a price cannot be changed once it is `inclusive` or `exclusive`.")
		}
		price.TaxBehavior = object.Text(c.p.Str("tax_behavior"))
	}
	if err := c.setLookupKey(price, c.p); err != nil {
		return nil, err
	}
	var err error
	if price.Metadata, err = mergeMetadata(price.Metadata, c.p); err != nil {
		return nil, err
	}
	c.emit("price.updated", price)
	return price, nil
}

func listPrices(c *call) (any, error) {
	keys := map[string]bool{}
	for _, k := range c.p.Strings("lookup_keys") {
		keys[k] = true
	}
	r := c.p.Sub("recurring")
	return pageNewest(c, all[*object.Price](c.tx), func(o *object.Price) bool {
		if r.Given("interval") && (o.Recurring == nil || o.Recurring.Interval != r.Str("interval")) ||
			r.Given("usage_type") && (o.Recurring == nil || o.Recurring.UsageType != r.Str("usage_type")) {
			return false
		}
		return c.p.InRange("created", o.Created) && (!c.p.Given("active") || o.Active == c.p.Bool("active")) &&
			(!c.p.Given("product") || o.Product == c.p.Str("product")) && (!c.p.Given("type") || o.Type == c.p.Str("type")) &&
			(!c.p.Given("currency") || o.Currency == c.p.Str("currency")) && (len(keys) == 0 || keys[string(o.LookupKey)])
	})
}
