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
// be used, what it gives is no discount of an invoice, its customer is not there, or
// its reward has a limit, which one code can't keep for all the others.
func (p PromoCode) CopyTerms(r *catalog.Reward, used int, coupon, customerID string, now time.Time) (CopyTerms, bool) {
	if p.Status(r, used, now) != Active || r.Type == catalog.FreeProduct || r.Max > 0 || p.CustomerID != "" && customerID == "" {
		return CopyTerms{}, false
	}
	t := CopyTerms{Code: p, Coupon: coupon, CustomerID: customerID, ExpiresAt: p.ExpiresAt}
	if t.ExpiresAt.IsZero() || !r.RedeemBy.IsZero() && r.RedeemBy.Before(t.ExpiresAt) {
		t.ExpiresAt = r.RedeemBy
	}
	return t, true
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

// Fits reports whether a copy is as it should be: with these terms, and where the code
// has a limit with uses left that are Stripe's already.
func (p PromoCode) Fits(t CopyTerms) bool {
	return p.Live() && !p.Copy.Closing && p.Copy.Terms == t.Text() && (p.Max == 0 || p.Free() == 0)
}
