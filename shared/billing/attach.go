package billing

import (
	"fmt"
	"slices"
	"time"
)

// Attach asks for products to be given to a customer.
type Attach struct {
	OperationID   string
	Products      []Product // the versions meant; more than one is a bundle
	Options       []Option
	ByInvoice     bool // send an invoice instead of charging
	DraftInvoice  bool
	ForceCheckout bool
	Publishable   bool // asked with a publishable key: always a page
	NoTrial       bool
	Trial         *FreeTrial // instead of the product's own
	SuccessURL    string
	Metadata      map[string]string
	Extra         map[string]string
	Now           time.Time
}

// AttachState is what the rule needs to know, and no more.
type AttachState struct {
	State
	Catalog    *Catalog
	Card       string   // payment method on file, or ""
	TrialTaken []string // products this device has tried, under whatever customer
	Pages      []Page   // open pages that the new purchase replaces
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
//   - A free product starts at once and never touches Stripe. Publishable keys,
//     which anybody may read, are refused it.
//   - A priced product without a card becomes a page; nothing starts until it
//     is paid. force_checkout and publishable keys always mean a page.
//   - A priced product with a card is billed and starts at once. When the card
//     is refused, a page takes over.
//   - In invoice mode it starts at once and the invoice stays open.
//   - An add-on never replaces and is never replaced; a one-off bought again
//     adds to what is there; a product of another group is added.
//   - A product that is held already is refused.
func DecideAttach(s AttachState, cmd Attach) (Decision, error) {
	branch, held, err := s.branch(cmd)
	if err != nil {
		return Decision{}, err
	}
	if branch == BranchRenew || branch == BranchQuantity {
		cmd.Options = merged(held.Options, cmd.Options) // what is not said stays
	}
	page := held == nil && (cmd.Publishable || cmd.ForceCheckout || s.Card == "" && !cmd.ByInvoice)
	if err := checkOptions(s.Catalog, cmd, page); err != nil {
		return Decision{}, err
	}
	if held != nil && branch != BranchFree {
		return s.decideChange(cmd, branch, *held)
	}
	p := s.purchase(cmd, branch)
	switch {
	case p.free() && cmd.Publishable:
		return Decision{}, Invalid("A publishable key can only open a checkout page, and what is free has none. Attach %s with a secret key.", p.names())
	case p.free():
		return p.grant(), nil
	case page && !p.trialWithoutCard():
		return p.checkout(), nil
	case branch == BranchOneOff:
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
	if held := s.Holding(p.ID, cmd.Now); held != nil && (!p.AddOn || held.SubscriptionID != "") {
		if branch, err := s.sameProduct(cmd, *held); branch != BranchAddOn {
			return branch, held, err
		}
	}
	if p.AddOn {
		return BranchAddOn, nil, nil
	}
	main := s.Main(s.Catalog, p.Group, cmd.Now)
	switch {
	case main == nil:
		return BranchNew, nil, nil
	case main.SubscriptionID == "":
		return BranchFree, nil, nil // nothing was paid for it, so nothing is reckoned up
	case !p.upgrades(s.Catalog.Held(*main)):
		return BranchDowngrade, main, nil
	case main.At(cmd.Now) == Trialing:
		return BranchTrial, main, nil
	}
	return BranchUpgrade, main, nil
}

// sameProduct says what attaching a product means that is held already. It
// returns BranchAddOn where it is simply bought once more.
func (s AttachState) sameProduct(cmd Attach, held CustomerProduct) (Branch, error) {
	p := cmd.Products[0]
	waits := s.Waiting(p.Group, cmd.Now) != nil && !p.AddOn
	switch {
	case held.At(cmd.Now) == Scheduled:
		return "", Invalid("Product %q is scheduled already: it begins on %s.", p.ID, day(held.StartsAt))
	case held.SubscriptionID == "" && !p.Free():
		return BranchFree, nil // it was given; now it is bought
	case held.Version != p.Version && !p.AddOn && held.SubscriptionID != "":
		return BranchVersion, nil
	case held.SubscriptionID != "" && !sameOptions(p, held.Options, merged(held.Options, cmd.Options)):
		return BranchQuantity, nil
	case waits, !held.CanceledAt.IsZero():
		return BranchRenew, nil
	case p.AddOn:
		return BranchAddOn, nil
	}
	return "", ErrAlreadyAttached(p.ID)
}

// sameOptions compares prepaid quantities by the packs they make.
func sameOptions(p Product, a, b []Option) bool {
	for _, item := range p.Items {
		if !packsOf(item, a).Equal(packsOf(item, b)) {
			return false
		}
	}
	return true
}

// checkBundle: several products at once are only for a fresh start in each
// of their groups.
func (s AttachState) checkBundle(cmd Attach) error {
	groups := map[string]string{}
	for _, p := range cmd.Products {
		if p.Trial != nil {
			return Invalid("%q has a trial, which can't be part of product_ids. Attach it on its own.", p.ID)
		}
		if p.AddOn || p.OneOff() {
			continue
		}
		if other, twice := groups[p.Group]; twice {
			return Invalid("%q and %q are in one group; a customer holds one of them at a time.", other, p.ID)
		}
		groups[p.Group] = p.ID
		if s.Holding(p.ID, cmd.Now) != nil {
			return Invalid("Product %q is already attached, so it can't be part of product_ids.", p.ID)
		}
		if main := s.Main(s.Catalog, p.Group, cmd.Now); main != nil && !s.Catalog.Held(*main).Free() {
			return Invalid("The customer holds %q in the group of %q. product_ids can't change products; attach it on its own.", main.ProductID, p.ID)
		}
	}
	return nil
}

// Slots names what a purchase occupies while its page is open: its group, or
// for add-ons and one-offs the product itself. Two pages never share a slot.
func (cmd Attach) Slots() []string {
	var slots []string
	for _, p := range cmd.Products {
		if p.AddOn || p.OneOff() {
			slots = append(slots, "product:"+p.ID)
		} else {
			slots = append(slots, "group:"+p.Group)
		}
	}
	slices.Sort(slots)
	return slots
}

// checkOptions refuses prepaid quantities that mean nothing. On a page the
// customer chooses the quantity, so it may be left out.
func checkOptions(c *Catalog, cmd Attach, page bool) error {
	for _, o := range cmd.Options {
		if _, known := c.Features[o.FeatureID]; !known {
			return ErrFeatureNotFound(o.FeatureID)
		}
		if o.Quantity.IsNegative() {
			return errOptions("The quantity of feature %q can't be negative.", o.FeatureID)
		}
		if !slices.ContainsFunc(cmd.Products, func(p Product) bool { return p.prepaidItem(o.FeatureID) }) {
			return refuse(KindInvalid, "price_not_found", "No product of this call sells feature %q in advance, so it takes no quantity.", o.FeatureID)
		}
	}
	for _, p := range cmd.Products {
		due := false
		for _, item := range p.Items {
			if item.UsageModel == Prepaid && item.Priced() && !page && !given(cmd.Options, item.FeatureID) {
				return errOptions("Pass in 'quantity' for feature %q in options.", item.FeatureID)
			}
			if item.InAdvance() && item.major(packsOf(item, cmd.Options)).GreaterThan(maxPrice) {
				return errOptions("That quantity of feature %q costs more than %s, the most Stripe charges at once.", item.FeatureID, maxPrice)
			}
			due = due || item.InArrears() || item.InAdvance() && (packsOf(item, cmd.Options).IsPositive() || page && !given(cmd.Options, item.FeatureID))
		}
		if !due && !p.Free() {
			return errOptions("A quantity of 0 leaves nothing to buy of product %q.", p.ID)
		}
	}
	return nil
}

func (p Product) prepaidItem(featureID string) bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool {
		return i.FeatureID == featureID && i.UsageModel == Prepaid && i.Priced()
	})
}

func given(options []Option, featureID string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.FeatureID == featureID })
}

// start is the customer product a purchase begins with.
func (cmd Attach) start(p Product, n int) CustomerProduct {
	cp := CustomerProduct{
		ID: fmt.Sprintf("cp_%s_%d", cmd.OperationID, n), ProductID: p.ID, Version: p.Version,
		Group: p.Group, AddOn: p.AddOn, Status: Active, Quantity: 1, CreatedBy: cmd.OperationID,
	}
	for _, o := range cmd.Options {
		if p.prepaidItem(o.FeatureID) {
			cp.Options = append(cp.Options, o)
		}
	}
	return cp
}
