package reward

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Way is a way to use a reward.
type Way string

const (
	Purchased Way = "purchase"  // something new is bought: by attach or on a page
	Changed   Way = "change"    // a subscription changes now
	Waiting   Way = "scheduled" // nothing is bought now: a later change, a free product, an end taken back
	Given     Way = "coupon"    // it is put on the customer
	Redeemed  Way = "redeem"    // the code is redeemed by itself
)

var ways = map[Way]refusal.Reason{Purchased: ReasonWayPurchase, Changed: ReasonWayChange, Waiting: ReasonWayScheduled, Given: ReasonWayCoupon, Redeemed: ReasonWayRedeem}

// AloneWay is how a reward is used without a purchase: what has no price is
// redeemed, and a discount is put on the customer.
func AloneWay(r *catalog.Reward) Way {
	if r != nil && (r.Type == catalog.PercentageDiscount || r.Type == catalog.FixedDiscount) {
		return Given
	}
	return Redeemed
}

// A Use is the use of a reward, and all that the rules ask about it.
type Use struct {
	Text       string          // of the code; "" for a reward that is named by its id
	Code       *PromoCode      // nil without a code, and for an unknown one
	OfOthers   bool            // the text is the code of other customers alone
	Reward     *catalog.Reward // nil: there is none, or no more
	RewardUsed int             // uses of the reward by all
	RewardHeld int             // uses of it that Stripe may make
	Unfit      *refusal.Error  // why its product can't be given as it is now; nil: it can

	CustomerID     string         // internal id
	UsedReward     int            // uses of the reward by the customer
	UsedCode       int            // and of the code
	BoughtBefore   bool           // an invoice of any sum, but a void one or a draft
	Currency       money.Currency // in which the customer pays
	AmountIn       money.Currency // what an amount of the reward is in
	OtherDiscounts []string       // running on the customer, or on the subscription that changes

	Way      Way
	Subtotal money.Amount // due now, before discounts
	Items    []string     // of the products bought, usage prices too
	Covered  []string     // items that the reward lowers; nil is everything
	Missed   bool         // a page's first invoice would use the discount up, and lowers nothing by it
	Wasted   bool         // the discount is for one invoice, and the credit of the change leaves nothing to pay on it
	Named    int          // how many different rewards the purchase names
}

// A Rule is one question about a use.
type Rule string

const (
	RuleExists    Rule = "exists"
	RuleLimit     Rule = "limit"
	RuleActive    Rule = "active"
	RuleCustomer  Rule = "customer"
	RuleWay       Rule = "way"
	RuleOften     Rule = "per_customer"
	RuleFirstTime Rule = "first_time"
	RuleCurrency  Rule = "currency"
	RuleMinimum   Rule = "minimum"
	RuleScope     Rule = "applies"
	RuleAlone     Rule = "alone"
)

// An Answer is what one rule says.
type Answer struct {
	Rule    Rule
	Refusal *refusal.Error  // nil: allowed
	Why     *refusal.Phrase // it is allowed
}

// rules are asked in this order; the first refusal is reported. A spent code is
// called used up before it is called dead.
var rules = []struct {
	rule Rule
	ask  func(Use, time.Time) Answer
}{
	{RuleExists, Use.exists}, {RuleLimit, Use.limit}, {RuleActive, Use.active}, {RuleCustomer, Use.customer},
	{RuleWay, Use.way}, {RuleOften, Use.often}, {RuleFirstTime, Use.firstTime}, {RuleCurrency, Use.currency},
	{RuleMinimum, Use.minimum}, {RuleScope, Use.scope}, {RuleAlone, Use.alone},
}

// Evaluate answers every rule about a use. It is the only judge of codes and
// rewards: purchases, previews, pages, redemptions and explanations all ask it.
func (u Use) Evaluate(now time.Time) []Answer {
	out := make([]Answer, len(rules))
	for i, r := range rules {
		out[i] = r.ask(u, now)
		out[i].Rule = r.rule
	}
	return out
}

