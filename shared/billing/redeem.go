package billing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/referral"
)

// Redeem asks for a referral code to be redeemed.
type Redeem struct {
	ID    string // of the redemption, should it be made: "rr_…"
	Actor string
	Now   time.Time
}

// RedeemState is what the rule needs to know, and no more.
type RedeemState struct {
	Catalog  *catalog.Catalog
	Code     catalog.ReferralCode
	Redeemer State
	Referrer State
	Redeemed bool              // the redeemer has redeemed in the program; false, too, while not looked up
	Invoices []Invoice         // of the redeemer; looked at only where the program is for new customers
	Moved    []CustomerProduct // of the redeemer, in the history; as above

	Brought                      []string // internal ids of who brought the referrer, referral.RingSteps back
	RedeemerCards, ReferrerCards []string // fingerprints; read where the program has a rule about them
}

// The two sides of a redemption, as the audit names them.
const (
	BranchReferrer = Branch(referral.TheReferrer)
	BranchRedeemer = Branch(referral.TheRedeemer)
)

// A RedeemDecision is what a redemption leaves behind. Saving it must fail
// when the code has reached its limit or the redeemer was faster elsewhere.
type RedeemDecision struct {
	Redemption referral.Redemption
	Before     referral.Redemption // zero for a new one
	Places     int                 // of the code's limit that it takes: 1, or -1 for one given back
	Max        int                 // the limit of the code's counter; 0 is none
	Recent     []time.Time         // when the code was redeemed, with this one; nil where it is not counted
	Worth      money.Amount        // of what is given
	Redeemer   Settlement          // always
	Referrer   *Settlement         // nil where nothing is given now
}

// Earned are the keys of customers who have something that Stripe is to be told of:
// discounts that wait, and invoice credits.
type Earned struct{ Discounts, Credits []string }

// And is what two decisions have earned.
func (e Earned) And(other Earned) Earned {
	add := func(to, keys []string) []string {
		for _, key := range keys {
			if !slices.Contains(to, key) {
				to = append(to, key)
			}
		}
		return to
	}
	return Earned{add(e.Discounts, other.Discounts), add(e.Credits, other.Credits)}
}

// Earned lists who has something that Stripe is to be told of.
func (d RedeemDecision) Earned() (e Earned) {
	for _, side := range []*Settlement{d.Referrer, &d.Redeemer} {
		if side != nil && len(side.Queued) > 0 {
			e.Discounts = append(e.Discounts, side.Customer.Key())
		}
		if side != nil && side.Credits != nil {
			e.Credits = append(e.Credits, side.Customer.Key())
		}
	}
	return e
}

// DecideRedeem applies the rules of referral codes, in this order:
//
//   - A code whose program or owner is gone is not found.
//   - A deactivated code is refused; what was redeemed with it before goes on.
//   - A sign-up program refuses a code that reached its limit. The limit counts
//     the redemptions of one code that gave a reward or are held; a checkout program
//     takes any number, and those above the limit never give one.
//   - A customer redeems once per program, whatever the code.
//   - No customer redeems an own code, nor that of a customer on the same device, nor
//     what else the program's guard refuses.
//   - A program for new customers refuses one who ever paid.
//
// A sign-up program gives its reward now: to the referrer, and to the redeemer
// too where it is for all. A product is theirs at once, and so are credits; a discount is queued,
// as another one may run. A checkout program waits for the purchase. What the guard
// flags is held instead of given, and so is everything where the program has hold days.
func DecideRedeem(s RedeemState, cmd Redeem) (RedeemDecision, error) {
	program, err := s.program()
	if err != nil {
		return RedeemDecision{}, err
	}
	verdict := s.judge(program, cmd.Now)
	if err := s.refusal(program, verdict); err != nil {
		return RedeemDecision{}, err
	}
	reward, err := s.Catalog.Reward(program.RewardID)
	if err != nil {
		return RedeemDecision{}, err
	}
	s.Redeemer.Customer = s.Redeemer.Customer.broughtBy(s.Referrer.Customer.InternalID)
	r := referral.Redemption{
		ID: cmd.ID, Code: s.Code.Code, ProgramID: program.InternalID, RewardID: reward.ID, Flags: verdict.Flags,
		ReferrerID: s.Referrer.Customer.Key(), RedeemerID: s.Redeemer.Customer.Key(),
		RedeemerInternalID: s.Redeemer.Customer.InternalID, ReferrerInternalID: s.Referrer.Customer.InternalID,
	}.Begin(referral.Pending, program.ReceivedBy == catalog.ForAll, cmd.Now)
	d := RedeemDecision{Redemption: r, Max: program.MaxRedemptions, Recent: referral.Counted(program.Guard, s.Code.Recent, cmd.Now)}
	if program.When == catalog.OnCheckout {
		d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd,
			fmt.Sprintf("Code %s was redeemed; the reward %q is given when the customer buys %s.", s.Code.Code, reward.ID, strings.Join(program.ProductIDs, " or ")))
		return d, nil
	}
	return s.setOff(d, program, reward, cmd)
}

