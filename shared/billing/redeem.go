package billing

import (
	"fmt"
	"strings"
	"time"

	"windfall/shared/catalog"
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
	Redeemed bool      // the redeemer has redeemed in the program; false, too, while not looked up
	Invoices []Invoice // of the redeemer; looked at only where the program is for new customers
}

// The two sides of a redemption, as the audit names them.
const (
	BranchReferrer Branch = "referrer"
	BranchRedeemer Branch = "redeemer"
)

// A RedeemDecision is what a redemption leaves behind. Saving it must fail
// when the code has reached its limit or the redeemer was faster elsewhere.
type RedeemDecision struct {
	Redemption catalog.Redemption
	Max        int         // the limit of the code's counter; 0 is none
	Redeemer   Settlement  // always
	Referrer   *Settlement // nil while the reward waits for a purchase
}

// Earned are the keys of customers who have something that Stripe is to be told of:
// discounts that wait, and invoice credits.
type Earned struct{ Discounts, Credits []string }

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
//   - A sign-up program refuses a code that reached its limit. The limit counts
//     the redemptions of one code that gave a reward; a checkout program takes
//     any number, and those above the limit never give one.
//   - A customer redeems once per program, whatever the code.
//   - No customer redeems an own code, nor that of a customer on the same device.
//   - A program for new customers refuses one who ever paid.
//
// A sign-up program gives its reward now: to the referrer, and to the redeemer
// too where it is for all. A product is theirs at once, and so are credits; a discount is queued,
// as another one may run. A checkout program waits for the purchase.
func DecideRedeem(s RedeemState, cmd Redeem) (RedeemDecision, error) {
	program, err := s.program()
	if err != nil {
		return RedeemDecision{}, err
	}
	if err := s.refusal(program); err != nil {
		return RedeemDecision{}, err
	}
	reward, err := s.Catalog.Reward(program.RewardID)
	if err != nil {
		return RedeemDecision{}, err
	}
	d := RedeemDecision{Max: program.MaxRedemptions, Redemption: catalog.Redemption{
		ID: cmd.ID, Code: s.Code.Code, ProgramID: program.InternalID, RewardID: reward.ID,
		ReferrerID: s.Referrer.Customer.Key(), RedeemerID: s.Redeemer.Customer.Key(),
		RedeemerInternalID: s.Redeemer.Customer.InternalID, ReferrerInternalID: s.Referrer.Customer.InternalID, CreatedAt: cmd.Now, UpdatedAt: cmd.Now,
	}}
	if program.When == catalog.OnCheckout {
		d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd,
			fmt.Sprintf("Code %s was redeemed; the reward %q is given when the customer buys %s.", s.Code.Code, reward.ID, strings.Join(program.ProductIDs, " or ")))
		return d, nil
	}
	return s.give(d, program, reward, cmd)
}

// DecideTrigger sets off the reward of a redemption that waited for a purchase
// which is paid now. The reward is the one that was promised. An error says
// why it will never be given: the program, the referrer or the reward is gone,
// or the code has given as many as it may.
func DecideTrigger(s RedeemState, r catalog.Redemption, cmd Redeem) (RedeemDecision, error) {
	program, err := s.program()
	if err != nil {
		return RedeemDecision{}, err
	}
	if program.MaxRedemptions > 0 && s.Code.Triggered >= program.MaxRedemptions {
		return RedeemDecision{}, ErrMaxRedemptions
	}
	reward, err := s.Catalog.Reward(r.RewardID)
	if err != nil {
		return RedeemDecision{}, err
	}
	r.ReferrerID, r.RedeemerID = s.Referrer.Customer.Key(), s.Redeemer.Customer.Key() // both may have another id now
	cmd.ID = r.ID
	return s.give(RedeemDecision{Redemption: r, Max: program.MaxRedemptions}, program, reward, cmd)
}

