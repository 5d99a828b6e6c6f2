package billing

import (
	"slices"
	"time"
)

// Settle turns an operation whose steps are all taken into what it leaves
// behind. It is given the customer as it stands now, because usage goes on
// while Stripe is asked.
func (op Operation) Settle(s State, c *Catalog, r Results, now time.Time) Settlement {
	d := op.Decision
	begun, merged := op.begun(s, c, r, now)
	m := s.moves(c, d, begun, now)
	m.asked = r.CanceledAt
	rows, gone, balances := s.move(c, m, now)
	for i := range rows { // a one-off bought again keeps its one row
		if old, again := merged[rows[i].ID]; again {
			rows[i] = old.again(rows[i])
		}
	}
	out := Settlement{Customer: s.Customer, Products: rows, Gone: gone, Invoice: r.Invoice}
	balances = withSeats(balances, d.Seats)
	out.Balances, out.Seats = DecideSeats(State{Held: slices.Concat(rows, s.Held)}, c, balances,
		Operation{ID: op.ID + "_seats", Actor: op.Actor, CreatedAt: now})
	if r.CustomerID != "" {
		out.Customer.StripeID = r.CustomerID
	}
	op.useTrials(&out, begun, now)
	lines := op.bought(c, begun, r)
	out.Differ = op.differ(lines, r, now)
	out.Audit = s.auditOf(m, now)
	out.Audit.Actor, out.Audit.Action, out.Audit.Rule, out.Audit.Why = op.Actor, op.Command, string(d.Branch), d.Why
	out.Audit.Lines, out.Audit.Amount, out.Audit.Currency, out.Audit.Sum = lines, Total(lines), d.Currency, d.Sum
	out.Audit.OperationID, out.Audit.Stripe = op.ID, r.ids()
	op.settleReward(&out, s, r, now)
	return out
}

// begun fills in the customer products: dates, Stripe ids, the quantities
// chosen on the page. merged holds the rows that a repeated one-off adds to.
func (op Operation) begun(s State, c *Catalog, r Results, now time.Time) ([]CustomerProduct, map[string]CustomerProduct) {
	merged := map[string]CustomerProduct{}
	var begun []CustomerProduct
	for _, cp := range op.Decision.Start {
		if cp.Status == Scheduled {
			begun = append(begun, cp) // its dates are known, and Stripe's are still to come
			continue
		}
		product := c.Held(cp)
		cp.StartsAt = now
		cp.Options = chosen(cp.Options, product, r.Quantities)
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
		begun = append(begun, cp)
	}
	return begun, merged
}

// bought is what is paid for: what was decided, or, where a page let the
// customer choose, what was chosen there.
func (op Operation) bought(c *Catalog, begun []CustomerProduct, r Results) []Line {
	if len(r.Quantities) == 0 {
		return op.Decision.Lines
	}
	var lines []Line
	for _, cp := range begun {
		if cp.TrialEnds.IsZero() {
			lines = append(lines, linesOf(c.Held(cp), cp.Options, op.Decision.Currency)...)
		}
	}
	return lines
}

// bought returns a holding with the very items of cp, to which buying it again
// adds; nil when there is none.
func (s State) bought(c *Catalog, cp CustomerProduct, now time.Time) *CustomerProduct {
	for i, old := range s.Held {
		if old.ProductID == cp.ProductID && old.At(now) != Expired && matched(c.Held(old).Items, c.Held(cp).Items, Item.same) {
			return &s.Held[i]
		}
	}
	return nil
}

// chosen replaces quantities by those bought on the page, in packs there.
func chosen(options []Option, p Product, packs map[string]int64) []Option {
	out := append([]Option(nil), options...)
	for _, item := range p.Items {
		n, ok := packs[item.ID]
		if !ok || item.UsageModel != Prepaid {
			continue
		}
		bought := Option{item.FeatureID, Int(n).Mul(item.Pack())}
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

// again adds a repeated purchase to the row of the first.
func (p CustomerProduct) again(more CustomerProduct) CustomerProduct {
	p.Quantity += more.Quantity
	p.Options = slices.Clone(p.Options) // the state it came from stays as it is
	for _, o := range more.Options {
		found := false
		for i := range p.Options {
			if p.Options[i].FeatureID == o.FeatureID {
				p.Options[i].Quantity, found = p.Options[i].Quantity.Add(o.Quantity), true
			}
		}
		if !found {
			p.Options = append(p.Options, o)
		}
	}
	return p
}

// moves spells a decision out. What gives way is found here and not when it was
// taken, as a page may have been open for long.
func (s State) moves(c *Catalog, d Decision, begun []CustomerProduct, now time.Time) moves {
	return moves{begin: begun, end: onceEach(slices.Concat(d.End, s.replacedBy(c, begun, now))), keep: d.Keep,
		drop: onceEach(slices.Concat(d.Drop, s.displacedBy(c, begun, now))), bought: d.Bought, billed: d.Usage, carry: d.Carry}
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
func (s State) displacedBy(c *Catalog, begun []CustomerProduct, now time.Time) []string {
	var dropped []string
	for _, cp := range begun {
		if cp.AddOn || c.Held(cp).OneOff() {
			continue
		}
		if w := s.Waiting(cp.Group, now); w != nil && !slices.Contains(dropped, w.ID) {
			dropped = append(dropped, w.ID)
		}
	}
	return dropped
}

// replacedBy ends the running main products that give way: those of the groups
// in which a new main product begins.
func (s State) replacedBy(c *Catalog, begun []CustomerProduct, now time.Time) []Ending {
	var ended []Ending
	for _, cp := range begun {
		if cp.AddOn || cp.Status == Scheduled || c.Held(cp).OneOff() {
			continue
		}
		if main := s.Main(c, cp.Group, now); main != nil {
			ended = append(ended, Ending{HolderID: main.ID})
		}
	}
	return ended
}

func (op Operation) useTrials(out *Settlement, begun []CustomerProduct, now time.Time) {
	for _, cp := range begun {
		if op.Decision.Carry || cp.TrialEnds.IsZero() || cp.Status == Scheduled {
			continue
		}
		used := map[string]time.Time{cp.ProductID: now}
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
	out := State{Customer: s.Customer, Held: s.Products, Balances: map[string]Balance{}}
	out.Customer.Version++
	for _, b := range s.Balances {
		b.Version++
		out.Balances[b.FeatureID] = b
	}
	return out
}
