package reward

import (
	"fmt"
	"time"

	"windfall/shared/catalog"
)

// A Copy is a code as Stripe has it, so that the box of a payment page takes it.
type Copy struct {
	Key     string    `json:"key,omitzero"`      // of the call that makes it
	ID      string    `json:"id,omitzero"`       // at Stripe; "" until it is made
	Terms   string    `json:"terms,omitzero"`    // what it was made with
	Room    int       `json:"room,omitzero"`     // how often Stripe lets it be used; 0 is no limit
	Shared  bool      `json:"shared,omitempty"`  // the room is taken from what the reward has left, too
	Reward  string    `json:"reward,omitzero"`   // internal id of the reward of its code …
	Created time.Time `json:"made,omitzero"`     // … and when that code was made: another one may have its text since
	Begun   time.Time `json:"begun,omitzero"`    // when the call that makes it began
	Closing bool      `json:"closing,omitempty"` // Stripe may have closed it already
}

// CopyTerms is what a copy is made with, besides its room.
type CopyTerms struct {
	Code       PromoCode
	Coupon     string    // what its discount is, in one text
	CustomerID string    // at Stripe; "" is anybody
	ExpiresAt  time.Time // of the code or the reward, whichever is sooner; zero is never
}

// Text is equal for equal terms.
func (c CopyTerms) Text() string {
	return fmt.Sprintf("%s %s %s %d %t %d %s", c.Coupon, c.Code.RewardID, c.CustomerID, c.ExpiresAt.Unix(), c.Code.FirstTimeOnly, c.Code.Minimum, c.Code.Currency)
}

// CopyTerms says how Stripe should have a code; false if it should not: the code can't
// be used, what it gives is no discount of an invoice, or its customer is not there.
func (p PromoCode) CopyTerms(r *catalog.Reward, uses Uses, coupon, customerID string, now time.Time) (CopyTerms, bool) {
	if p.Status(r, uses.All, now) != Active || r.Type.Gift() || p.CustomerID != "" && customerID == "" {
		return CopyTerms{}, false
	}
	t := CopyTerms{Code: p, Coupon: coupon, CustomerID: customerID, ExpiresAt: p.ExpiresAt}
	if t.ExpiresAt.IsZero() || !r.RedeemBy.IsZero() && r.RedeemBy.Before(t.ExpiresAt) {
		t.ExpiresAt = r.RedeemBy
	}
	return t, true
}

// Frees is when a copy gives back what it holds, as nobody can use it any more; zero is
// never, and for one that holds nothing.
func (c CopyTerms) Frees(copied *Copy) time.Time {
	if copied == nil || copied.Room == 0 {
		return time.Time{}
	}
	return c.ExpiresAt
}

// Room is how often Stripe may use a code by a new copy; 0 is not at all, and limited
// false as often as anybody likes. Where the reward has a limit, its codes share what is
// left: each takes its part, and another one when that is used up.
func (p PromoCode) Room(r catalog.Reward, uses Uses) (room int, limited bool) {
	if r.Max > 0 {
		left, codes := max(0, r.Max-uses.All-uses.Held), max(1, uses.Codes)
		room, limited = (left+codes-1)/codes, true
	}
	if p.Max > 0 && (!limited || p.Free() < room) {
		room, limited = p.Free(), true
	}
	return room, limited
}

// Live reports whether Stripe has a copy of this very code, or will.
func (p PromoCode) Live() bool {
	return p.Copy != nil && p.Copy.Reward == p.RewardID && p.Copy.Created.Equal(p.CreatedAt)
}

// Free is how many uses of a code with a limit neither were made nor may be made at
// Stripe.
func (p PromoCode) Free() int { return max(0, p.Max-p.Used-p.Held) }

// taken is how often a code was used, here and by copies that Stripe has no more.
func (p PromoCode) taken() int {
	if p.Live() {
		return p.Used + max(0, p.Held-p.Copy.Room)
	}
	return p.Used + p.Held
}

// Fits reports whether a copy is as it should be: with these terms, limited if the code
// or its reward is, and not used up while there is room for another one.
func (p PromoCode) Fits(t CopyTerms, r catalog.Reward, uses Uses) bool {
	room, limited := p.Room(r, uses)
	switch {
	case !p.Live() || p.Copy.Closing || p.Copy.Terms != t.Text() || limited != (p.Copy.Room > 0) || p.Copy.Shared != (r.Max > 0):
		return false
	case p.Max > 0 && r.Max == 0:
		return room == 0
	}
	return !limited || room == 0 || p.Held > 0
}

// RewardHeldUp reports whether the uses that a reward has left are all held for Stripe, or
// were made there and not told yet.
func (u Use) RewardHeldUp() bool {
	return u.Reward != nil && u.Reward.Max > 0 && u.RewardHeld > 0 && u.RewardUsed+u.RewardHeld >= u.Reward.Max
}