// give sets the reward off for everybody it is for.
func (s RedeemState) give(d RedeemDecision, program catalog.ReferralProgram, reward catalog.Reward, cmd Redeem) (RedeemDecision, error) {
	if err := s.Catalog.CheckGiven(program, reward); err != nil {
		return RedeemDecision{}, err
	}
	given, err := giftOf(s.Catalog, reward)
	if err != nil {
		return RedeemDecision{}, err
	}
	atOnce := given.discount == nil
	referrer := s.settle(s.Referrer, BranchReferrer, given, s.Code.Code, cmd,
		fmt.Sprintf("%q redeemed code %s; the referrer gets %q.", d.Redemption.RedeemerID, s.Code.Code, given.name()))
	d.Referrer, d.Redemption.Triggered, d.Redemption.Applied = &referrer, true, atOnce
	if program.ReceivedBy == catalog.ForAll {
		d.Redemption.RedeemerApplied = atOnce
		d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, given, s.Code.Code, cmd,
			fmt.Sprintf("The customer redeemed code %s; both sides get %q.", s.Code.Code, given.name()))
		return d, nil
	}
	d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd,
		fmt.Sprintf("The customer redeemed code %s; the referrer alone gets %q.", s.Code.Code, given.name()))
	return d, nil
}

// A gift is what one side of a redemption gets: a product, a discount or credits.
type gift struct {
	product  *catalog.Product
	discount *catalog.Reward // or free periods of a product, which are queued like one
	credits  *catalog.Reward
}

func giftOf(c *catalog.Catalog, r catalog.Reward) (*gift, error) {
	switch r.Type {
	case catalog.InvoiceCredits:
		return &gift{credits: &r}, nil
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

// refusal returns the first reason not to redeem, or nil.
func (s RedeemState) refusal(p catalog.ReferralProgram) error {
	switch {
	case p.When == catalog.OnSignUp && p.MaxRedemptions > 0 && s.Code.Triggered >= p.MaxRedemptions:
		return ErrMaxRedemptions
	case s.Redeemed:
		return ErrAlreadyRedeemed
	case samePerson(s.Redeemer.Customer, s.Referrer.Customer):
		return ErrOwnCode
	case p.NewCustomersOnly && s.Redeemer.HasPaid(s.Catalog, s.Invoices):
		return ErrNotNew
	}
	return nil
}

// settle is one side of the redemption: the gift, if that side gets one, and
// the entry in its history. A product is free of charge and has no trial; an
// add-on held already grows by it.
func (s RedeemState) settle(side State, branch Branch, g *gift, code string, cmd Redeem, why string) Settlement {
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
	if g != nil && g.credits != nil {
		side.giveCredits(&out, s.Catalog, *g.credits, CreditID(cmd.ID, branch), code, cmd.Actor, cmd.Now)
	}
	return out
}

// DecideGift gives a customer a reward without a purchase, by a code or by none. A
// product is theirs at once: like every gift it is free of charge and has no trial,
// and what is held already grows by it. A discount is queued, as another one may run.
// The redemption has no referrer.
func DecideGift(s State, c *catalog.Catalog, r catalog.Reward, code string, cmd Redeem) (catalog.Redemption, Settlement, error) {
	given, err := giftOf(c, r)
	if err != nil {
		return catalog.Redemption{}, Settlement{}, err
	}
	done := catalog.Redemption{ID: cmd.ID, Code: code, RewardID: r.ID, RedeemerID: s.Customer.Key(), RedeemerInternalID: s.Customer.InternalID,
		Triggered: true, Applied: given.discount == nil, RedeemerApplied: given.discount == nil, CreatedAt: cmd.Now, UpdatedAt: cmd.Now}
	why := fmt.Sprintf("The customer redeemed code %s and gets %q.", code, given.name())
	if code == "" {
		why = fmt.Sprintf("The application gives the customer %q.", given.name())
	}
	return done, RedeemState{Catalog: c}.settle(s, BranchRedeemer, given, code, cmd, why), nil
}