// OfCode are the answers that are the same for every purchase.
func OfCode(answers []Answer) (out []Answer) {
	for _, a := range answers {
		switch a.Rule {
		case RuleExists, RuleLimit, RuleActive, RuleCustomer, RuleOften, RuleFirstTime, RuleCurrency:
			out = append(out, a)
		case RuleWay, RuleMinimum, RuleScope, RuleAlone:
		}
	}
	return out
}

// Refusal is why a use is refused: the first rule that says no; nil if none does.
func Refusal(answers []Answer) *refusal.Error {
	for _, a := range answers {
		if a.Refusal != nil {
			return a.Refusal
		}
	}
	return nil
}

func yes(why refusal.Reason, args ...any) Answer {
	return Answer{Why: &refusal.Phrase{Reason: why, Args: args}}
}

func no(why refusal.Reason, args ...any) Answer {
	return Answer{Refusal: refusal.Invalid(why, args...)}
}

func (u Use) exists(time.Time) Answer {
	switch {
	case u.Text == "" && u.Reward == nil:
		return Answer{Refusal: refusal.NotFound(ReasonCodeUnknown, u.Text)}
	case u.Text != "" && u.Code == nil && !u.OfOthers, u.Code != nil && u.Reward == nil:
		return Answer{Refusal: refusal.NotFound(ReasonCodeUnknown, u.Text)}
	}
	return yes(ReasonOKExists)
}

// limit: a code's limit, then the reward's.
func (u Use) limit(time.Time) Answer {
	switch {
	case u.Reward == nil:
		return yes(ReasonOKUnknown)
	case u.Code != nil && u.Code.spent():
		return no(ReasonUsedUp, u.Code.Max)
	case u.Reward.Max > 0 && u.RewardUsed >= u.Reward.Max:
		return no(ReasonUsedUp, u.Reward.Max)
	case u.Code != nil && u.Code.Max > 0:
		return yes(ReasonOKUses, u.Code.Used, u.Code.Max)
	case u.Reward.Max > 0:
		return yes(ReasonOKUses, u.RewardUsed, u.Reward.Max)
	}
	return yes(ReasonOKUnlimited)
}

func (u Use) active(now time.Time) Answer {
	switch {
	case u.Reward == nil:
		return yes(ReasonOKUnknown)
	case u.Code != nil && u.Code.expired(now):
		return no(ReasonExpired, u.Code.ExpiresAt.UnixMilli())
	case !u.Reward.RedeemBy.IsZero() && !now.Before(u.Reward.RedeemBy):
		return no(ReasonExpired, u.Reward.RedeemBy.UnixMilli())
	case u.Code != nil && u.Code.Inactive:
		return no(ReasonInactive, u.Code.Code)
	}
	end := u.Reward.RedeemBy
	if u.Code != nil && !u.Code.ExpiresAt.IsZero() && (end.IsZero() || u.Code.ExpiresAt.Before(end)) {
		end = u.Code.ExpiresAt
	}
	if end.IsZero() {
		return yes(ReasonOKActive)
	}
	return yes(ReasonOKActiveUntil, end.UnixMilli())
}

func (u Use) customer(time.Time) Answer {
	switch {
	case u.Code == nil && u.OfOthers, u.Code != nil && u.Code.CustomerID != "" && u.Code.CustomerID != u.CustomerID:
		return no(ReasonForAnother, u.Text)
	case u.Code != nil && u.Code.CustomerID != "":
		return yes(ReasonOKOwn)
	}
	return yes(ReasonOKAnybody)
}

// way: a gift is given by itself, never by a purchase; a discount needs
// something that it lowers, and a gift a product that can be given.
func (u Use) way(time.Time) Answer {
	switch {
	case u.Reward == nil:
		return yes(ReasonOKUnknown)
	case u.Reward.Type.Gift() && u.Way != Given && u.Way != Redeemed,
		(u.Reward.Type == catalog.PercentageDiscount || u.Reward.Type == catalog.FixedDiscount) && u.Way == Redeemed:
		return no(ReasonWrongWay, u.Reward.Type, &refusal.Phrase{Reason: ways[u.Way]})
	case u.Unfit != nil:
		return Answer{Refusal: u.Unfit}
	}
	return yes(ReasonOKWay, u.Reward.Type)
}

