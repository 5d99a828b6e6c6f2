package entitlement

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// MaxLockTime is the longest life of a lock, and its life where none is said.
const MaxLockTime = 24 * time.Hour

// MaxReservations is how many reservations one balance has at most: each is kept in its row.
const MaxReservations = 100

// CheckLock refuses requests of which nothing can be reserved, and an end that no lock has.
func CheckLock(expires, now time.Time, requests ...UsageRequest) error {
	if !expires.After(now) || expires.After(now.Add(MaxLockTime)) {
		return refusal.Invalid(ReasonLockExpiry, int(MaxLockTime.Hours()))
	}
	for _, u := range requests {
		if !u.Value.IsPositive() {
			return refusal.Invalid(ReasonLockNothing)
		}
		if u.Feature.Type == catalog.ContinuousUse {
			return refusal.Invalid(ReasonLockContinuous, u.Feature.ID)
		}
	}
	return nil
}

// DecideReserve takes requests whole out of balances for a lock, without using them yet,
// and returns the balances that changed, ordered by feature id. What was reserved goes
// the way of a use: the feature's own allowance first, then credits. The errors are
// insufficient_balance and invalid_inputs; nothing changes then.
func DecideReserve(balances map[string]Balance, lockID string, expires time.Time, requests ...UsageRequest) ([]Balance, error) {
	next := map[string]Balance{}
	for _, u := range requests {
		for id, b := range balances {
			if _, met := next[id]; !met {
				next[id] = b.At(u.Now)
			}
		}
		shares, rest, err := u.split(next)
		if err != nil {
			return nil, err
		}
		if rest.IsPositive() || len(shares) == 0 {
			return nil, ErrInsufficientBalance(u.Feature.ID)
		}
		for _, s := range shares {
			r := Reservation{LockID: lockID, FeatureID: u.Feature.ID, Units: s.given, Expires: expires}
			if next[s.source.FeatureID], err = next[s.source.FeatureID].reserve(r, u.Now); err != nil {
				return nil, err
			}
		}
	}
	return differing(next, balances), nil
}

// reserve takes the units off what can be used, in the order of a use. b must have come
// from At and have them.
func (b Balance) reserve(r Reservation, now time.Time) (Balance, error) {
	count := len(b.Late)
	for i := range b.Grants {
		count += len(b.Grants[i].Reserved)
	}
	b.Grants = slices.Clone(b.Grants)
	if count >= MaxReservations {
		return b, refusal.Conflict(ReasonTooManyLocks, b.FeatureID, MaxReservations)
	}
	open := b.OpenGrants(now)
	b.pass(b.pass(r, open, Grant.within), open, Grant.available)
	if slices.ContainsFunc(open, func(i int) bool { return b.Grants[i].InUse().GreaterThanOrEqual(money.MaxUsed) }) {
		return b, refusal.Invalid(ReasonUsageTooLarge, r.FeatureID, money.MaxDigits)
	}
	return b, nil
}

// keep adds a reservation to the grant, or to that of the same lock.
func (g Grant) keep(r Reservation) Grant {
	g.Reserved = slices.Clone(g.Reserved)
	for i, of := range g.Reserved {
		if of.LockID == r.LockID && of.FeatureID == r.FeatureID {
			g.Reserved[i].Units = of.Units.Add(r.Units)
			return g
		}
	}
	g.Reserved = append(g.Reserved, r)
	return g
}

// A LockedUse is what becomes of one feature of a lock: the Value is the final one, 0 to
// release all. Paid lists what it was reserved of, at the costs of that time.
type LockedUse struct {
	UsageRequest
	Paid []catalog.Source
}

// DecideFinalize ends a lock.
//
//   - What was reserved counts as used where it was taken: in the grant, or in the
//     period that was over before.
//   - A final value below the reserved gives the rest back; beyond it, the rest is used
//     as by a track.
//
// held is false if the balances have nothing of the lock.
//
// Each feature has the rows that a use is taken from, in their order: an entity's and its
// customer's, or the customer's alone.
func DecideFinalize(was map[string][]Balance, lockID string, uses ...LockedUse) (changed []Balance, counted []Counted, held bool, err error) {
	next := map[string][]Balance{}
	for _, u := range uses {
		for id, rows := range was {
			if _, met := next[id]; !met {
				next[id] = slices.Clone(rows)
				for i := range rows {
					next[id][i] = rows[i].At(u.Now)
				}
			}
		}
		done := u.All(u.Funding[0])
		rest, any, err := u.confirm(next, lockID)
		if err != nil {
			return nil, nil, false, err
		}
		held = held || any
		if rest.IsPositive() && any {
			more := u.UsageRequest
			more.Value, more.Whole = rest, false
			if done.PaidBy, done.Dropped, err = more.spendRows(next); err != nil {
				return nil, nil, false, err
			}
		}
		done.Recorded = u.Value.Sub(done.Dropped)
		counted = append(counted, done)
	}
	for _, id := range slices.Sorted(maps.Keys(next)) {
		for i, b := range next[id] {
			if b = b.forgetPast(); !b.Same(was[id][i]) {
				changed = append(changed, b)
			}
		}
	}
	return changed, counted, held, nil
}

