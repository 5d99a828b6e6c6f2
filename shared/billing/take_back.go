package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/referral"
)

// WentBack names why a redemption ends whose first payment this was: all of it was
// refunded, or the bank took any of it back; "" while the company has it.
func (p Payment) WentBack() string {
	switch {
	case p.Disputed > 0:
		return referral.ReasonDisputed
	case p.Amount > 0 && p.Refunded >= p.Amount:
		return referral.ReasonRefunded
	}
	return ""
}

// WithInvoice puts an invoice among those of a customer, the newest first, unless it is
// one of them.
func WithInvoice(invoices []Invoice, in Invoice) []Invoice {
	if slices.ContainsFunc(invoices, func(known Invoice) bool { return known.StripeID == in.StripeID && known.Status == "paid" }) {
		return invoices
	}
	others := slices.DeleteFunc(slices.Clone(invoices), func(known Invoice) bool { return known.StripeID == in.StripeID })
	at := slices.IndexFunc(others, func(known Invoice) bool { return !known.CreatedAt.After(in.CreatedAt) })
	if at < 0 {
		at = len(others)
	}
	return slices.Insert(others, at, in)
}

// IsFirstPayment reports whether an invoice is the first that the redeemer paid since
// redeeming: of a checkout program the one that set the redemption off, or the first one
// after the trial that did, whatever the program has become meanwhile. That is one of the
// same subscription, or for a product that was tried or is listed: a trial may be cancelled,
// and the product bought again.
func (s State) IsFirstPayment(c *catalog.Catalog, r referral.Redemption, invoices []Invoice, invoiceID string) bool {
	if r.InvoiceID == invoiceID {
		return true
	}
	program, err := c.Program(r.ProgramID)
	program.ExcludeTrial = true // what begins a trial is no payment
	listed := err == nil && program.When == catalog.OnCheckout
	var began *Invoice                            // what set it off
	for _, i := range slices.Backward(invoices) { // the newest comes first
		if i.StripeID == r.InvoiceID {
			began = &i
		}
		paid := i.Status == "paid" && i.BeforeTax() > 0 && !i.CreatedAt.Before(r.CreatedAt.Truncate(time.Second))
		switch {
		case !paid || r.InvoiceID != "" && began == nil:
		case began == nil && (!listed || s.paidFor(program, r, i)), began != nil && (began.sameSale(i) || i.sellsAny(began.ProductIDs) || listed && i.sellsAny(program.ProductIDs)):
			return i.StripeID == invoiceID
		}
	}
	return false
}

// sameSale reports whether another invoice is this one, or of its subscription.
func (i Invoice) sameSale(other Invoice) bool {
	return i.StripeID == other.StripeID || i.SubscriptionID != "" && i.SubscriptionID == other.SubscriptionID
}

// sellsAny reports whether an invoice is for one of some products.
func (i Invoice) sellsAny(products []string) bool {
	return slices.ContainsFunc(i.ProductIDs, func(id string) bool { return slices.Contains(products, id) && !slices.Contains(i.Credited, id) })
}

// DecideReverse takes a reward back, as its first payment went back. What each side has
// unspent is found out with that side, one after the other: it waits there until it is
// done.
func DecideReverse(s RedeemState, r referral.Redemption, reason string, cmd Redeem) RedeemDecision {
	before := r
	r, _ = r.To(referral.Reversed, cmd.Now)
	r.Reason = reason
	cmd.ID = r.ID
	d := RedeemDecision{Redemption: r, Before: before}
	why := fmt.Sprintf("The first payment of %q went back (%s), so redemption %s of code %s is reversed: what is unspent of its reward is taken back.", r.RedeemerID, reason, r.ID, r.Code)
	side := func(of State, who Branch, has bool) Settlement {
		out := s.settle(of, who, nil, r.Code, cmd, why)
		out.Audit.Rule = "redemption_reversed"
		if has {
			q := of.join(QueuedReward{RedemptionID: r.ID, Side: who, Reversal: true, Holding: r.Side(referral.Who(who)).Holding, Since: cmd.Now}, cmd.Now)
			if r.Reward != nil {
				q.Reward = *r.Reward
			}
			out.Queued = []QueuedReward{q}
		}
		return out
	}
	d.Redeemer = side(s.Redeemer, BranchRedeemer, r.Redeemer.Status != "")
	if s.Referrer.Customer.InternalID == r.ReferrerInternalID {
		referrer := side(s.Referrer, BranchReferrer, true)
		d.Referrer = &referrer
	}
	return d
}

// NextReversal returns the first reward that is to be taken back, or nil.
func (s State) NextReversal() *QueuedReward {
	if i := slices.IndexFunc(s.Queue, func(q QueuedReward) bool { return q.Reversal }); i >= 0 {
		return &s.Queue[i]
	}
	return nil
}

// BranchReversal takes back what is unspent of a reward.
const BranchReversal Branch = "reward_reversed"

