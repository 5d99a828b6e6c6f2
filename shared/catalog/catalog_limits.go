package catalog

// The limits of what a company may sell; docs/api.md has the table for callers.
const (
	maxCreditCosts     = 100 // features that one credit system pays for
	maxProductTiers    = 300 // of all items of a product together
	maxProgramProducts = 100
	maxPriceIDs        = 100
	maxProductMetadata = 16 << 10 // bytes of JSON
)
