package entitlement

import (
	"strings"
	"time"

	"windfall/shared/money"
	"windfall/shared/order"
)

// A Balance is everything one customer may use of one feature, from however
// many products, or one of the customer's entities. It is one row, so that check
// reads it and track moves it in one request.
type Balance struct {
	FeatureID string
	Entity    EntityRef       // whose it is; zero is the customer's own
	Grants    []Grant         // in the order they are used up
	Closed    []UnbilledUsage // overage of periods that are over, not billed yet
	Version   int64           // counts the writes of the row; 0 is a row never written
	Shards    Shards          // further rows that count for it
	Late      []LateReservation
	Past      []PastPeriod // of which some of those may be billed
	Entities  bool         // entities of the customer may have balances of the feature, too
	Moved     bool         // what it grants to entities was changed; never saved
	Pooled    bool         // it is several rows, see Pool; never saved
}

// A Grant is the part of a balance that one source gives.
type Grant struct {
	ID                string // "<customer product>/<item>"
	CustomerProductID string // the customer product it comes from
	ProductID         string
	AddOn             bool
	Since             time.Time
	Included          money.Decimal // comes with the product
	Prepaid           money.Decimal // bought on top, in whole packs
	Extra             money.Decimal // given or taken by hand, until the next reset; may be below 0
	Used              money.Decimal // may exceed what was granted where Overage is set
	Unlimited         bool
	Boolean           bool
	Overage           bool           // pay per use: goes on below zero
	UsageLimit        *money.Decimal // the most that can be used; nil is no limit
	ResetUsage        bool           // a switch to this item starts from 0 usage
	Cycle             money.Cycle
	Anchor            time.Time     // resets are counted from here
	ResetsAt          time.Time     // zero when it never resets
	From              time.Time     // gives access from here …
	Until             time.Time     // … to here; zero is open
	Suspended         bool          // the product is past due
	Held              bool          // of a continuous feature: what is used is held until it is given back
	Seats             bool          // what is used beyond the granted is paid in advance
	PerEntity         string        // the feature of entities of which each has this grant; see entity.go
	Paid              money.Decimal // of Seats: units beyond the granted that are paid …
	PaidFor           money.Period  // … for this period, and none after it; zero in a trial
	Turn              money.Cycle   // of Seats that repeat within the period of their subscription: how often …
	TurnsTo           time.Time     // … and when that period is over; zero in a trial
	Reserved          []Reservation // by locks; not used yet
}

// Granted is what may be used without overage.
func (g Grant) Granted() money.Decimal {
	return money.Plus(money.Plus(g.Included, g.Prepaid), g.Extra)
}

// Remaining is what is left and not reserved; below zero in overage.
func (g Grant) Remaining() money.Decimal { return money.Less(g.Granted(), g.InUse()) }

// available is how much more can be used, and whether there is no end to it.
func (g Grant) available() (money.Decimal, bool) {
	switch {
	case g.Unlimited, g.Overage && g.UsageLimit == nil:
		return money.Zero, true
	case g.Overage:
		return money.Max(money.Zero, g.UsageLimit.Sub(g.InUse())), false
	case g.UsageLimit != nil:
		return money.Max(money.Zero, money.Min(g.Remaining(), g.UsageLimit.Sub(g.InUse()))), false
	}
	return money.Max(money.Zero, g.Remaining()), false
}

// within is how much more can be used of what was granted, before the grant goes
// beyond it, and whether there is no end to it.
func (g Grant) within() (money.Decimal, bool) {
	available, unlimited := g.available()
	switch {
	case g.Unlimited || !g.Overage:
		return available, unlimited
	case unlimited:
		return money.Max(money.Zero, g.Remaining()), false
	}
	return money.Min(available, money.Max(money.Zero, g.Remaining())), false
}

// beyond is what was used beyond the granted.
func (g Grant) beyond() money.Decimal {
	if g.Unlimited {
		return money.Zero
	}
	return money.Max(money.Zero, g.Used.Sub(g.Granted()))
}

// Open reports whether the grant gives access at a moment.
func (g Grant) Open(now time.Time) bool {
	return !g.Suspended && !now.Before(g.From) && (g.Until.IsZero() || now.Before(g.Until))
}

// reset brings the grant to what it is at a moment: past its reset time, the
// usage starts again. It is a function of the dates alone, so any number of
// readers and writers reset once.
func (g Grant) reset(now time.Time) Grant {
	if g.ResetsAt.IsZero() || now.Before(g.ResetsAt) {
		return g
	}
	g.Used, g.Extra = money.Zero, money.Zero
	g.ResetsAt = g.Cycle.Next(g.Anchor, now)
	return g
}

// At returns the balance as it is at a moment: resets that are due are done,
// reservations and grants whose time is over are gone; what grants held is held by those
// that follow them. Grants still to come stay.
func (b Balance) At(now time.Time) Balance {
	b = b.ageReservations(now)
	b.Closed = b.closeUsage(now)
	b = b.turnSeats(now, true).passOn(now).turnSeats(now, false)
	grants := make([]Grant, 0, len(b.Grants))
	for _, g := range b.Grants {
		if g.Until.IsZero() || now.Before(g.Until) {
			grants = append(grants, g.reset(now))
		}
	}
	b.Grants = grants
	return b
}

// Names reports whether a balance may still ask for a customer product: it grants from
// it, or use of it is not billed yet. What ended a day ago without use to bill is about
// to leave the row.
func (b *Balance) Names(customerProductID string, now time.Time) bool {
	for i := range b.Closed {
		if strings.HasPrefix(b.Closed[i].GrantID, customerProductID+"/") {
			return true
		}
	}
	for i := range b.Grants {
		g := &b.Grants[i]
		if g.CustomerProductID == customerProductID && (g.Until.IsZero() || now.Before(g.Until.AddDate(0, 0, 1)) || g.Overdrawn().IsPositive() || g.turns(now)) {
			return true
		}
	}
	return b.pastNames(customerProductID)
}

// OpenGrants lists the indexes of the grants that give access at a moment.
func (b Balance) OpenGrants(now time.Time) []int {
	var out []int
	for i, g := range b.Grants {
		if g.Open(now) && b.counts(g) {
			out = append(out, i)
		}
	}
	return out
}

// Has reports whether any grant gives access at a moment.
func (b Balance) Has(now time.Time) bool { return len(b.OpenGrants(now)) > 0 }

// sortGrants puts grants into the order in which they are used up: unlimited
// first; what can't go below zero before pay per use; what resets before what
// lasts; the shorter interval first; of what lasts, what ends first; the main
// product before add-ons; the older first.
func sortGrants(grants []Grant) {
	if len(grants) < 2 {
		return
	}
	order.Stable(grants, func(a, b *Grant) int {
		for _, d := range []int{
			TrueFirst(a.Unlimited, b.Unlimited), TrueFirst(!a.Overage, !b.Overage),
			TrueFirst(a.Cycle.Repeats(), b.Cycle.Repeats()), int(a.Cycle.Length() - b.Cycle.Length()),
			soonest(a, b), TrueFirst(!a.AddOn, !b.AddOn), a.Since.Compare(b.Since),
		} {
			if d != 0 {
				return d
			}
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// soonest compares the ends of grants that never reset: one without an end is the last.
func soonest(a, b *Grant) int {
	if a.Cycle.Repeats() {
		return 0
	}
	if a.Until.IsZero() != b.Until.IsZero() {
		return TrueFirst(b.Until.IsZero(), a.Until.IsZero())
	}
	return a.Until.Compare(b.Until)
}

func TrueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
