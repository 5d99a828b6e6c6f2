package billing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
)

// A QueuedReward is a discount, or free periods of a product, that a customer has
// earned and that is not at Stripe yet. Only one discount runs at a time: a second one
// would replace the first, so it waits until that one ends.
type QueuedReward struct {
	RedemptionID string         `json:"redemption_id,omitzero"`
	Side         Branch         `json:"side,omitzero"`     // of the redemption: referrer or redeemer
	Holding      string         `json:"holding,omitzero"`  // of one to be taken back: the customer product that it is in
	Reversal     bool           `json:"reversal,omitzero"` // it is to be taken back, not given
	Reward       catalog.Reward `json:"reward,omitzero"`   // as it was when it was earned: later edits take nothing away
	Since        time.Time      `json:"since,omitzero"`
	NextCheckAt  time.Time      `json:"next_check_at,omitzero"` // when the schedule looks whether its turn has come; zero behind the first
}

// How long until the schedule checks a queued reward: soon after it was
// earned, in case the process died, and later once a day, in case Stripe's
// word of the end was lost. Our choice.
const (
	lookSoon  = time.Minute
	lookLater = 24 * time.Hour
)

// What is decided about the first reward in a queue.
const (
	BranchDiscount Branch = "discount"      // it is put on the customer, unless another one runs
	BranchVoid     Branch = "discount_void" // it takes nothing off
)

// NextReward decides about the discount that is first in the customer's queue;
// false when none waits. Whether a discount runs is for Stripe to say, so the
// step itself looks.
func (s State) NextReward(c *catalog.Catalog) (Decision, bool) {
	c = s.In(c)
	first := s.firstDiscount()
	if first == nil {
		return Decision{}, false
	}
	q := *first
	coupon, prices := couponOf(c, q.Reward)
	d := Decision{Branch: BranchDiscount, Reward: &q, Currency: c.Currency(),
		Why: fmt.Sprintf("Reward %q of redemption %s is applied: no other discount runs.", q.Reward.ID, q.RedemptionID)}
	if len(coupon.Only) == 0 && !q.Reward.Discount.ApplyToAll {
		d.Branch = BranchVoid
		d.Why = fmt.Sprintf("Reward %q of redemption %s is dropped: none of the prices it is for is sold any more.", q.Reward.ID, q.RedemptionID)
		return d, true
	}
	if s.otherCurrency(c, q.Reward) {
		d.Branch, d.Why = BranchVoid, fmt.Sprintf("Reward %q of redemption %s is dropped. %s", q.Reward.ID, q.RedemptionID, s.whyNot(c, q.Reward))
		return d, true
	}
	if s.Customer.StripeID == "" {
		d.Steps = append(d.Steps, customerStep(s.Customer))
	}
	d.Steps = append(append(d.Steps, prices...), Step{Name: "discount", Discount: &PutDiscount{Coupon: coupon, Of: q.redemption()}})
	return d, true
}

// Queues reports whether a reward still waits.
func (s State) Queues(q QueuedReward) bool {
	return slices.ContainsFunc(s.Queue, q.is)
}

// is tells the rewards of one redemption apart: each has a time of its own.
func (q QueuedReward) is(other QueuedReward) bool {
	return q.RedemptionID == other.RedemptionID && q.Since.Equal(other.Since)
}

// firstDiscount returns the discount that is the next, or nil.
func (s State) firstDiscount() *QueuedReward {
	if i := slices.IndexFunc(s.Queue, QueuedReward.lowers); i >= 0 {
		return &s.Queue[i]
	}
	return nil
}

// lowers reports whether it is a discount.
func (q QueuedReward) lowers() bool { return !q.Gives() && !q.Reversal }

// couponOf describes a reward to Stripe, with the steps that make the prices
// known which it is restricted to.
func couponOf(c *catalog.Catalog, r catalog.Reward) (Coupon, []Step) {
	coupon := Coupon{RewardID: r.ID, Name: r.Name, Currency: c.Currency(), Duration: r.Discount.Duration, Months: r.Discount.Months}
	if r.Type == catalog.PercentageDiscount {
		coupon.Percent = r.Discount.Value
	} else {
		coupon.Currency = c.CurrencyOf(r)
		coupon.Amount = amountUpTo(coupon.Currency.Minor(r.Discount.Value))
	}
	var steps []Step
	for _, id := range c.Covered(*r.Discount) {
		p, item, _ := c.ItemOf(id)
		coupon.Only = append(coupon.Only, PriceLine{ItemID: id, StripeID: c.StripePrices[id]})
		if c.StripePrices[id] == "" {
			steps = append(steps, Step{Name: "price_" + id, Price: stripePrice(c, p, item)})
		}
	}
	return coupon, steps
}

