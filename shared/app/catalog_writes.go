package app

import "windfall/shared/catalog"

// Writes of the catalog and the settings.
type (
	// SaveFeature puts a feature; with New it must not exist.
	SaveFeature struct {
		Feature catalog.Feature
		New     bool
	}

	// DeleteFeature removes a feature.
	DeleteFeature struct{ ID string }

	// SaveProduct puts one version of a product; with New it must not exist, and
	// otherwise no customer may hold it.
	SaveProduct struct {
		Product catalog.Product
		New     bool
		Held    bool // customers may hold it: only what never touches them changed (name, default, archived)
	}

	// DeleteProduct removes one version of a product.
	DeleteProduct struct {
		ID      string
		Version int
	}

	// MarkVersionInUse notes that a customer holds this version of a product, so that
	// an edit makes the next version instead of changing this one.
	MarkVersionInUse struct {
		ProductID string
		Version   int
	}

	// SaveStripePrice remembers the Stripe price of an item.
	SaveStripePrice struct{ ItemID, StripeID string }

	// SaveSettings puts the settings of the environment. Their Version must be
	// the one read (0 for the first); the row gets the next.
	SaveSettings struct{ Settings catalog.Settings }
)

func (SaveFeature) write()      {}
func (DeleteFeature) write()    {}
func (SaveProduct) write()      {}
func (DeleteProduct) write()    {}
func (MarkVersionInUse) write() {}
func (SaveStripePrice) write()  {}
func (SaveSettings) write()     {}
