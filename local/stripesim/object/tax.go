package object

// TaxAmount is the tax of an invoice or of one of its lines.
type TaxAmount struct {
	Amount           int64  `json:"amount"`
	Inclusive        bool   `json:"inclusive"`
	TaxRate          string `json:"tax_rate"`
	TaxabilityReason Text   `json:"taxability_reason"`
	TaxableAmount    *int64 `json:"taxable_amount"`
}

// TaxID is a number under which a business pays its taxes.
type TaxID struct {
	Type  string `json:"type"`
	Value Text   `json:"value"`
}
