package object

// Product is what is sold (object "product").
type Product struct {
	Active              bool             `json:"active"`
	Created             int64            `json:"created"`
	DefaultPrice        Text             `json:"default_price"`
	Description         Text             `json:"description"`
	Features            []ProductFeature `json:"features"`
	ID                  string           `json:"id"`
	Images              []string         `json:"images"`
	Livemode            bool             `json:"livemode"`
	Metadata            Metadata         `json:"metadata"`
	Name                string           `json:"name"`
	Object              string           `json:"object"`
	PackageDimensions   Null             `json:"package_dimensions"`
	Shippable           *bool            `json:"shippable"`
	StatementDescriptor Text             `json:"statement_descriptor"`
	TaxCode             Text             `json:"tax_code"`
	UnitLabel           Text             `json:"unit_label"`
	Updated             int64            `json:"updated"`
	URL                 Text             `json:"url"`
}

// ProductFeature is a marketing line of a product.
type ProductFeature struct {
	Name string `json:"name"`
}
