package reward

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A PromoCode is a text that gives a reward, to one customer or to anybody. Its
// terms never change, as Stripe's copies can't; another code has others.
type PromoCode struct {
	Code           string            `json:"code,omitzero"`             // in its one spelling, see catalog.NormalCode
	RewardID       string            `json:"reward,omitzero"`           // internal id
	CustomerID     string            `json:"customer,omitzero"`         // internal id; "" is anybody
	CustomerKey    string            `json:"customer_key,omitzero"`     // as the customer was called when the code was made
	Max            int               `json:"max,omitzero"`              // uses; 0 is no limit but the reward's
	MaxPerCustomer int               `json:"max_per_customer,omitzero"` // uses of this code by one customer; 0 is no limit but the reward's
	ExpiresAt      time.Time         `json:"expires,omitzero"`          // zero is no end but the reward's
	FirstTimeOnly  bool              `json:"first_time_only,omitzero"`  // for customers who never bought
	Minimum        money.Amount      `json:"minimum,omitzero"`          // of the first payment, before discounts
	Currency       money.Currency    `json:"currency,omitzero"`         // of Minimum
	Metadata       map[string]string `json:"metadata,omitzero"`
	Inactive       bool              `json:"inactive,omitzero"`
	CreatedAt      time.Time         `json:"created,omitzero"`

	Used    int    `json:"-"` // a counter beside the terms
	Held    int    `json:"-"` // uses that Stripe has made or may make, and that are not counted in Used
	Copy    *Copy  `json:"-"` // at Stripe; nil for none
	Seen    int    `json:"-"` // uses of a Copy without a limit that are counted in Used
	Copied  int64  `json:"-"` // how often Copy was changed
	Due     string `json:"-"` // Copy is to be looked at: its place in the index; "" if it is not
	Version int64  `json:"-"` // of the terms as they were read; 0 for a new code
}

// A Status says whether a code can be used now, again, or never more.
type Status string

const (
	Active   Status = "active"
	Inactive Status = "inactive" // until it is activated again
	Dead     Status = "dead"     // for ever
)

// Status is what has become of a code. A code dies by its limit or its last day,
// or with its reward: when that is gone (r is nil), used up or past its end.
// Nothing of this is ever undone, so a dead code stays dead.
func (p PromoCode) Status(r *catalog.Reward, usedOfReward int, now time.Time) Status {
	switch {
	case r == nil, r.Ended(usedOfReward, now), p.spent(), p.expired(now):
		return Dead
	case p.Inactive:
		return Inactive
	}
	return Active
}

func (p PromoCode) spent() bool { return p.Max > 0 && p.taken() >= p.Max }

func (p PromoCode) expired(now time.Time) bool {
	return !p.ExpiresAt.IsZero() && !now.Before(p.ExpiresAt)
}

// A Text is all that the table has of one text: a code for anybody and codes of
// single customers.
type Text struct {
	Anybody *PromoCode // nil: none was ever made
	Of      []PromoCode
	Given   int64 // how many codes of single customers were ever activated: a new one moves it
}

// Find is the code that a customer means by a text: an own one first, then the one
// for anybody. One that is live comes before one that is not.
func (t Text) Find(customerID string, live func(PromoCode) bool) *PromoCode {
	for _, own := range t.Of {
		if own.CustomerID == customerID && customerID != "" && (live(own) || t.Anybody == nil || !live(*t.Anybody)) {
			return &own
		}
	}
	return t.Anybody
}

// Meant is the code of a customer, or with "" the one for anybody; nil for none.
func (t Text) Meant(customerID string) *PromoCode {
	if customerID == "" {
		return t.Anybody
	}
	if i := slices.IndexFunc(t.Of, func(p PromoCode) bool { return p.CustomerID == customerID }); i >= 0 {
		return &t.Of[i]
	}
	return nil
}

// Without leaves out codes, as if they were not there.
func (t Text) Without(gone func(PromoCode) bool) Text {
	t.Of = slices.DeleteFunc(slices.Clone(t.Of), gone)
	if t.Anybody != nil && gone(*t.Anybody) {
		t.Anybody = nil
	}
	return t
}

// Uses counts how often a reward was used.
type Uses struct {
	All        int // by all customers
	Held       int // that Stripe has made or may make by copies of codes, and that are not counted in All
	ByCustomer int // by one, with any code or none
	Codes      int // that can be used, where they share a limit
	OfCode     int // by that customer with one code
}