// onInvoice is the coupon with which one invoice uses a reward: of credits it takes its
// part, once.
func onInvoice(coupon Coupon, r catalog.Reward) Coupon {
	if r.Type == catalog.InvoiceCredits {
		coupon.Duration, coupon.Months, coupon.Credits = catalog.OneOffDiscount, 0, true
	}
	return coupon
}

// join puts a reward behind those that wait already, even when one of them
// was earned by a request that came later and was faster. The schedule looks
// after the first discount alone, and after each of the gifts.
func (s State) join(q QueuedReward, now time.Time) QueuedReward {
	if !q.lowers() || s.firstDiscount() == nil {
		q.NextCheckAt = now.Add(lookSoon)
	}
	if len(s.Queue) == 0 {
		return q
	}
	if free := s.Queue[len(s.Queue)-1].Since.Add(time.Millisecond); q.Since.Before(free) {
		q.Since = free
	}
	return q
}

// settleReward takes a reward off the queue that Stripe has now. One whose turn
// has not come stays first and is looked at when the running discount lets it.
func (op Operation) settleReward(out *Settlement, s State, c *catalog.Catalog, r Results, now time.Time) {
	if op.Decision.Branch == BranchGoesOn { // a gift that waited for the end has its turn
		for _, q := range s.Queue {
			if q.Gives() {
				q.NextCheckAt = now.Add(lookSoon)
				out.Queued = append(out.Queued, q)
			}
		}
	}
	if op.Decision.Reward == nil {
		return
	}
	q := *op.Decision.Reward
	if q.Reversal {
		s.takeBack(out, c, q, r, op.Actor, now)
		return
	}
	if q.Gives() {
		out.Unqueued, out.Applied, out.Queued = &q, op.Decision.Branch == BranchFreePeriods, op.Decision.Queue
		return
	}
	if r.Discounted || op.Decision.Branch == BranchVoid {
		out.Unqueued, out.Applied = &q, r.Discounted
		if i := slices.IndexFunc(s.Queue, func(other QueuedReward) bool { return other.lowers() && !other.is(q) }); i >= 0 {
			out.Queued = append(out.Queued, s.Queue[i].Later(now)) // it is the first now
		}
		return
	}
	q = q.Later(now)
	if r.DiscountTurn.After(now) {
		q.NextCheckAt = r.DiscountTurn
	}
	out.Queued, out.Audit = append(out.Queued, q), Audit{} // nothing has changed
}

// Later puts off when the schedule checks a reward.
func (q QueuedReward) Later(now time.Time) QueuedReward {
	q.NextCheckAt = now.Add(lookLater)
	return q
}

// PutBackPrefix begins the ids of what is put back and is of no redemption.
const PutBackPrefix = "back_"

// QueueAgain puts a discount in the queue that an invoice used up without being
// lowered by it, and that was given by a redemption, or by none: "". It has no side, as
// that side was given it before.
func (s State) QueueAgain(r catalog.Reward, redemptionID, invoiceID string, now time.Time) QueuedReward {
	return s.join(QueuedReward{RedemptionID: cmp.Or(redemptionID, PutBackPrefix+invoiceID), Reward: r, Since: now}, now)
}

// redemption is the redemption that gave a reward; "" for none.
func (q QueuedReward) redemption() string {
	if strings.HasPrefix(q.RedemptionID, PutBackPrefix) {
		return ""
	}
	return q.RedemptionID
}

// What became of a discount that an invoice used up for nothing.
const (
	BackAtOnce  = "put_back"
	BackInTurn  = "put_back_in_turn"
	BackNowhere = "not_put_back"
)

// PutBack is the entry about a discount that an invoice used up for nothing.
func (i Invoice) PutBack(u UnusedUp, outcome string, now time.Time) Audit {
	why := map[string]string{
		BackAtOnce:  "so it was put back for the next one.",
		BackInTurn:  "and another discount runs by now, so it waits for its turn again.",
		BackNowhere: "and it has no place any more: the subscription has ended or has another discount, or the reward is gone.",
	}
	return Audit{At: now, Actor: "stripe", Action: "put_back_reward", Rule: outcome, Currency: i.Currency,
		Why:    fmt.Sprintf("Stripe used reward %q up on an invoice that it does not lower, %s", u.RewardID, why[outcome]),
		Stripe: map[string]string{"invoice": i.StripeID}}
}

// Terms is equal for coupons that take the same off.
func (n Coupon) Terms() string {
	terms := fmt.Sprintf("%q %s %d %s %s %d", n.Name, n.Percent, n.Amount, n.Currency, n.Duration, n.Months)
	if n.Credits {
		terms += " credits"
	}
	for _, l := range n.Only {
		terms += " " + cmp.Or(l.Key, l.ItemID)
	}
	return terms
}
