package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Settle turns an operation whose steps are all taken into what it leaves
// behind. It is given the customer as it stands now, because usage goes on
// while Stripe is asked.
func (op Operation) Settle(s State, c *catalog.Catalog, r Results, now time.Time) Settlement {
	c, s = op.in(s, c), s.Of(op.Decision.Entity)
	out, begun := op.settleProducts(s, c, r, now)
	lines := op.bought(c, begun, r)
	out.Mismatches, out.NotBilled = op.mismatches(lines, r, now), op.NotBilledAudits(now)
	out.Audit.Lines, out.Audit.Amount, out.Audit.Currency, out.Audit.Sum = lines, Total(lines), op.Decision.Currency, op.Decision.Sum
	op.settleReward(&out, s, c, r, now)
	op.creditsOfPurchase(&out, s, r, lines, now)
	op.settleCredits(&out, s, r, now)
	out.Redemption = op.redemption(s.Customer, now)
	s.moveEnded(c, &out, now)
	out.Customer.LastCommand = LastCommand{}
	if (op.Command == "attach" || op.Command == "update" || op.Command == "cancel") && !op.Decision.Page {
		out.Customer.LastCommand = LastCommand{op.Fingerprint, now}
	}
	return out
}

// OnceMore reports whether a decision that was carried out a moment ago may not be carried out
// again by mistake: the customer is charged, or billed, without a page, or gets what can be had
// several times. That costs nothing where a trial, a discount or use pays for the first, and may
// cost something the next time, be it on a page.
func (d Decision) OnceMore() bool {
	return !d.Page && d.DueNow() > 0 || d.Branch == BranchAddOn || d.Branch == BranchOneOff || d.Branch == BranchBundle
}

// settleProducts is the part of it that is about products and balances. It is all
// that a new customer needs: the functions that make customers link no more.
func (op Operation) settleProducts(s State, c *catalog.Catalog, r Results, now time.Time) (Settlement, []CustomerProduct) {
	d := op.Decision
	begun, merged := op.begun(s, c, r, now)
	t := s.transition(c, d, begun, now)
	t.asked = r.CanceledAt
	rows, gone, balances := s.apply(c, t, now)
	for i := range rows { // a one-off bought again keeps its one row
		if old, again := merged[rows[i].ID]; again {
			rows[i] = old.addPurchase(rows[i])
		}
	}
	out := Settlement{Customer: s.Customer, Products: rows, Gone: gone, Invoice: r.Invoice.of(d.Entity)}
	balances = withSeats(balances, d.Seats)
	out.Balances, out.Seats = BillSeatsTaken(State{Products: slices.Concat(rows, s.Products)}, c, balances,
		Operation{ID: op.ID + "_seats", Actor: op.Actor, CreatedAt: now})
	if r.CustomerID != "" {
		out.Customer.StripeID = r.CustomerID
	}
	op.fixCurrency(&out)
	op.useTrials(&out, begun, now)
	out.Audit = s.auditOf(t, now)
	out.Audit.Actor, out.Audit.Action, out.Audit.Rule, out.Audit.Why = op.Actor, op.Command, string(d.Branch), d.Why
	out.Audit.OperationID, out.Audit.Stripe = op.ID, r.ids()
	return out, begun
}

// begun fills in the customer products: dates, Stripe ids, the quantities
// chosen on the page. merged holds the rows that a repeated one-off adds to.
func (op Operation) begun(s State, c *catalog.Catalog, r Results, now time.Time) ([]CustomerProduct, map[string]CustomerProduct) {
	merged := map[string]CustomerProduct{}
	var begun []CustomerProduct
	for _, cp := range op.Decision.Start {
		if cp.Status == Scheduled {
			begun = append(begun, cp) // its dates are known, and Stripe's are still to come
			continue
		}
		product := ProductOf(c, cp)
		cp.StartsAt = now
		cp.Quantities = chosen(cp.Quantities, product, r.Quantities)
		if product.Recurring() {
			cp.SubscriptionID, cp.Period = r.SubscriptionID, r.Period
			if !cp.TrialEnds.IsZero() && !r.TrialEnds.IsZero() {
				cp.TrialEnds = r.TrialEnds
			}
		}
		if old := s.bought(c, cp, now); old != nil && (product.OneOff() || product.AddOn && product.Free()) {
			cp.ID = old.ID
			merged[old.ID] = *old
		}
		begun = append(begun, op.endsGiven(c, cp, r, now)...)
	}
	return begun, merged
}

// bought is what is paid for: what was decided, or, where a page let the
// customer choose, what was chosen there.
func (op Operation) bought(c *catalog.Catalog, begun []CustomerProduct, r Results) []Line {
	first := op.Decision.First // it is shorter, from when Stripe began it
	if moved := !first.Whole.IsZero() && !r.Period.Start.Equal(first.Start); len(r.Quantities) == 0 && !moved {
		return op.Decision.Lines
	}
	var lines []Line
	for _, cp := range begun {
		sold := linesOf(ProductOf(c, cp), cp.Quantities, op.Decision.Currency)
		if !cp.TrialEnds.IsZero() {
			sold = oneTimeLines(sold)
		}
		if !first.Whole.IsZero() {
			sold = firstPeriod(sold, r.Period, op.Decision.Currency)
		}
		lines = append(lines, sold...)
	}
	for _, l := range op.Decision.Lines {
		if l.Waited {
			lines = append(lines, l)
		}
	}
	if g := op.Decision.Given; g != nil {
		lines = discounted(lines, &g.Discount)
	} else if run := op.Decision.Running; run != nil {
		lines = discounted(lines, &run.Discount)
	}
	return lines
}

