package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// Attach asks for products to be given to a customer.
type Attach struct {
	OperationID   string
	Products      []catalog.Product // the versions meant; more than one is a bundle
	Quantities    []catalog.Quantity
	Units         []Units               // as Quantities, with what the product includes
	Fixed         []string              // features whose quantity a page does not let the customer change
	Updates       string                // the customer product that is changed, and no other; "" attaches. See update.go
	Uncancel      bool                  // of Updates: it goes on after all
	Repeats       bool                  // of Updates: the customer's last command was this very one, a moment ago
	Anew          bool                  // what is held already is refused, whatever would differ; an add-on is bought once more
	Uncharged     bool                  // a change charges and credits nothing before the next period
	NoPage        bool                  // never a page
	Patch         *ItemsPatch           // changes of the product's items, instead of Items
	Entity        entitlement.EntityRef // to which they are attached; zero is the customer
	ByInvoice     bool                  // send an invoice instead of charging
	DraftInvoice  bool
	ForceCheckout bool
	Publishable   bool // asked with a publishable key: always a page
	NoTrial       bool
	Trial         *catalog.FreeTrial    // instead of the product's own
	Items         *[]catalog.WantedItem // instead of the product's own; nil for those
	Custom        bool                  // Products has such items, as Customize found
	Schedule      PlanSchedule          // when a change happens; "" leaves it to the rule
	BillingDay    int                   // of the month, on which full periods begin; 0 is that of now
	BeginNow      bool                  // a change begins a full period
	BeginIfCan    bool                  // BeginNow comes with each such call of some clients: where no full period can begin, it is nothing
	Apart         bool                  // an add-on that is held is bought once more, on a subscription of its own
	AutomaticTax  *bool                 // whether Stripe computes the tax; nil leaves it to the settings, or to the subscription
	SuccessURL    string
	Metadata      map[string]string
	Extra         map[string]string
	Reward        *catalog.Reward   // the use was judged; nil for none
	Code          *reward.PromoCode // by which Reward is used; nil for a reward named by its id
	Now           time.Time
}

// AttachState is what the rule needs to know, and no more.
type AttachState struct {
	State
	Catalog    *catalog.Catalog
	Card       string       // payment method on file, or ""
	TrialTaken []string     // products this device has tried, under whatever customer
	Pages      []Page       // open pages that the new purchase replaces
	Discounted bool         // a discount runs on the customer
	Balance    money.Amount // of the customer at Stripe: below 0 is credit
	Billed     Bills        // needed where Discounted, and for a decision that Credits or InvoicesRunning
}

// A Page is an open checkout page.
type Page struct{ OperationID, SessionID string }

// A Branch names the rule that decided an attach.
type Branch string

const (
	BranchNew    Branch = "new"          // the group holds nothing
	BranchFree   Branch = "main_is_free" // the group holds a free product, which gives way
	BranchAddOn  Branch = "add_on"
	BranchOneOff Branch = "one_off"
	BranchBundle Branch = "multi_product"
)

// DecideAttach applies the attach rules.
//
//   - A free product starts at once and never touches Stripe. Publishable keys
//     are refused it, and what is archived; see checkAsSold.
//   - A priced product without a card becomes a page; nothing starts until it
//     is paid. force_checkout and publishable keys always mean a page.
//   - A priced product with a card is billed and starts at once. When the card
//     is refused, a page takes over.
//   - In invoice mode it starts at once and the invoice stays open.
//   - An add-on never replaces and is never replaced; a one-off bought again
//     adds to what is there; a product of another group is added.
//   - A product that is held already is refused, unless its items, its version
//     or its quantity is another one, or it was to end.
//   - plan_schedule overrides when a change happens. What is no change has no
//     period to wait for.
//   - What is due now fits one invoice.
func DecideAttach(s AttachState, cmd Attach) (Decision, error) {
	return s.decideBy(AttachState.decide, cmd)
}

func (s AttachState) decideBy(decide func(AttachState, Attach) (Decision, error), cmd Attach) (Decision, error) {
	s.Catalog, s.State = s.In(s.Catalog), s.Of(cmd.Entity)
	d, err := decide(s, cmd)
	d = d.about(cmd.Entity)
	if err == nil && d.DueNow() > money.MaxAmount {
		return Decision{}, refusal.Invalid(ReasonChargeTooLarge, d.Currency.Largest())
	}
	return d, err
}

func (s AttachState) decide(cmd Attach) (Decision, error) {
	if err := cmd.checkAsSold(); err != nil {
		return Decision{}, err
	}
	if err := cmd.offered(s.Catalog); err != nil {
		return Decision{}, err
	}
	branch, current, err := s.branch(cmd)
	if err != nil {
		return Decision{}, err
	}
	if cmd.Schedule == EndOfCycle && branch != BranchUpgrade && branch != BranchTrial && branch != BranchDowngrade {
		return Decision{}, refusal.Invalid(ReasonNothingToSchedule, s.purchase(cmd, branch).names())
	}
	if current != nil {
		if err := current.changeable(); err != nil {
			return Decision{}, err
		}
	}
	if current != nil && current.ProductID == cmd.Products[0].ID {
		cmd.Quantities = catalog.MergeQuantities(cmd.Products[0].QuantitiesOf(current.Quantities), cmd.Quantities) // what is not said stays
	}
	changes := current != nil && branch != BranchFree // what was given, and is bought now, is bought like anything new
	page := !changes && (cmd.Publishable || cmd.ForceCheckout || s.Card == "" && !cmd.ByInvoice)
	if err := checkQuantities(s.Catalog, cmd, page); err != nil {
		return Decision{}, err
	}
	if cmd.Apart && (changes || branch == BranchBundle) {
		return Decision{}, refusal.Invalid(ReasonApartFromNothing, s.purchase(cmd, branch).names())
	}
	if changes {
		return s.decideChange(cmd, branch, *current)
	}
	p := s.purchase(cmd, branch)
	if cmd.Uncharged && !p.free() {
		return Decision{}, refusal.Invalid(ReasonUnchargedPurchase, p.names())
	}
	if err := p.beginOn(page && !p.trialWithoutCard()); err != nil {
		return Decision{}, err
	}
	switch {
	case p.free():
		return p.grant(), nil
	case page && !p.trialWithoutCard() && cmd.NoPage:
		return Decision{}, refusal.Declined(ReasonCardMissing, p.names())
	case page && !p.trialWithoutCard():
		d := p.checkout()
		if !cmd.Publishable && !cmd.ForceCheckout {
			d.Cause = PageNoCard
		}
		return d, nil
	case p.paidOnce():
		return p.invoice(), nil
	}
	return p.subscribe(), nil
}

