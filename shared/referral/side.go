package referral

import "time"

// Who is on a side of a redemption.
type Who string

const (
	TheReferrer Who = "referrer"
	TheRedeemer Who = "redeemer"
)

// A Side is what became of the reward for one of the two.
type Side struct {
	Status    Status `json:"status,omitzero"`    // "" for a side that gets nothing
	Operation string `json:"operation,omitzero"` // that put a discount on the customer at Stripe, the last of several
	Holding   string `json:"holding,omitzero"`   // the customer product that a given product is, or went into
}

// Side is one of the two.
func (r Redemption) Side(who Who) Side {
	if who == TheReferrer {
		return r.Referrer
	}
	return r.Redeemer
}

// WhoIs is the side of a customer, who is one of the two.
func (r Redemption) WhoIs(internalID string) Who {
	if internalID == r.ReferrerInternalID {
		return TheReferrer
	}
	return TheRedeemer
}

// Holds notes which customer product a given product is, or went into.
func (r Redemption) Holds(who Who, customerProduct string) Redemption {
	r.side(who).Holding = customerProduct
	return r
}

func (r *Redemption) side(who Who) *Side {
	if who == TheReferrer {
		return &r.Referrer
	}
	return &r.Redeemer
}

// GivenTo notes that a side has what waited for its turn. The whole is Applied once
// each side is. Of several discounts, which run one after the other, the first one makes
// it so, and the last one is known by its operation.
func (r Redemption) GivenTo(who Who, operation string, now time.Time) Redemption {
	side := r.side(who)
	if side.Status == Applied && operation != "" {
		side.Operation, r.UpdatedAt = operation, now
		return r
	}
	if side.Status != Triggered && (side.Status != "" || !r.SetOff()) { // before there were sides, "" stood for both
		return r
	}
	side.Status, side.Operation, r.UpdatedAt = Applied, operation, now
	return r.settled()
}

// settled is Applied, or Closed, once nothing waits for its turn any more.
func (r Redemption) settled() Redemption {
	if r.Status != Triggered || r.Referrer.Status == Triggered || r.Redeemer.Status == Triggered {
		return r
	}
	r.Status = Closed
	if r.Referrer.Status == Applied || r.Redeemer.Status == Applied {
		r.Status = Applied
	}
	return r
}

// GoneFor notes that a side is deleted; what waited for its turn there is given never.
func (r Redemption) GoneFor(who Who, now time.Time) Redemption {
	side := r.side(who)
	if r.Status != Triggered || side.Status != Triggered {
		return r
	}
	side.Status, r.UpdatedAt = Closed, now
	if r = r.settled(); r.Status == Closed {
		r.Reason = map[Who]string{TheReferrer: ReasonOwnerGone, TheRedeemer: ReasonBuyerGone}[who]
	}
	return r
}

// TakenFrom notes that a side of a reversed redemption gave back what was unspent.
func (r Redemption) TakenFrom(who Who, now time.Time) Redemption {
	if side := r.side(who); r.Status == Reversed && (side.Status == Triggered || side.Status == Applied) {
		side.Status, r.UpdatedAt = Reversed, now
	}
	return r
}