// spendRows takes the use out of rows, as spend does of one of each feature.
func (u UsageRequest) spendRows(rows map[string][]Balance) (paidBy string, dropped money.Decimal, err error) {
	balances := map[string]Balance{}
	for id, of := range rows {
		if balances[id] = of[0]; len(of) > 1 {
			balances[id] = Pool(of, u.Now)
		}
	}
	if paidBy, dropped, err = u.spend(balances); err == nil {
		err = u.checkUsed(balances[paidBy])
	}
	for id, of := range rows {
		if len(of) == 1 {
			of[0] = balances[id]
			continue
		}
		for _, b := range balances[id].Unpool(of, u.Now) {
			of[slices.IndexFunc(of, func(was Balance) bool { return was.Entity == b.Entity })] = b
		}
	}
	return paidBy, dropped, err
}

// confirm counts what is reserved for the feature, up to the value, and gives the rest of
// it back. rest is what was not reserved, in units of the feature.
func (u LockedUse) confirm(rows map[string][]Balance, lockID string) (rest money.Decimal, held bool, err error) {
	rest = u.Value
	for _, s := range u.Paid {
		all := money.Zero
		for _, b := range rows[s.FeatureID] {
			all = all.Add(b.reservedFor(lockID, u.Feature.ID))
		}
		if all.IsZero() {
			continue
		}
		want, err := s.Convert(rest)
		if err != nil {
			return rest, false, err
		}
		if held = true; want.GreaterThan(all) {
			want, rest = all, rest.Sub(s.Units(all, catalog.FinestDecimals(u.Paid)))
		} else {
			rest = money.Zero
		}
		for i, b := range rows[s.FeatureID] {
			part := money.Min(want, b.reservedFor(lockID, u.Feature.ID))
			rows[s.FeatureID][i], want = b.finalize(lockID, u.Feature.ID, part, u.Now), want.Sub(part)
		}
	}
	return rest, held, nil
}

func (b Balance) reservedFor(lockID, featureID string) money.Decimal {
	total := money.Zero
	for i := range b.Grants {
		for _, r := range b.Grants[i].Reserved {
			if r.LockID == lockID && r.FeatureID == featureID {
				total = total.Add(r.Units)
			}
		}
	}
	for _, r := range b.Late {
		if r.LockID == lockID && r.FeatureID == featureID {
			total = total.Add(r.Units)
		}
	}
	return total
}

// finalize counts value of what a lock reserved, the oldest periods first, and ends the
// reservations.
func (b Balance) finalize(lockID, featureID string, value money.Decimal, now time.Time) Balance {
	is := func(r Reservation) bool { return r.LockID == lockID && r.FeatureID == featureID }
	var late []LateReservation
	for _, r := range b.Late {
		if !is(r.Reservation) {
			late = append(late, r)
			continue
		}
		part := money.Min(value, r.Units)
		b, value = b.confirmLate(r, part, now), value.Sub(part)
	}
	b.Late = late
	b.Grants = slices.Clone(b.Grants)
	for i := range b.Grants {
		g := &b.Grants[i]
		var kept []Reservation
		for _, r := range g.Reserved {
			if !is(r) {
				kept = append(kept, r)
				continue
			}
			part := money.Min(value, r.Units)
			g.Used, value = g.Used.Add(part), value.Sub(part)
		}
		g.Reserved = kept
	}
	return b
}

// differing lists the balances that differ from what was read, ordered by feature id.
func differing(next, was map[string]Balance) (changed []Balance) {
	for _, id := range slices.Sorted(maps.Keys(next)) {
		if !next[id].Same(was[id]) {
			changed = append(changed, next[id])
		}
	}
	return changed
}
