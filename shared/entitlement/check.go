package entitlement

import (
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// An Access is the answer to a check.
type Access struct {
	Allowed   bool
	FeatureID string        // the feature that pays: a credit system where one does
	Required  money.Decimal // of that feature
	Balance   Balance       // of that feature, as it is at the moment of the check; a boolean one counts nothing
	Held      bool          // some product grants the feature or what pays for it
	Boolean   bool          // it is on or off, and has no balance
	Credits   []catalog.CreditCost
}

// DecideCheck answers whether a use could be taken whole, and from where. held
// is by feature id and holds the rows there are.
//
//   - Boolean: allowed when any product grants it.
//   - Unlimited and pay per use: allowed, the latter up to its usage limit.
//   - Otherwise: allowed while the required units are left, in the feature's
//     own balance and then in credits.
//
// A smaller requirement is never refused where a larger one is allowed. The
// error is invalid_inputs, for units that can't be converted into credits.
func DecideCheck(c *catalog.Catalog, u UsageRequest, balances map[string]Balance) (Access, error) {
	now := map[string]Balance{}
	for id, b := range balances {
		now[id] = b.At(u.Now)
	}
	a := Access{FeatureID: u.Feature.ID, Required: u.Value, Boolean: u.Feature.Type == catalog.Boolean}
	if a.Boolean {
		a.Balance = now[a.FeatureID]
		a.Held = a.Balance.Has(u.Now)
		a.Allowed = a.Held
		return a, nil
	}
	shares, rest, err := u.split(now)
	if err != nil {
		return Access{}, err
	}
	if len(shares) == 0 {
		return a, nil
	}
	pays := shares[len(shares)-1]
	a.Held, a.Allowed = true, !rest.IsPositive()
	return a.paidBy(c, pays.source, pays.asked, now[pays.source.FeatureID]), nil
}

// Used is the answer to a check whose use was taken from one source, which
// stands at b afterwards.
func (u UsageRequest) Used(c *catalog.Catalog, s catalog.Source, taken money.Decimal, b Balance) Access {
	a := Access{Allowed: true, Held: true}
	return a.paidBy(c, s, taken, b.At(u.Now))
}

func (a Access) paidBy(c *catalog.Catalog, s catalog.Source, required money.Decimal, b Balance) Access {
	a.FeatureID, a.Required, a.Balance = s.FeatureID, required, b
	a.Credits = c.Features[s.FeatureID].Credits
	return a
}