// DecideTakeBack takes back what a customer has of a reward: Stripe is asked only for a
// discount that is there.
func (s State) DecideTakeBack(c *catalog.Catalog, q QueuedReward, side referral.Side) Decision {
	d := Decision{Branch: BranchReversal, Reward: &q, Currency: s.In(c).Currency(),
		Why: fmt.Sprintf("What is unspent of reward %q of redemption %s is taken back: its first payment went back.", q.Reward.ID, q.RedemptionID)}
	if side.Operation != "" && s.Customer.StripeID != "" && (q.Reward.Discount != nil || q.Reward.FreePeriods > 0) {
		d.Steps = []Step{{Name: "discount_end", EndDiscount: &EndDiscount{RewardID: q.Reward.ID, OperationID: side.Operation}}}
	}
	return d
}

// takeBack is what a reversal leaves of a reward: a discount, or free periods, that
// waited are gone, and so are the remaining credits, and a product of which nothing was
// used. out.Applied says whether anything went back.
func (s State) takeBack(out *Settlement, c *catalog.Catalog, q QueuedReward, r Results, actor string, now time.Time) {
	out.Unqueued, out.Applied = &q, r.DiscountEnded
	for _, other := range s.Queue {
		switch {
		case other.Reversal:
		case other.RedemptionID == q.RedemptionID: // free periods after the first have no side of their own
			out.Dropped, out.Applied = append(out.Dropped, other), true
		case !other.Gives() && other.NextCheckAt.IsZero() && len(out.Queued) == 0:
			out.Queued = append(out.Queued, other.Later(now)) // it is the first now
		}
	}
	if after, took, found := s.Credits.Reversed(CreditID(q.RedemptionID, q.Side), now); found {
		out.Credits, out.Moves, out.Applied = &after, s.CreditMoves(after, actor, now), out.Applied || took
	}
	switch {
	case q.Reward.Type == catalog.FreeProduct && q.Reward.FreePeriods == 0:
		s.takeProduct(out, c, q, now)
	case q.Reward.Type == catalog.FeatureGrant:
		for _, g := range giftsOf(c, q.Reward, giftID(q.RedemptionID, q.Side)) {
			if after, took := out.balance(s, g.FeatureID).TakeGift(g, now); took {
				out.setBalance(after)
				out.Applied = true
			}
		}
	}
}

// giftID names what a redemption gives to one side of features.
func giftID(redemptionID string, side Branch) string {
	return "gift_" + strings.TrimPrefix(redemptionID, RedemptionPrefix) + "_" + string(side)
}

// giftsOf is what a reward of features gives to one side of a redemption.
func giftsOf(c *catalog.Catalog, r catalog.Reward, givenBy string) (out []entitlement.Gift) {
	for _, g := range r.Grants {
		t := c.Features[g.FeatureID].Type
		out = append(out, entitlement.Gift{RewardID: r.InternalID, GivenBy: givenBy, Granted: g, Boolean: t == catalog.Boolean, Held: t == catalog.ContinuousUse})
	}
	return out
}

// giveFeatures adds the features of a reward to a customer's balances.
func (s State) giveFeatures(out *Settlement, c *catalog.Catalog, r catalog.Reward, givenBy string, now time.Time) {
	for _, g := range giftsOf(c, r, givenBy) {
		out.setBalance(out.balance(s, g.FeatureID).Give(g, now))
	}
}

// balance is a balance as the settlement leaves it.
func (out *Settlement) balance(s State, featureID string) entitlement.Balance {
	for _, b := range out.Balances {
		if b.FeatureID == featureID {
			return b
		}
	}
	if b, has := s.Balances[featureID]; has {
		return b
	}
	return entitlement.Balance{FeatureID: featureID}
}

func (out *Settlement) setBalance(b entitlement.Balance) {
	if i := slices.IndexFunc(out.Balances, func(old entitlement.Balance) bool { return old.FeatureID == b.FeatureID }); i >= 0 {
		out.Balances[i] = b
		return
	}
	out.Balances = append(out.Balances, b)
}

// takeProduct takes one gift of a product back, unless some of it was used. A customer
// who has it several times has one row of it, of which one unit goes. A row that began
// when that one had ended is none of the gift.
func (s State) takeProduct(out *Settlement, c *catalog.Catalog, q QueuedReward, now time.Time) {
	i := slices.IndexFunc(s.Products, func(cp CustomerProduct) bool { return cp.ID == q.Holding && cp.Running(now) })
	if i < 0 {
		return
	}
	cp := s.Products[i]
	balances := map[string]entitlement.Balance{}
	for _, item := range ProductOf(c, cp).Items {
		if item.FeatureID == "" || item.Unlimited || c.Features[item.FeatureID].Type == catalog.Boolean {
			continue
		}
		after, taken := s.Balances[item.FeatureID].TakeBack(cp.origin(false).GrantID(item), item.Included, now)
		if !taken.Total().Equal(item.Included) {
			return // some of it was used
		}
		balances[item.FeatureID] = after
	}
	out.Applied = true
	if cp.Quantity <= 1 {
		out.Products, _, out.Balances = s.apply(c, transition{end: []Ending{{CustomerProductID: cp.ID}}}, now)
		out.Audit.Ended = []string{cp.ProductID}
		return
	}
	cp.Quantity--
	out.Products = []CustomerProduct{cp}
	for _, id := range slices.Sorted(maps.Keys(balances)) {
		out.Balances = append(out.Balances, balances[id])
	}
}
