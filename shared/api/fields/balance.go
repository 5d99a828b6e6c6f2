package fields

import (
	"time"

	"windfall/shared/api"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Reset is how often a balance comes back.
type Reset struct {
	Interval string `json:"interval"`
	Count    *int   `json:"interval_count"`
}

// cycle reads it.
func (r Reset) cycle() (money.Cycle, error) {
	switch {
	case r.Count == nil:
		return ResetCycle(r.Interval, 0)
	case *r.Count < 1:
		return money.Cycle{}, api.InvalidInputs("interval_count: 1 or more.")
	}
	return ResetCycle(r.Interval, *r.Count)
}

// ResetCycle reads an interval, and how many of them; one_off, lifetime and "" never come back. 0 is not said.
func ResetCycle(interval string, count int) (money.Cycle, error) {
	switch i := money.Interval(interval); i {
	case "one_off", "lifetime", money.Never:
		if count > 1 {
			return money.Cycle{}, api.InvalidInputs("interval_count: it counts intervals, and there is none. Give the interval, or leave it out.")
		}
		return money.Cycle{}, nil
	case money.Minute, money.Hour, money.Day, money.Week, money.Month, money.Quarter, money.SemiAnnual, money.Year:
		return money.Cycle{Interval: i, Count: max(1, count)}, nil
	}
	return money.Cycle{}, api.InvalidInputs("interval: one_off, minute, hour, day, week, month, quarter, semi_annual or year, not %.40q.", interval)
}

// Future is a moment to come, in milliseconds since 1970.
type Future int64

// Time is the moment, zero if not given.
func (f *Future) Time() time.Time {
	if f == nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(*f)).UTC()
}

// Pointer is the moment, nil if not given.
func (f *Future) Pointer() *time.Time {
	if f == nil {
		return nil
	}
	t := f.Time()
	return &t
}

// latest is the last moment that a date may be.
const latest = 253402300799999

// Check refuses what is no moment.
func (f *Future) Check(name string) error {
	if f != nil && (*f < 0 || *f > latest) {
		return api.InvalidInputs("%s: milliseconds since 1970.", name)
	}
	return nil
}

// maxCount is how many intervals one turn has at most.
const maxCount = 1000

// NewBalance is what both dialects say of a balance that belongs to no product.
type NewBalance struct {
	Unlimited bool    `json:"unlimited"`
	Reset     *Reset  `json:"reset"`
	Rollover  Unset   `json:"rollover" instead:"what is left at a reset does not go on. Give it with balances.create, with expires_at."`
	ResetsAt  *Future `json:"next_reset_at"` // the first reset
	ExpiresAt *Future `json:"expires_at"`
}

// Grant is the grant that it asks for.
func (in NewBalance) Grant(id string, included *api.Number) (n entitlement.NewGrant, err error) {
	n = entitlement.NewGrant{ID: id, Unlimited: in.Unlimited, Until: in.ExpiresAt.Time(), ResetsAt: in.ResetsAt.Time()}
	if included != nil {
		n.Included = included.Decimal
	}
	if in.Reset != nil {
		if n.Cycle, err = in.Reset.cycle(); err != nil {
			return n, err
		}
	}
	switch {
	case len(id) > 64:
		err = api.InvalidInputs("balance_id: at most 64 bytes, got %d.", len(id))
	case n.Cycle.Count > maxCount:
		err = api.InvalidInputs("reset.interval_count: at most %d.", maxCount)
	}
	for name, f := range map[string]*Future{"next_reset_at": in.ResetsAt, "expires_at": in.ExpiresAt} {
		if err == nil {
			err = f.Check(name)
		}
	}
	return n, err
}