// often: whoever redeems a code has the reward once, whatever the code.
func (u Use) often(time.Time) Answer {
	most, used := 0, 0
	switch {
	case u.Reward == nil:
		return yes(ReasonOKUnknown)
	case u.Way == Redeemed:
		most, used = 1, u.UsedReward
	case u.Code != nil && u.Code.MaxPerCustomer > 0 && u.UsedCode >= u.Code.MaxPerCustomer:
		most, used = u.Code.MaxPerCustomer, u.UsedCode
	case u.Reward.MaxPerCustomer > 0:
		most, used = u.Reward.MaxPerCustomer, u.UsedReward
	case u.Code != nil && u.Code.MaxPerCustomer > 0:
		most, used = u.Code.MaxPerCustomer, u.UsedCode
	}
	switch {
	case most == 0:
		return yes(ReasonOKOften)
	case used >= most:
		return no(ReasonUsedByCustomer, most)
	}
	return yes(ReasonOKTimes, used, most)
}

func (u Use) firstTime(time.Time) Answer {
	switch {
	case u.Code == nil || !u.Code.FirstTimeOnly:
		return yes(ReasonOKAnyTime)
	case u.BoughtBefore:
		return no(ReasonNotFirstTime, u.Code.Code)
	}
	return yes(ReasonOKFirstTime)
}

// currency: amounts are in one currency; a percentage and a product are in none.
func (u Use) currency(time.Time) Answer {
	switch {
	case u.Currency == "" || u.Reward == nil:
	case u.Currency != u.AmountIn && (u.Reward.Type == catalog.FixedDiscount || u.Reward.Type == catalog.InvoiceCredits):
		return no(ReasonOtherCurrency, u.AmountIn, u.Currency)
	case u.Code != nil && u.Code.Minimum > 0 && u.Currency != u.Code.Currency:
		return no(ReasonMinimumOtherCurrency, u.Code.Code, u.Code.Currency, u.Currency)
	}
	return yes(ReasonOKCurrency)
}

func (u Use) minimum(time.Time) Answer {
	switch {
	case u.Code == nil || u.Code.Minimum == 0:
		return yes(ReasonOKNoMinimum)
	case u.Way != Purchased && u.Way != Waiting:
		return no(ReasonNewPurchasesOnly, u.Code.Code)
	case u.Subtotal < u.Code.Minimum:
		return no(ReasonMinimumNotMet, u.Code.Currency.Major(u.Subtotal), u.Code.Currency, u.Code.Currency.Major(u.Code.Minimum))
	}
	return yes(ReasonOKMinimum, u.Code.Currency.Major(u.Subtotal), u.Code.Currency, u.Code.Currency.Major(u.Code.Minimum))
}

func (u Use) scope(time.Time) Answer {
	switch {
	case u.Way == Given || u.Way == Redeemed:
		return yes(ReasonOKNoPurchase)
	case u.Way == Waiting:
		return no(ReasonNothingBoughtNow)
	case len(u.Items) == 0:
		return no(ReasonNothingBoughtNow)
	case u.Missed:
		return no(ReasonMissedOnAPage)
	case u.Wasted:
		return no(ReasonWasted)
	case u.Covered == nil:
		return yes(ReasonOKAll)
	case !slices.ContainsFunc(u.Items, func(item string) bool { return slices.Contains(u.Covered, item) }):
		return no(ReasonNotApplicable)
	}
	return yes(ReasonOKCovers)
}

// alone: discounts are never added up. One that is put on the customer waits for
// its turn.
func (u Use) alone(time.Time) Answer {
	switch {
	case u.Named > 1:
		return no(ReasonNotCombinable)
	case u.Way == Redeemed, len(u.OtherDiscounts) == 0:
		return yes(ReasonOKAlone)
	case u.Way == Given:
		return yes(ReasonOKQueued)
	}
	return no(ReasonAnotherDiscount, u.OtherDiscounts[0])
}
