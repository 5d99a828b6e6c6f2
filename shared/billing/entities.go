package billing

import (
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// An Entity belongs to a customer and takes one unit of a feature: a seat of theirs, a
// workspace, a project. It has balances of its own, see package entitlement.
type Entity struct {
	entitlement.EntityRef
	InternalID string // ours, never changes: "ent_…"
	Name       string
	CreatedAt  time.Time
	CreatedBy  string // id of the operation of a keyed request, or ""
}

// EntityCount is what a customer's row knows of its entities.
type EntityCount struct {
	Made int64          `json:"made,omitzero"` // ever: the number of the last one
	Of   map[string]int `json:"of,omitempty"`  // that are there, by the feature they are of
}

// Total is how many there are.
func (n EntityCount) Total() (total int) {
	for _, of := range n.Of {
		total += of
	}
	return total
}

func (n EntityCount) with(featureID string, more int) EntityCount {
	n.Of = maps.Clone(n.Of)
	if n.Of == nil {
		n.Of = map[string]int{}
	}
	if n.Of[featureID] += more; n.Of[featureID] <= 0 {
		delete(n.Of, featureID)
	}
	return n
}

// MaxEntities is how many entities a customer may have: an answer with all of them has
// room. MaxNewEntities is how many one call makes: with their balances they are one transaction.
const (
	MaxEntities    = 10_000
	MaxNewEntities = 25
)

// FollowEntities is the command of operations that bring the balances of a customer's
// entities to what the customer's products grant to each of them.
const FollowEntities = "follow_entities"

// CheckEntityID returns an error for an id that no entity can have. The rule is that for
// customers, for the same reasons: see CheckNewCustomerID.
func CheckEntityID(id string) error {
	if err := CheckNewCustomerID(id); err != nil {
		return refusal.Invalid(ReasonEntityIDForm, maxCustomerID, id)
	}
	return nil
}

// CheckEntityName refuses a name that a customer can't have either.
func CheckEntityName(name string) error { return CustomerData{Name: name}.Check() }

// ErrEntityNotFound says that a customer has no such entity.
func ErrEntityNotFound(id string) *refusal.Error { return refusal.NotFound(ReasonEntityNotFound, id) }

// A NewEntity asks for an entity to be made.
type NewEntity struct{ ID, Name, FeatureID string }

// EntitiesMade is what making entities leaves behind.
type EntitiesMade struct {
	Customer Customer
	Entities []Entity
	Units    []entitlement.Balance // of the customer, from which the entities take one each
	Balances []entitlement.Balance // of the entities
	Audit    Audit
}

// DecideEntities makes entities: all of them, or none.
//
//   - Each takes one unit of its feature, as if it were tracked whole: a limit refuses
//     it, and seats are billed. Where nothing grants the feature it is not counted until
//     a product does.
//   - What the customer's products grant to each entity of the feature begins with it,
//     and resets with the product.
//   - An id that is taken is refused.
func DecideEntities(s State, c *catalog.Catalog, asked []NewEntity, taken []Entity, newID func() string, now time.Time) (EntitiesMade, error) {
	out := EntitiesMade{Customer: s.Customer}
	units := map[string]int64{}
	var ids []string
	for _, e := range asked {
		f, known := c.Features[e.FeatureID]
		switch {
		case CheckEntityID(e.ID) != nil:
			return out, CheckEntityID(e.ID)
		case CheckEntityName(e.Name) != nil:
			return out, CheckEntityName(e.Name)
		case !known:
			return out, refusal.ErrFeatureNotFound(e.FeatureID)
		case f.Type != catalog.ContinuousUse:
			return out, refusal.Invalid(ReasonEntityFeature, f.ID, f.Type)
		case slices.Contains(ids, e.ID) || slices.ContainsFunc(taken, func(there Entity) bool { return there.ID == e.ID }):
			return out, refusal.Conflict(ReasonEntityIDTaken, e.ID)
		}
		ids, units[f.ID] = append(ids, e.ID), units[f.ID]+1
		out.Customer.Entities.Made++
		out.Customer.Entities = out.Customer.Entities.with(f.ID, 1)
		out.Entities = append(out.Entities, Entity{EntityRef: entitlement.EntityRef{ID: e.ID, FeatureID: f.ID, Number: out.Customer.Entities.Made},
			InternalID: "ent_" + newID(), Name: e.Name, CreatedAt: now})
	}
	if out.Customer.Entities.Total() > MaxEntities {
		return out, refusal.Invalid(ReasonEntitiesTooMany, MaxEntities)
	}
	var err error
	if out.Units, err = s.takeUnits(c, units, now); err != nil {
		return out, err
	}
	for _, e := range out.Entities {
		for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
			if b, granted := (entitlement.Balance{FeatureID: id, Entity: e.EntityRef}).FollowCustomer(s.Balances[id], now); granted {
				out.Balances = append(out.Balances, b)
			}
		}
	}
	out.Audit = Audit{At: now, Action: "create_entities", Rule: "entities", Why: "Entities were made, each of which takes one unit of its feature: " + strings.Join(ids, ", ") + "."}
	return out, nil
}

