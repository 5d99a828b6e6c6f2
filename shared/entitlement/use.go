package entitlement

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A UsageRequest asks to take units of a feature from its sources.
type UsageRequest struct {
	Feature catalog.Feature
	Funding []catalog.Source // in the order they are used up; see Catalog.Sources
	Value   money.Decimal    // below 0 gives back
	Whole   bool             // all of it or nothing; otherwise what no source has is dropped
	Now     time.Time
}

// Plain reports whether the use may be taken from one source without looking
// at the others. Which of several sources gets something back depends on all.
func (u UsageRequest) Plain() bool {
	return u.Value.IsPositive() || u.Value.IsNegative() && len(u.Funding) == 1
}

// ErrInsufficientBalance refuses a use that must be taken whole and can't be.
func ErrInsufficientBalance(featureID string) *refusal.Error {
	return refusal.Invalid(ReasonInsufficientBalance, featureID)
}

// Counted says what became of a use, in units of its feature: Recorded and
// Dropped add up to its value, and both are below 0 where it gives back.
type Counted struct {
	FeatureID string
	Recorded  money.Decimal
	Dropped   money.Decimal
	PaidBy    string         // the feature whose balance it went to
	Left      *money.Decimal // of that balance afterwards; nil is unlimited, or not known
	Balance   *Balance       // that balance afterwards; nil is not known
}

// All is what becomes of a use that is taken whole from one source.
func (u UsageRequest) All(s catalog.Source) Counted {
	return Counted{FeatureID: u.Feature.ID, Recorded: u.Value, PaidBy: s.FeatureID}
}

// Known adds the balance afterwards.
func (c Counted) Known(b Balance, now time.Time) Counted {
	b = b.At(now)
	c.Balance = &b
	if sum := b.Sum(now); !sum.Unlimited {
		c.Left = &sum.Remaining
	}
	return c
}

// DecideUsage carries uses out on balances and returns those that changed,
// ordered by feature id, and what became of each use. held is by feature id and holds the rows there are.
//
//   - The feature's own allowance goes first; the remainder is converted into
//     credits, exactly.
//   - What no source has is dropped, unless the use is asked for as a whole.
//   - A usage limit of seats refuses the call, as a seat can't be held in part.
//
// The errors are insufficient_balance and invalid_inputs; nothing changes then.
func DecideUsage(balances map[string]Balance, requests ...UsageRequest) (changed []Balance, counted []Counted, err error) {
	next := map[string]Balance{}
	for id, b := range balances {
		next[id] = b
	}
	for _, u := range requests {
		for id, b := range next {
			next[id] = b.At(u.Now)
		}
		act := u.spend
		if u.Value.IsNegative() {
			act = u.giveBack
		}
		done := u.All(u.Funding[0])
		if done.PaidBy, done.Dropped, err = act(next); err != nil {
			return nil, nil, err
		}
		if err := u.checkUsed(next[done.PaidBy]); err != nil {
			return nil, nil, err
		}
		done.Recorded = u.Value.Sub(done.Dropped)
		counted = append(counted, done)
	}
	for i, u := range requests {
		counted[i] = counted[i].Known(next[counted[i].PaidBy], u.Now)
	}
	for _, id := range slices.Sorted(maps.Keys(next)) {
		if !next[id].Same(balances[id]) {
			changed = append(changed, next[id])
		}
	}
	return changed, counted, nil
}

// checkUsed refuses a use that would fill a grant without end.
func (u UsageRequest) checkUsed(b Balance) error {
	if !u.Value.IsPositive() {
		return nil
	}
	for _, g := range b.Grants {
		if g.Used.GreaterThanOrEqual(money.MaxUsed) {
			return refusal.Invalid(ReasonUsageTooLarge, u.Feature.ID, money.MaxDigits)
		}
	}
	return nil
}

// A share is what one source is asked for and what it gives, in its own units.
type share struct {
	source       catalog.Source
	asked, given money.Decimal
}

// split divides the use over the sources that are held. rest is what none of
// them has, in units of the feature; the last share is the one that pays, or
// would have to.
func (u UsageRequest) split(balances map[string]Balance) (shares []share, rest money.Decimal, err error) {
	rest = u.Value
	for _, s := range u.Funding {
		b := balances[s.FeatureID]
		if !b.Has(u.Now) {
			continue
		}
		asked, err := s.Convert(rest)
		if err != nil {
			return nil, rest, err
		}
		available, unlimited := b.Available(u.Now)
		if unlimited || available.GreaterThanOrEqual(asked) {
			return append(shares, share{s, asked, asked}), money.Zero, nil
		}
		part := s.Units(available, catalog.FinestDecimals(u.Funding))
		given, err := s.Convert(part)
		if err != nil {
			return nil, rest, err
		}
		shares = append(shares, share{s, asked, given})
		rest = rest.Sub(part)
	}
	return shares, rest, nil
}

// spend takes the use. paidBy is the source that paid last, or would have to.
func (u UsageRequest) spend(balances map[string]Balance) (paidBy string, dropped money.Decimal, err error) {
	shares, rest, err := u.split(balances)
	if err != nil || len(shares) == 0 {
		return u.Funding[0].FeatureID, rest, err
	}
	if rest.IsPositive() {
		if u.Whole || u.Feature.Type == catalog.ContinuousUse && u.limited(balances) {
			return "", rest, ErrInsufficientBalance(u.Feature.ID)
		}
		last := &shares[len(shares)-1]
		last.given = last.asked // to the last bit: Deduct drops what is too much
	}
	for _, s := range shares {
		balances[s.source.FeatureID] = balances[s.source.FeatureID].Deduct(s.given, u.Now)
	}
	return shares[len(shares)-1].source.FeatureID, rest, nil
}

func (u UsageRequest) limited(balances map[string]Balance) bool {
	for _, s := range u.Funding {
		if balances[s.FeatureID].Sum(u.Now).UsageLimit != nil {
			return true
		}
	}
	return false
}

// giveBack returns units in the reverse of the order they were taken: while
// the first source has something left, nothing can have gone beyond it.
func (u UsageRequest) giveBack(balances map[string]Balance) (paidBy string, dropped money.Decimal, err error) {
	order := slices.Clone(u.Funding)
	if available, unlimited := balances[order[0].FeatureID].Available(u.Now); !unlimited && available.IsZero() {
		slices.Reverse(order)
	}
	paidBy = order[0].FeatureID
	left := u.Value.Neg()
	for _, s := range order {
		b := balances[s.FeatureID]
		asked, err := s.Convert(left)
		if err != nil {
			return "", money.Zero, err
		}
		part := s.Units(money.Min(asked, b.taken(u.Now)), catalog.FinestDecimals(u.Funding))
		given, err := s.Convert(part)
		if err != nil {
			return "", money.Zero, err
		}
		if b.Has(u.Now) {
			balances[s.FeatureID] = b.Deduct(given.Neg(), u.Now)
			left = left.Sub(part)
			if part.IsPositive() {
				paidBy = s.FeatureID
			}
		}
	}
	return paidBy, left.Neg(), nil
}
