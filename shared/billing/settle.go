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
	ended := s.replacedBy(c, begun, now)
	rows, balances := s.begin(c, begun, ended, now)
	for i := range rows { // a one-off bought again keeps its one row
		if old, again := merged[rows[i].ID]; again {
			rows[i] = old.again(rows[i])
		}
	}
	out := Settlement{Customer: s.Customer, Products: rows, Balances: balances, Invoice: r.Invoice}
	if r.CustomerID != "" {
		out.Customer.StripeID = r.CustomerID
	}
	op.useTrials(&out, c, begun, now)
	lines := op.bought(c, begun, r)
	out.Audit = Audit{At: now, Actor: op.Actor, Action: op.Command, Rule: string(d.Branch), Why: d.Why,
		Lines: lines, Amount: Total(lines), Currency: d.Currency, OperationID: op.ID, Stripe: r.ids()}
	for _, cp := range begun {
		out.Audit.Started = append(out.Audit.Started, cp.ProductID)
	}
	for _, id := range ended {
		out.Audit.Ended = append(out.Audit.Ended, s.productOf(id))
	}
	return out
}

// begun fills in the customer products: dates, Stripe ids, the quantities
// chosen on the page. merged holds the rows that a repeated one-off adds to.
func (op Operation) begun(s State, c *Catalog, r Results, now time.Time) ([]CustomerProduct, map[string]CustomerProduct) {
	merged := map[string]CustomerProduct{}
	var begun []CustomerProduct
	for _, cp := range op.Decision.Start {
		product := c.Held(cp)
		cp.StartsAt = now
		cp.Options = chosen(cp.Options, product, r.Quantities)
		if product.Recurring() {
			cp.SubscriptionID, cp.Period = r.SubscriptionID, r.Period
			if !cp.TrialEnds.IsZero() && !r.TrialEnds.IsZero() {
				cp.TrialEnds = r.TrialEnds
			}
		}
		if old := s.Holding(cp.ProductID, now); old != nil && (product.OneOff() || product.AddOn && product.Free()) {
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

// replacedBy lists the running main products that give way: those of the
// groups in which a new main product begins.
func (s State) replacedBy(c *Catalog, begun []CustomerProduct, now time.Time) []string {
	var ended []string
	for _, cp := range begun {
		if cp.AddOn || c.Held(cp).OneOff() {
			continue
		}
		if main := s.Main(c, cp.Group, now); main != nil {
			ended = append(ended, main.ID)
		}
	}
	return ended
}

func (op Operation) useTrials(out *Settlement, c *Catalog, begun []CustomerProduct, now time.Time) {
	for _, cp := range begun {
		if cp.TrialEnds.IsZero() {
			continue
		}
		used := map[string]time.Time{cp.ProductID: now}
		for id, at := range out.Customer.TrialsUsed {
			used[id] = at
		}
		out.Customer.TrialsUsed = used
		if trial := c.Held(cp).Trial; trial != nil && trial.UniqueFingerprint && out.Customer.Fingerprint != "" {
			out.Trials = append(out.Trials, TrialClaim{out.Customer.Fingerprint, cp.ProductID})
		}
	}
}

func (s State) productOf(id string) string {
	for _, cp := range s.Held {
		if cp.ID == id {
			return cp.ProductID
		}
	}
	return id
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
