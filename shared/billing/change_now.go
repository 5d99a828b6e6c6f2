package billing

import (
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// now exchanges products at once.
func (ch change) now() (Decision, error) {
	to := ch.cmd.Products[0]
	switch {
	case ch.current.SubscriptionID == "":
		return ch.replaceGrants(), nil
	case to.Free():
		return ch.leave()
	case ch.uncharged() && !catalog.SameQuantities(to, ch.current.Quantities, ch.options()):
		return Decision{}, refusal.Invalid(ReasonQuantityOfTakeover, to.ID)
	}
	return ch.exchange()
}

// begin is what all changes that happen at once share: what begins, and what
// the change is called.
func (ch change) begin() Decision {
	effect, why := EffectUpgraded, "A more expensive product starts at once; the time left is charged and credited."
	switch {
	case ch.branch == BranchDowngrade:
		effect, why = EffectChanged, "The change was asked for at once; the time left is charged and credited."
	case ch.branch == BranchVersion:
		effect, why = EffectVersionTaken, "Another version of the product is taken over without a charge for this period."
		if ch.restarts() {
			why = "Another version of the product is billed in another interval; a full period begins, and the time left is credited."
		}
	case ch.same() && ch.uncharged():
		effect, why = EffectItemsUpdated, "Nothing that is paid in advance changes, so there is no charge."
	case ch.same():
		effect, why = EffectItemsUpdated, "The product has other prices for this customer; the time left is charged and credited."
	}
	d := ch.decide(effect, why)
	d.Subject = Subject{From: ch.from.Name, To: ch.cmd.Products[0].Name, Version: ch.cmd.Products[0].Version}
	d.Carry = ch.same()
	if ch.current.AddOn { // nothing of a group gives way to it
		d.End = []Ending{{CustomerProductID: ch.current.ID}}
	}
	return d
}

// charged is the new product without what is paid once and is not paid again:
// of the product that is held already, only what is new counts.
func (ch change) charged() catalog.Product {
	to := ch.cmd.Products[0]
	if ch.same() {
		free := ch.uncharged() || ch.current.At(ch.cmd.Now) == Trialing
		to.Items = slices.DeleteFunc(slices.Clone(to.Items), func(i catalog.Item) bool {
			return i.Priced() && !i.Cycle.Repeats() && (free || ch.from.SellsLike(i))
		})
	}
	return to
}

// leave starts a product that costs nothing at once: the paid one ends, and
// its time left is credited as far as it was paid.
func (ch change) leave() (Decision, error) {
	d := ch.begin()
	d.Steps = ch.prepare()
	return ch.ended(ch.Catalog, d, ch.current, Cancel{OperationID: ch.cmd.OperationID, Refund: true, Billed: ch.Billed, Now: ch.cmd.Now})
}

// replaceGrants exchanges the items of a product that costs nothing, before and
// after. One that ends with its trial still does, and the default follows.
func (ch change) replaceGrants() Decision {
	d, now := ch.begin(), ch.cmd.Now
	next := &d.Start[0]
	next.TrialEnds, next.CanceledAt, next.EndsAt = ch.current.TrialEnds, ch.current.CanceledAt, ch.current.EndsAt
	if !next.EndsAt.IsZero() {
		d.Start = append(d.Start, fallback(ch.Catalog, *next, next.ID+"_after", next.EndsAt, now)...)
	}
	return d
}
