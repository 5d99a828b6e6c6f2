package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// An EntityRef names one of a customer's entities: a seat, a workspace, a project.
//
// What a product grants to each entity of a feature is a grant of the customer's row that
// counts for nobody there; each entity has a copy of it on a row of its own, with its own
// use. A product that is attached to an entity grants on that row alone.
type EntityRef struct {
	ID        string `json:"id,omitzero"`         // as the application calls it
	FeatureID string `json:"feature_id,omitzero"` // of which it is one
	Number    int64  `json:"number,omitzero"`     // orders the customer's entities by their creation
}

// counts reports whether a grant is of the holder of the balance.
func (b Balance) counts(g Grant) bool { return g.PerEntity == "" || b.Entity.ID != "" }

// OfEntities reports whether the customer's entities may have balances of the feature.
func (b Balance) OfEntities() bool { return b.Entities || b.grantsToEntities() }

func (b Balance) grantsToEntities() bool {
	return b.Entity.ID == "" && slices.ContainsFunc(b.Grants, func(g Grant) bool { return g.PerEntity != "" })
}

// WithMark is the balance of a customer, which may be one that was never written, once an
// entity has one of the feature: a use looks at no other row without it.
func (b Balance) WithMark(featureID string, now time.Time) Balance {
	b.FeatureID = featureID
	b = b.At(now)
	b.Entities = true
	return b
}

// Marked is the balance of a customer with the mark that entities may have balances of
// it, and whether it differs from what it was in what it grants to them.
func (b Balance) Marked(was Balance) Balance {
	b.Entities = b.OfEntities()
	b.Moved = !slices.EqualFunc(b.toEntities(""), was.toEntities(""), Grant.sameTerms)
	return b
}

// toEntities lists what the balance of a customer grants to each entity of a feature, or
// of any.
func (b Balance) toEntities(featureID string) (grants []Grant) {
	for _, g := range b.Grants {
		if b.Entity.ID == "" && g.PerEntity != "" && (featureID == "" || g.PerEntity == featureID) {
			g.Used, g.Extra, g.Reserved = money.Zero, money.Zero, nil
			grants = append(grants, g)
		}
	}
	return grants
}

// FollowCustomer brings the balance of an entity to what the customer's products grant to
// each entity now, and reports whether that changes it. Use goes over from what has ended to
// what has begun as it does for the customer's own balance. The balance may be one that was
// never written. It is a function of the two rows: following twice changes nothing more.
func (b Balance) FollowCustomer(own Balance, now time.Time) (Balance, bool) {
	was := b
	b = b.At(now)
	b.Grants = slices.Clone(b.Grants)
	begun := own.At(now).toEntities(b.Entity.FeatureID)
	changed := false
	var ended, products []string
	for i, g := range b.Grants {
		if g.PerEntity == "" {
			continue
		}
		n := slices.IndexFunc(begun, func(w Grant) bool { return w.ID == g.ID })
		if n < 0 {
			ended, products = append(ended, g.CustomerProductID), append(products, g.ProductID)
			continue
		}
		if g.begunAnew(begun[n]) {
			b, g.Reserved = b.leave(g, begun[n].PeriodStart(), g.Reserved), nil
		}
		if next := g.like(begun[n]); !next.sameTerms(g) {
			b.Grants[i], changed = next, true
		}
		begun = slices.Delete(begun, n, n+1)
	}
	if len(ended)+len(begun) == 0 {
		if !changed {
			return was, false
		}
		return b, true
	}
	from := map[string]time.Time{}
	same := false
	for i, g := range begun {
		from[g.ID], same = g.From, same || slices.Contains(products, g.ProductID)
		if g.Held && g.From.Before(now) { // it began when the customer's row was saved: as if now
			begun[i].From = now
		}
	}
	if same { // the same product goes on with other items
		begun = b.KeepUsage(ended, begun, now)
	}
	b = b.ReplaceGrants(ended, begun, same, now)
	for i, g := range b.Grants {
		if at, moved := from[g.ID]; moved {
			b.Grants[i].From = at
		}
	}
	return b, true
}

// begunAnew reports whether the period of an entity's grant was over before its day, as that of
// the customer's is.
func (g Grant) begunAnew(w Grant) bool {
	return !g.Anchor.Equal(w.Anchor) && !g.ResetsAt.IsZero() && !w.ResetsAt.IsZero() && w.PeriodStart().After(g.PeriodStart())
}

// like is an entity's grant with the terms of the customer's. One whose period was begun
// anew is fresh.
func (g Grant) like(w Grant) Grant {
	if g.begunAnew(w) {
		g.Used, g.Extra = money.Zero, money.Zero
	}
	if g.Since, g.From, g.Until, g.Suspended, g.Anchor = w.Since, w.From, w.Until, w.Suspended, w.Anchor; !g.Unlimited {
		g.ResetsAt = w.ResetsAt
	}
	g.Included, g.Prepaid = w.Included, w.Prepaid
	return g
}

// sameTerms reports whether two grants give the same, at the same times.
func (g Grant) sameTerms(o Grant) bool {
	return g.ID == o.ID && g.From.Equal(o.From) && g.Until.Equal(o.Until) && g.Suspended == o.Suspended && g.Anchor.Equal(o.Anchor) &&
		g.Included.Equal(o.Included) && g.Prepaid.Equal(o.Prepaid)
}

// Pool puts balances of one feature together, in the order in which they are used up: those
// of an entity and of its customer, or of a customer and its entities. All are as they are
// at a moment. The result is no row: what is taken of it goes back by Unpool.
func Pool(rows []Balance, now time.Time) Balance {
	pool := Balance{Pooled: true}
	for _, b := range rows {
		pool.FeatureID, pool.Version = b.FeatureID, max(pool.Version, b.Version)
		for _, g := range b.At(now).Grants {
			if b.counts(g) {
				g.PerEntity = ""
				pool.Grants = append(pool.Grants, g)
			}
		}
	}
	return pool
}

// Unpool returns the rows of a pool that was changed, as far as they changed with it.
func (b Balance) Unpool(rows []Balance, now time.Time) (changed []Balance) {
	n := 0
	for _, row := range rows {
		row = row.At(now)
		row.Grants = slices.Clone(row.Grants)
		moved := false
		for i, g := range row.Grants {
			if row.counts(g) {
				is := b.Grants[n]
				moved = moved || !g.Used.Equal(is.Used) || !sameReservations(g.Reserved, is.Reserved)
				row.Grants[i].Used, row.Grants[i].Reserved = is.Used, is.Reserved
				n++
			}
		}
		if moved {
			changed = append(changed, row)
		}
	}
	return changed
}
