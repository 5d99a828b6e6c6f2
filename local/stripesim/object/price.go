package object

// Price is what a product costs (object "price").
type Price struct {
	Active            bool               `json:"active"`
	BillingScheme     string             `json:"billing_scheme"`
	Created           int64              `json:"created"`
	Currency          string             `json:"currency"`
	ID                string             `json:"id"`
	Livemode          bool               `json:"livemode"`
	LookupKey         Text               `json:"lookup_key"`
	Metadata          Metadata           `json:"metadata"`
	Nickname          Text               `json:"nickname"`
	Object            string             `json:"object"`
	Product           string             `json:"product"`
	Recurring         *Recurring         `json:"recurring"`
	TaxBehavior       Text               `json:"tax_behavior"`
	TiersMode         Text               `json:"tiers_mode"`
	TransformQuantity *TransformQuantity `json:"transform_quantity"`
	Type              string             `json:"type"`
	UnitAmount        *int64             `json:"unit_amount"`
	UnitAmountDecimal Decimal            `json:"unit_amount_decimal"`

	State PriceState `json:"-"`
}

// Recurring is a part of the object in this file.
type Recurring struct {
	AggregateUsage Text   `json:"aggregate_usage"`
	Interval       string `json:"interval"`
	IntervalCount  int64  `json:"interval_count"`
	UsageType      string `json:"usage_type"`
}

// Tier is a part of the object in this file.
type Tier struct {
	FlatAmount        *int64  `json:"flat_amount"`
	FlatAmountDecimal Decimal `json:"flat_amount_decimal"`
	UnitAmount        *int64  `json:"unit_amount"`
	UnitAmountDecimal Decimal `json:"unit_amount_decimal"`
	UpTo              *int64  `json:"up_to"`
}

// TransformQuantity is a part of the object in this file.
type TransformQuantity struct {
	DivideBy int64  `json:"divide_by"`
	Round    string `json:"round"`
}