// bought returns a customer product with the very items of cp, to which buying it again
// adds; nil when there is none.
func (s State) bought(c *catalog.Catalog, cp CustomerProduct, now time.Time) *CustomerProduct {
	for i, old := range s.Products {
		if old.ProductID == cp.ProductID && old.Entity.ID == cp.Entity.ID && old.At(now) != Expired && matched(ProductOf(c, old).Items, ProductOf(c, cp).Items, catalog.Item.Same) {
			return &s.Products[i]
		}
	}
	return nil
}

// chosen replaces quantities by those bought on the page, in packs there.
func chosen(options []catalog.Quantity, p catalog.Product, packs map[string]int64) []catalog.Quantity {
	out := append([]catalog.Quantity(nil), options...)
	for _, item := range p.Items {
		n, ok := packs[item.ID]
		if !ok || item.UsageModel != catalog.Prepaid {
			continue
		}
		bought := catalog.Quantity{FeatureID: item.FeatureID, Quantity: money.Int(n).Mul(item.Pack())}
		replaced := false
		for i := range out {
			if out[i].FeatureID == item.FeatureID {
				out[i], replaced = bought, true
			}
		}
		if !replaced {
			out = append(out, bought)
		}
	}
	return out
}

// addPurchase adds a repeated purchase to the row of the first.
func (p CustomerProduct) addPurchase(more CustomerProduct) CustomerProduct {
	p.Quantity += more.Quantity
	p.Quantities = slices.Clone(p.Quantities) // the state it came from stays as it is
	for _, o := range more.Quantities {
		found := false
		for i := range p.Quantities {
			if p.Quantities[i].FeatureID == o.FeatureID {
				p.Quantities[i].Quantity, found = p.Quantities[i].Quantity.Add(o.Quantity), true
			}
		}
		if !found {
			p.Quantities = append(p.Quantities, o)
		}
	}
	return p
}

// transition writes a decision out. What gives way is found here and not when it was
// taken, as a page may have been open for long.
func (s State) transition(c *catalog.Catalog, d Decision, begun []CustomerProduct, now time.Time) transition {
	return transition{begin: begun, end: onceEach(slices.Concat(d.End, s.replacedBy(c, begun, now))), keep: d.Keep,
		drop: onceEach(slices.Concat(d.Drop, s.displacedBy(c, begun, now))), bought: d.Bought, billed: d.Usage, keepUsage: d.Carry}
}

// onceEach keeps the first of equal values: what a decision ends or drops may
// give way to what begins as well.
func onceEach[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// displacedBy lists what waited in the groups in which another main product
// begins, now or later.
func (s State) displacedBy(c *catalog.Catalog, begun []CustomerProduct, now time.Time) []string {
	var dropped []string
	for _, cp := range begun {
		if cp.AddOn || ProductOf(c, cp).OneOff() {
			continue
		}
		if w := s.ScheduledPlan(cp.Group, now); w != nil && !slices.Contains(dropped, w.ID) {
			dropped = append(dropped, w.ID)
		}
	}
	return dropped
}

// replacedBy ends the running main products that give way: those of the groups
// in which a new main product begins.
func (s State) replacedBy(c *catalog.Catalog, begun []CustomerProduct, now time.Time) []Ending {
	var ended []Ending
	for _, cp := range begun {
		if cp.AddOn || cp.Status == Scheduled || ProductOf(c, cp).OneOff() {
			continue
		}
		if main := s.ActivePlan(c, cp.Group, now); main != nil {
			ended = append(ended, Ending{CustomerProductID: main.ID})
		}
	}
	return ended
}

func (op Operation) useTrials(out *Settlement, begun []CustomerProduct, now time.Time) {
	for _, cp := range begun {
		if op.Decision.Carry || cp.TrialEnds.IsZero() || cp.Status == Scheduled {
			continue
		}
		used := map[string]time.Time{trialKey(cp.ProductID, cp.Entity): now}
		for id, at := range out.Customer.TrialsUsed {
			used[id] = at
		}
		out.Customer.TrialsUsed = used
		if slices.Contains(op.Decision.DeviceTrials, cp.ProductID) && out.Customer.Fingerprint != "" {
			out.Trials = append(out.Trials, TrialClaim{out.Customer.Fingerprint, cp.ProductID})
		}
	}
}

// ids lists the Stripe objects of the results, for the audit.
func (r Results) ids() map[string]string {
	ids := map[string]string{}
	for kind, id := range map[string]string{"customer": r.CustomerID, "subscription": r.SubscriptionID, "checkout_session": r.SessionID} {
		if id != "" {
			ids[kind] = id
		}
	}
	if r.Invoice != nil {
		ids["invoice"] = r.Invoice.StripeID
	}
	return ids
}

// State is the customer as the settlement leaves it.
func (s Settlement) State() State {
	out := State{Customer: s.Customer, Products: s.Products, Balances: map[string]entitlement.Balance{}}
	out.Customer.Version++
	for _, b := range s.Balances {
		if b.Entity.ID != "" {
			continue
		}
		b.Version++
		out.Balances[b.FeatureID] = b
	}
	return out
}