// takeUnits takes units of features of entities, or gives them back, where anything grants
// them.
func (s State) takeUnits(c *catalog.Catalog, units map[string]int64, now time.Time) ([]entitlement.Balance, error) {
	var requests []entitlement.UsageRequest
	rows := map[string]entitlement.Balance{}
	for _, id := range slices.Sorted(maps.Keys(units)) {
		f := c.Features[id]
		if rows[id] = s.Balances[id]; rows[id].At(now).Has(now) {
			requests = append(requests, entitlement.UsageRequest{Feature: f, Funding: []catalog.Source{{FeatureID: id, Cost: money.One, Shards: f.WriteShards}},
				Value: money.Int(units[id]), Whole: true, Now: now})
		}
	}
	changed, _, err := entitlement.DecideUsage(rows, requests...)
	for i := range changed {
		changed[i].Shards.Want = c.Features[changed[i].FeatureID].WriteShards
	}
	return changed, err
}

// EntityGone is what deleting an entity leaves behind.
type EntityGone struct {
	Customer Customer
	Units    []entitlement.Balance // of the customer, to which the unit comes back
	Ended    []CustomerProduct     // free products that were attached to it
	Audit    Audit
}

// DecideDeleteEntity deletes an entity, of which its balances were read: its unit is given
// back, and what it has not used is gone. A subscription that runs for it is in the way, as
// is use of it that is still to be billed, a lock, or a page on which something is bought for it.
func DecideDeleteEntity(s State, c *catalog.Catalog, e Entity, its []entitlement.Balance, now time.Time) (EntityGone, error) {
	out := EntityGone{Customer: s.Customer}
	for _, op := range s.Operations {
		switch {
		case op.Decision.Entity.ID != e.ID:
		case op.State == AwaitingCheckout:
			return out, refusal.Invalid(ReasonEntityHasPage, e.ID)
		default:
			return out, refusal.ErrBusy
		}
	}
	for _, cp := range s.Products {
		switch {
		case cp.Entity.ID != e.ID || cp.Status == Expired && !cp.Awaited:
		case cp.SubscriptionID != "" || cp.Awaited:
			return out, refusal.Invalid(ReasonEntityHasSubscription, e.ID, cp.ProductID)
		default:
			cp.Status, cp.EndsAt = Expired, now
			out.Ended = append(out.Ended, cp)
			out.Audit.Ended = append(out.Audit.Ended, cp.ProductID)
		}
	}
	for _, b := range its {
		if b = b.At(now); b.Reserves() {
			return out, refusal.Conflict(ReasonEntityLocked, e.ID, b.FeatureID)
		}
		if len(b.Closed) > 0 || slices.ContainsFunc(b.Grants, func(g entitlement.Grant) bool { return g.Overdrawn().IsPositive() }) {
			return out, refusal.Conflict(ReasonEntityOwesUse, e.ID, b.FeatureID)
		}
	}
	units, err := s.takeUnits(c, map[string]int64{e.FeatureID: -1}, now)
	out.Units, out.Customer.Entities = units, s.Customer.Entities.with(e.FeatureID, -1)
	out.Audit.At, out.Audit.Action, out.Audit.Rule, out.Audit.Why = now, "delete_entity", "entities", "Entity "+e.ID+" was deleted, and its unit given back."
	return out, err
}