// branch says how the products relate to what the customer holds, and which
// holding they change, if any.
func (s AttachState) branch(cmd Attach) (Branch, *CustomerProduct, error) {
	if len(cmd.Products) > 1 {
		return BranchBundle, nil, s.checkBundle(cmd)
	}
	p := cmd.Products[0]
	if p.OneOff() {
		return BranchOneOff, nil, nil
	}
	if current := s.CustomerProductOf(p.ID, cmd.Now); current != nil && (!p.AddOn || current.SubscriptionID != "") {
		if branch, err := s.sameProduct(cmd, *current); branch != BranchAddOn {
			return branch, current, err
		}
	}
	if p.AddOn {
		return BranchAddOn, nil, nil
	}
	main := s.ActivePlan(s.Catalog, p.Group, cmd.Now)
	switch {
	case main == nil:
		return BranchNew, nil, nil
	case main.SubscriptionID == "":
		return BranchFree, nil, nil // nothing was paid for it, so nothing is computed
	case !p.Upgrades(ProductOf(s.Catalog, *main)):
		return BranchDowngrade, main, nil
	case main.At(cmd.Now) == Trialing:
		return BranchTrial, main, nil
	}
	return BranchUpgrade, main, nil
}

// sameProduct says what attaching a product means that is held already. It
// returns BranchAddOn where it is simply bought once more.
func (s AttachState) sameProduct(cmd Attach, current CustomerProduct) (Branch, error) {
	p := cmd.Products[0]
	waits := s.ScheduledPlan(p.Group, cmd.Now) != nil && !p.AddOn
	switch {
	case current.At(cmd.Now) == Scheduled && cmd.Anew && !cmd.asScheduled(s.Catalog, current):
		return "", refusal.Invalid(ReasonScheduledOtherwise, p.ID, day(current.StartsAt))
	case current.At(cmd.Now) == Scheduled:
		return "", refusal.Invalid(ReasonAlreadyScheduled, p.ID, day(current.StartsAt))
	case current.SubscriptionID == "" && !p.Free():
		return BranchFree, nil // it was given; now it is bought
	case (cmd.Apart || cmd.Anew) && p.AddOn:
		return BranchAddOn, nil
	case cmd.Anew:
		return "", refusal.Conflict(ReasonPlanAttached, p.ID)
	case (cmd.Custom || current.Custom != nil && !p.AddOn) && customBranch(ProductOf(s.Catalog, current), p) != "":
		return customBranch(ProductOf(s.Catalog, current), p), nil
	case !cmd.Custom && current.Custom == nil && current.Version != p.Version && !p.AddOn:
		return BranchVersion, nil
	case current.SubscriptionID != "" && !catalog.SameQuantities(p, current.Quantities, catalog.MergeQuantities(current.Quantities, cmd.Quantities)):
		return BranchQuantity, nil
	case waits, !current.CanceledAt.IsZero():
		return BranchRenew, nil
	case p.AddOn:
		return BranchAddOn, nil
	}
	return "", refusal.ErrAlreadyAttached(p.ID)
}

// asScheduled reports whether a product waits with the terms that are asked for.
func (cmd Attach) asScheduled(c *catalog.Catalog, current CustomerProduct) bool {
	p := cmd.Products[0]
	items := cmd.Custom || current.Custom != nil
	switch {
	case items && customBranch(ProductOf(c, current), p) != "", !items && current.Version != p.Version:
		return false
	case cmd.AutomaticTax != nil && *cmd.AutomaticTax != current.Taxed:
		return false
	}
	return catalog.SameQuantities(p, current.Quantities, p.QuantitiesOf(cmd.Quantities))
}

// Slots names what a purchase occupies while its page is open: its group, or
// for add-ons and one-offs the product itself. Two pages never share a slot.
func (cmd Attach) Slots() []string {
	var slots []string
	of := ""
	if cmd.Entity.ID != "" {
		of = "#" + cmd.Entity.ID
	}
	for _, p := range cmd.Products {
		if p.AddOn || p.OneOff() {
			slots = append(slots, "product:"+p.ID+of)
		} else {
			slots = append(slots, "group:"+p.Group+of)
		}
	}
	slices.Sort(slots)
	return slots
}

// start is the customer product a purchase begins with.
func (cmd Attach) start(p catalog.Product, n int) CustomerProduct {
	cp := CustomerProduct{
		ID: fmt.Sprintf("cp_%s_%d", cmd.OperationID, n), ProductID: p.ID, Version: p.Version,
		Group: p.Group, AddOn: p.AddOn, Status: Active, Quantity: 1, CreatedBy: cmd.OperationID,
	}
	if cmd.Custom {
		cp.Custom = &p
	}
	cp.Quantities, cp.Entity = p.QuantitiesOf(cmd.Quantities), cmd.Entity
	return cp
}