// A gift is what one side of a redemption gets: a product, a discount, credits or features.
type gift struct {
	product  *catalog.Product
	discount *catalog.Reward // or free periods of a product, which are queued like one
	credits  *catalog.Reward
	features *catalog.Reward
}

func giftOf(c *catalog.Catalog, r catalog.Reward) (*gift, error) {
	switch r.Type {
	case catalog.InvoiceCredits:
		return &gift{credits: &r}, nil
	case catalog.FeatureGrant:
		return &gift{features: &r}, nil
	case catalog.FreeProduct:
		if r.FreePeriods > 0 { // given in its turn, as the customer may have the product
			return &gift{discount: &r}, nil
		}
		p, err := c.Product(r.FreeProduct)
		return &gift{product: &p}, err
	case catalog.PercentageDiscount, catalog.FixedDiscount:
	}
	return &gift{discount: &r}, nil
}

func (g gift) name() string {
	switch {
	case g.product != nil:
		return g.product.ID
	case g.credits != nil:
		return g.credits.ID
	case g.features != nil:
		return g.features.ID
	}
	return g.discount.ID
}

// program returns the program of the code, while both it and the owner are
// still there. Programs are distinguished by their internal ids, so that one
// created again under an old id starts afresh.
func (s RedeemState) program() (catalog.ReferralProgram, error) {
	program, err := s.Catalog.Program(s.Code.ProgramID)
	if err != nil || s.Referrer.Customer.InternalID != s.Code.InternalID {
		return catalog.ReferralProgram{}, ErrReferralCodeNotFound(s.Code.Code)
	}
	return program, nil
}

// settle is one side of the redemption: the gift, if that side gets one, and
// the entry in its history. A product is free of charge and has no trial; an
// add-on held already grows by it.
func (s RedeemState) settle(side State, branch Branch, g *gift, code string, cmd Redeem, why string) Settlement {
	if g != nil {
		for _, r := range []*catalog.Reward{g.discount, g.credits} {
			if r != nil && side.otherCurrency(s.Catalog, *r) {
				g, why = nil, why+" "+side.whyNot(s.Catalog, *r)
				break
			}
		}
	}
	op := Operation{ID: cmd.ID, Command: "redeem", Actor: cmd.Actor, Decision: Decision{Branch: branch, Why: why}}
	if g != nil && g.product != nil {
		op.Decision.Start = []CustomerProduct{{
			ID:        fmt.Sprintf("cp_%s_%s", strings.TrimPrefix(cmd.ID, RedemptionPrefix), branch),
			ProductID: g.product.ID, Version: g.product.Version, Group: g.product.Group, AddOn: g.product.AddOn,
			Status: Active, Quantity: 1, CreatedBy: cmd.ID,
		}}
	}
	out := op.Settle(side, s.Catalog, Results{}, cmd.Now)
	if g != nil && g.discount != nil {
		out.Queued = []QueuedReward{side.join(QueuedReward{RedemptionID: cmd.ID, Side: branch, Reward: *g.discount, Since: cmd.Now}, cmd.Now)}
	}
	if g != nil && g.features != nil {
		side.giveFeatures(&out, s.Catalog, *g.features, giftID(cmd.ID, branch), cmd.Now)
	}
	if g != nil && g.credits != nil {
		side.giveCredits(&out, s.Catalog, *g.credits, CreditID(cmd.ID, branch), code, cmd.Actor, cmd.Now)
	}
	return out
}

// DecideGift gives a customer a reward without a purchase, by a code or by none. A
// product is theirs at once: like every gift it is free of charge and has no trial,
// and what is held already grows by it. A discount is queued, as another one may run.
// The redemption has no referrer.
func DecideGift(s State, c *catalog.Catalog, r catalog.Reward, code string, cmd Redeem) (referral.Redemption, Settlement, error) {
	given, err := giftOf(c, r)
	if err != nil {
		return referral.Redemption{}, Settlement{}, err
	}
	first := referral.Applied
	if given.discount != nil {
		first = referral.Triggered
	}
	done := referral.Redemption{ID: cmd.ID, Code: code, RewardID: r.ID, RedeemerID: s.Customer.Key(),
		RedeemerInternalID: s.Customer.InternalID}.Begin(first, true, cmd.Now)
	why := fmt.Sprintf("The customer redeemed code %s and gets %q.", code, given.name())
	if code == "" {
		why = fmt.Sprintf("The customer is given %q.", given.name())
	}
	return done, RedeemState{Catalog: c}.settle(s, BranchRedeemer, given, code, cmd, why), nil
}

// A TypedCode is a code that the customer typed on a page, which Stripe has taken.
type TypedCode struct {
	Given  Given
	CopyID string       // of the promotion code at Stripe
	Shared bool         // it was among the uses that the reward had left
	Off    money.Amount // what it took off the page's invoice
}

// WithTyped is the operation of a page with the code that was typed on it. What the page
// sold is as before; the code has lowered it.
func (op Operation) WithTyped(t TypedCode, c Customer) Operation {
	g := t.Given
	g.CustomerID = c.InternalID
	op.Decision.Given = &g
	op.Decision.Lines = discounted(slices.Clone(op.Decision.Lines), &g.Discount)
	op.Decision.Why += g.why(t.Off, op.Decision.Currency)
	return op
}
