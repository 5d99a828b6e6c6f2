package app

import (
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

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

	// SaveStripePrice remembers the Stripe price of an item in a currency; see
	// catalog.PriceKey.
	SaveStripePrice struct{ Key, StripeID string }

	// CatalogAsRead guards a commit that changes the catalog: nothing else has changed it
	// since it was read at this revision. 0 guards nothing.
	CatalogAsRead struct{ Revision int64 }

	// SaveSettings puts the settings of the environment. Their Version must be
	// the one read (0 for the first); the row gets the next.
	SaveSettings struct{ Settings catalog.Settings }
)

// CatalogTable is the part of Tables with what is for sale.
type CatalogTable interface {
	SaveFeature(SaveFeature)
	DeleteFeature(DeleteFeature)
	SaveProduct(SaveProduct)
	DeleteProduct(DeleteProduct)
	MarkVersionInUse(MarkVersionInUse)
	SaveStripePrice(SaveStripePrice)
	SaveSettings(SaveSettings)
	CatalogAsRead(CatalogAsRead)
	SaveReward(SaveReward)
	DeleteReward(DeleteReward)
	ReturnUse(ReturnUse)
	QueueReward(QueueReward)
	UnqueueReward(UnqueueReward)
}

func (w SaveFeature) To(t Table)   { t.(interface{ SaveFeature(SaveFeature) }).SaveFeature(w) }
func (w DeleteFeature) To(t Table) { t.(interface{ DeleteFeature(DeleteFeature) }).DeleteFeature(w) }
func (w SaveProduct) To(t Table)   { t.(interface{ SaveProduct(SaveProduct) }).SaveProduct(w) }
func (w DeleteProduct) To(t Table) { t.(interface{ DeleteProduct(DeleteProduct) }).DeleteProduct(w) }
func (w MarkVersionInUse) To(t Table) {
	t.(interface{ MarkVersionInUse(MarkVersionInUse) }).MarkVersionInUse(w)
}
func (w SaveStripePrice) To(t Table) {
	t.(interface{ SaveStripePrice(SaveStripePrice) }).SaveStripePrice(w)
}
func (w SaveSettings) To(t Table)  { t.(interface{ SaveSettings(SaveSettings) }).SaveSettings(w) }
func (w CatalogAsRead) To(t Table) { t.(interface{ CatalogAsRead(CatalogAsRead) }).CatalogAsRead(w) }

// Writes of rewards, referral programs, codes and redemptions.
type (
	// SaveReward puts a reward, if it is at the version that it was read at; 0 must
	// not exist. Made is what codes it gets by this.
	SaveReward struct {
		Reward catalog.Reward
		Made   CodesMade
	}

	// DeleteReward removes a reward. Its codes are dead with it.
	DeleteReward struct{ Reward catalog.Reward }

	// ReturnUse takes one use of a reward back: it was counted for a purchase that
	// came to nothing. CodeVersion is that of its code's terms; with 0 the text has
	// another code by now, or there was none.
	ReturnUse struct {
		Given       billing.Given
		CodeVersion int64
		Due         time.Time // when the copy of the code at Stripe is looked at
	}

	// QueueReward puts a discount that waits for its turn, new or again.
	QueueReward struct {
		Key    string // of the customer
		Queued billing.QueuedReward
	}

	// UnqueueReward removes a discount that must still be waiting.
	UnqueueReward struct {
		Key    string
		Queued billing.QueuedReward
	}
)

func (w SaveReward) To(t Table)    { t.(interface{ SaveReward(SaveReward) }).SaveReward(w) }
func (w DeleteReward) To(t Table)  { t.(interface{ DeleteReward(DeleteReward) }).DeleteReward(w) }
func (w ReturnUse) To(t Table)     { t.(interface{ ReturnUse(ReturnUse) }).ReturnUse(w) }
func (w QueueReward) To(t Table)   { t.(interface{ QueueReward(QueueReward) }).QueueReward(w) }
func (w UnqueueReward) To(t Table) { t.(interface{ UnqueueReward(UnqueueReward) }).UnqueueReward(w) }
