package referral

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
)

// A Status is where a redemption is, or one of its two sides.
type Status string

const (
	Pending   Status = "pending"   // it waits for the redeemer's purchase
	Held      Status = "held"      // it waits for a person, or for its time
	Triggered Status = "triggered" // the reward is set off; some of it waits for its turn
	Applied   Status = "applied"   // everybody it is for has the reward
	Refused   Status = "refused"   // it gives nothing: a person, the guard or a returned payment said so
	Reversed  Status = "reversed"  // the first payment went back, and with it what was unspent
	Closed    Status = "closed"    // it gives nothing, or no more: the program, one side or the reward is gone, or the limit is reached
)

// Statuses lists all, in the order of a redemption's life.
func Statuses() []Status {
	return []Status{Pending, Held, Triggered, Applied, Refused, Reversed, Closed}
}

// edges are the changes that there are. A redemption begins as Pending, Held,
// Triggered or Applied.
var edges = map[Status][]Status{
	Pending:   {Held, Triggered, Applied, Refused, Closed},
	Held:      {Triggered, Applied, Refused, Closed},
	Triggered: {Applied, Reversed, Closed},
	Applied:   {Reversed},
}

// Over reports whether nothing follows a status.
func (s Status) Over() bool { return len(edges[s]) == 0 }

// A Redemption is one customer's use of one code: of a referral code, which has a
// program and a referrer, or of a promotion code.
type Redemption struct {
	ID                 string            `json:"id,omitzero"` // "rr_…"
	Code               string            `json:"code,omitzero"`
	ProgramID          string            `json:"program_id,omitzero"` // internal id; "" of a promotion code
	RewardID           string            `json:"reward_id,omitzero"`
	ReferrerID         string            `json:"referrer_id,omitzero"`
	RedeemerID         string            `json:"redeemer_id,omitzero"`
	RedeemerInternalID string            `json:"redeemer_internal_id,omitzero"`
	ReferrerInternalID string            `json:"referrer_internal_id,omitzero"`
	Status             Status            `json:"status,omitzero"`
	Referrer           Side              `json:"referrer,omitzero"`
	Redeemer           Side              `json:"redeemer,omitzero"`
	Flags              []Rule            `json:"flags,omitempty"`      // rules of the guard that a person is to look at
	HeldUntil          time.Time         `json:"held_until,omitzero"`  // when a hold without a flag ends
	Reward             *catalog.Reward   `json:"reward,omitempty"`     // what a held or triggered one gives, as it was then
	Review             string            `json:"review,omitzero"`      // what a person said of a held one: approved or rejected
	InvoiceID          string            `json:"invoice_id,omitzero"`  // of the purchase that set it off
	Returned           map[string]string `json:"returned,omitempty"`   // invoices whose payment went back while it waited, and why
	Reason             string            `json:"reason,omitzero"`      // why it gives nothing, or went back
	ReversedAt         time.Time         `json:"reversed_at,omitzero"` // …
	CreatedAt          time.Time         `json:"created_at,omitzero"`
	UpdatedAt          time.Time         `json:"updated_at,omitzero"`
	Version            int64             `json:"-"` // counts the saves; guards every change
}

// What a person said of a held redemption.
const (
	Approved = "approved"
	Rejected = "rejected"
)

// Why a redemption gives nothing, or went back; a person's own words stand for
// themselves.
const (
	ReasonLimit       = "max_redemptions_reached"
	ReasonProgramGone = "program_deleted"
	ReasonOwnerGone   = "referrer_deleted"
	ReasonBuyerGone   = "redeemer_deleted"
	ReasonRewardGone  = "reward_not_available"
	ReasonRefunded    = "payment_refunded"
	ReasonDisputed    = "payment_disputed"
)

// Referral reports whether it is of a referral code.
func (r Redemption) Referral() bool { return r.ProgramID != "" }

// SetOff reports whether its reward was set off, whatever became of it.
func (r Redemption) SetOff() bool {
	return r.Status == Triggered || r.Status == Applied || r.Status == Reversed
}

// Due is when the sweep looks at one that is held: when its time is over and no flag
// has it wait for a person; else zero.
func (r Redemption) Due() time.Time {
	if r.Status != Held || len(r.Flags) > 0 {
		return time.Time{}
	}
	return r.HeldUntil
}

// Has reports whether the one it is for first of all has the reward: the referrer, or
// the customer who used a promotion code.
func (r Redemption) Has() bool {
	if r.Referral() {
		return r.Referrer.Status == Applied
	}
	return r.Redeemer.Status == Applied
}

// Begin is a new redemption in its first status, for its sides alike.
func (r Redemption) Begin(first Status, forBoth bool, now time.Time) Redemption {
	r.CreatedAt = now
	r.Redeemer.Status, r.Referrer.Status = "", ""
	if forBoth || !r.Referral() {
		r.Redeemer.Status = first
	}
	if r.Referral() {
		r.Referrer.Status = first
	}
	r.Status, r.UpdatedAt = first, now
	return r
}

// Marked is a redemption of before there were statuses, of which three marks are kept:
// its reward was set off, the referrer has it, the redeemer has it.
func (r Redemption) Marked(setOff, referrer, redeemer bool) Redemption {
	first := Pending
	if setOff {
		first = Triggered
	}
	r = r.Begin(first, redeemer, r.CreatedAt)
	if referrer {
		r = r.GivenTo(TheReferrer, "", r.CreatedAt)
	}
	if redeemer {
		r = r.GivenTo(TheRedeemer, "", r.CreatedAt)
	}
	return r
}

// To moves a redemption to a status, and its sides with it; false where nothing leads
// there. Reversed leaves the sides as they are: what each gives back is found out side
// by side.
func (r Redemption) To(next Status, now time.Time) (Redemption, bool) {
	if !slices.Contains(edges[r.Status], next) {
		return r, false
	}
	r.Status, r.UpdatedAt = next, now
	if next == Reversed {
		r.ReversedAt = now
		return r, true
	}
	for _, side := range []*Side{&r.Referrer, &r.Redeemer} {
		if side.Status != "" {
			side.Status = next
		}
	}
	return r, true
}

// WithReturned notes why the payment of an invoice went back; false if that is known.
func (r Redemption) WithReturned(invoiceID, reason string) (Redemption, bool) {
	if r.Returned[invoiceID] != "" {
		return r, false
	}
	returned := map[string]string{invoiceID: reason}
	maps.Copy(returned, r.Returned)
	r.Returned = returned
	return r, true
}

// ForBoth is a redemption of which the redeemer has a side, too, or not: its program
// may have been edited while it waited.
func (r Redemption) ForBoth(both bool) Redemption {
	r.Redeemer.Status = ""
	if both {
		r.Redeemer.Status = r.Referrer.Status
	}
	return r
}
