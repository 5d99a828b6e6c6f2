package billing

import "time"

// An Effect is what a money command did, or will do once its page is paid. A
// dialect of the API has a code and a sentence for each.
type Effect string

const (
	EffectFreeAttached       Effect = "free_attached"
	EffectCheckoutCreated    Effect = "checkout_created"
	EffectAttached           Effect = "attached"
	EffectPurchased          Effect = "purchased" // a one-off
	EffectUpgraded           Effect = "upgraded"
	EffectChanged            Effect = "changed" // at once, to a product that is not more expensive
	EffectVersionTaken       Effect = "version_taken"
	EffectItemsUpdated       Effect = "items_updated"
	EffectDowngradeScheduled Effect = "downgrade_scheduled"
	EffectUpgradeScheduled   Effect = "upgrade_scheduled"
	EffectRenewed            Effect = "renewed"
	EffectQuantityUpdated    Effect = "quantity_updated"
	EffectCanceled           Effect = "canceled"
	EffectCustomerDeleted    Effect = "customer_deleted"
)

// Effects lists every effect, so that a test can prove that each has its words.
func Effects() []Effect {
	return []Effect{EffectFreeAttached, EffectCheckoutCreated, EffectAttached, EffectPurchased, EffectUpgraded, EffectChanged,
		EffectVersionTaken, EffectItemsUpdated, EffectDowngradeScheduled, EffectUpgradeScheduled, EffectRenewed,
		EffectQuantityUpdated, EffectCanceled, EffectCustomerDeleted}
}

// A Subject is what the sentence about a change names; a purchase names its
// Products instead.
type Subject struct {
	From    string    `json:"from,omitzero"`    // the name of the present product
	To      string    `json:"to,omitzero"`      // and of the one that takes its place
	Version int       `json:"version,omitzero"` // of the latter
	At      time.Time `json:"at,omitzero"`      // when the change takes effect, where that is later
}
