package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// DeleteCustomer asks for a customer to be forgotten.
type DeleteCustomer struct {
	Cancel   bool   // end what runs first
	InStripe bool   // delete the customer at Stripe, too
	Pages    []Page // that are open
	AtStripe RunningAtStripe
	Now      time.Time
}

// RunningAtStripe is what will charge a customer there, known here or not.
type RunningAtStripe struct {
	Subscriptions []string // that have not ended
	Schedules     []string // of subscriptions that have not begun
}

// CommandDelete is the command of an operation that forgets a customer.
const CommandDelete = "delete"

// BranchDelete is the branch of its decision.
const BranchDelete Branch = "delete"

// DecideDelete applies the rules of forgetting a customer, who must never be
// charged again.
//
//   - A subscription that has not ended is in the way, unless Cancel ends it
//     first, or InStripe deletes the customer at Stripe, which ends it. That goes
//     for one that staff started at Stripe as well, or scheduled there for later.
//   - Cancel ends at once, like a cancel of each product: the time left is not
//     credited, and use beyond the allowance is billed, here with the card on
//     file. Use that an earlier end still owes is billed as well.
//   - Deleting at Stripe alone bills nothing any more.
//   - Open pages are closed before anything else; one that is completed at this
//     moment ends the command.
//   - An invoice that is open stays owed: it is Stripe's to collect or staff's
//     to void.
func DecideDelete(s State, c *catalog.Catalog, cmd DeleteCustomer) (Decision, error) {
	c = s.In(c)
	running := onceEach(append(s.subscribed(), cmd.AtStripe.Subscriptions...))
	if inTheWay := slices.Concat(running, cmd.AtStripe.Schedules); len(inTheWay) > 0 && !cmd.Cancel && !cmd.InStripe {
		return Decision{}, refusal.Invalid(ReasonCustomerHasSubscriptions, s.namesOf(inTheWay))
	}
	d := Decision{Branch: BranchDelete, Effect: EffectCustomerDeleted, Why: "The customer was deleted.", Currency: c.Currency(), Steps: expireSteps(cmd.Pages)}
	if cmd.Cancel {
		for _, id := range running {
			d.Steps = append(d.Steps, Step{Name: "end_" + id, End: &EndSubscription{SubscriptionID: id, At: cmd.Now.Truncate(time.Second)}})
		}
		for _, id := range cmd.AtStripe.Schedules {
			d.Steps = append(d.Steps, Step{Name: "end_" + id, End: &EndSubscription{ScheduleID: id}})
		}
	}
	if cmd.Cancel || !cmd.InStripe {
		d = s.lastBill(c, d, cmd.Now)
	}
	if cmd.InStripe && s.Customer.StripeID != "" {
		d.Steps = append(d.Steps, Step{Name: "delete", Delete: &DeleteStripeCustomer{}})
	}
	return d, nil
}

// subscribed lists the subscriptions that have not ended, as far as is known:
// what dates say is not enough to leave one behind.
func (s State) subscribed() []string {
	var ids []string
	for _, cp := range s.Products {
		if cp.SubscriptionID != "" && cp.Status != Expired {
			ids = append(ids, cp.SubscriptionID)
		}
	}
	return onceEach(ids)
}

// namesOf lists subscriptions with what is sold on them.
func (s State) namesOf(subscriptions []string) string {
	var names []string
	for _, id := range subscriptions {
		var products []string
		for _, cp := range s.Products {
			if cp.SubscriptionID == id && cp.Status != Expired {
				products = append(products, cp.ProductID)
			}
		}
		if len(products) == 0 {
			products = []string{"started at Stripe"}
		}
		names = append(names, fmt.Sprintf("%s (%s)", id, strings.Join(onceEach(products), ", ")))
	}
	return strings.Join(names, ", ")
}

// lastBill adds an invoice for what each subscription still owes once all of
// them have ended.
func (s State) lastBill(c *catalog.Catalog, d Decision, now time.Time) Decision {
	scopes := []entitlement.EntityRef{{}}
	for _, cp := range s.Products {
		if cp.Entity.ID != "" && cp.SubscriptionID != "" {
			scopes = append(scopes, cp.Entity)
		}
	}
	for _, of := range onceEach(scopes) {
		d = s.Of(of).lastBillOfScope(c, d, now)
	}
	return d
}

func (s State) lastBillOfScope(c *catalog.Catalog, d Decision, now time.Time) Decision {
	var t transition
	var ids []string
	for _, cp := range s.Products {
		if cp.SubscriptionID == "" || cp.Entity.ID != s.Scope.ID {
			continue
		}
		if ids = append(ids, cp.SubscriptionID); cp.Status != Expired {
			t.end = append(t.end, Ending{CustomerProductID: cp.ID})
		}
	}
	_, _, moved := s.apply(c, t, now)
	after := s
	after.Products, after.Balances = s.after(t, now), maps.Clone(s.Balances)
	for _, b := range moved {
		if b.Entity.ID == s.Scope.ID {
			after.Balances[b.FeatureID] = b
		}
	}
	for _, id := range onceEach(ids) {
		bill := DecideFinalBill(after, c, Subscription{ID: id, Status: "canceled", EndedAt: now}, "", now)
		for _, line := range bill.Lines {
			d.Lines = append(d.Lines, line.Line)
		}
		d.NotBilled = append(d.NotBilled, bill.NotBilled...)
		for n, job := range bill.Jobs {
			d.Steps = addPrices(d.Steps, job.Steps)
			last := *job.Steps[len(job.Steps)-1].Invoice
			last.OnFile, last.ByInvoice = true, false
			name := "usage_" + id
			if n > 0 {
				name = fmt.Sprintf("%s_%d", name, n)
			}
			d.Steps = append(d.Steps, Step{Name: name, Invoice: &last})
		}
	}
	return d
}

// addPrices adds the steps that make prices, each once.
func addPrices(steps, more []Step) []Step {
	for _, step := range more {
		if step.Price != nil && !slices.ContainsFunc(steps, func(s Step) bool { return s.Name == step.Name }) {
			steps = append(steps, step)
		}
	}
	return steps
}

// DeletionAudit is the last entry that a customer's own commands leave.
func (s State) DeletionAudit(op Operation, now time.Time) Audit {
	a := Audit{At: now, Actor: op.Actor, Action: CommandDelete, Rule: string(BranchDelete), Why: op.Decision.Why, OperationID: op.ID}
	for _, cp := range s.Products {
		switch {
		case cp.At(now) == Scheduled:
			a.Dropped = append(a.Dropped, cp.ProductID)
		case cp.Running(now):
			a.Ended = append(a.Ended, cp.ProductID)
		}
	}
	a.Ended, a.Dropped = onceEach(a.Ended), onceEach(a.Dropped)
	if len(op.Decision.Lines) > 0 {
		a.Lines, a.Amount, a.Currency = op.Decision.Lines, Total(op.Decision.Lines), op.Decision.Currency
	}
	if s.Customer.StripeID != "" {
		a.Stripe = map[string]string{"customer": s.Customer.StripeID}
	}
	return a
}

// A StripeOwner is whose a customer at Stripe is, or was: what is remembered
// after a customer is deleted, so that a charge that still comes is heard of.
type StripeOwner struct {
	Key         string // of the customer; "" for a deleted one, and for none
	InternalID  string
	DeletedAt   time.Time // zero while the customer is there, and where it is not known
	OperationID string    // of the deletion, whose last bill is expected
}

// Deleted reports whether the owner is a customer who was deleted.
func (o StripeOwner) Deleted() bool { return o.Key == "" && o.InternalID != "" }

// ChargedByInvoice returns the entry for an invoice that was paid after the
// deletion; nil for any other.
func (o StripeOwner) ChargedByInvoice(in Invoice, now time.Time) *Audit {
	if in.Status != "paid" || in.Total <= 0 || !o.since(in.PaidAt) ||
		in.OperationID != "" && in.OperationID == o.OperationID {
		return nil
	}
	a := o.charged("An invoice was paid", now)
	a.Amount, a.Currency = in.Total, in.Currency
	a.Stripe["customer"], a.Stripe["invoice"] = in.StripeCustomerID, in.StripeID
	return a
}

// ChargedBySubscription returns the entry for a subscription that runs.
func (o StripeOwner) ChargedBySubscription(sub Subscription, now time.Time) *Audit {
	if sub.status() == Expired {
		return nil
	}
	a := o.charged("A subscription runs", now)
	a.Stripe["customer"], a.Stripe["subscription"] = sub.StripeCustomerID, sub.ID
	return a
}

// ChargedByPage returns the entry for a page that was paid after the deletion.
func (o StripeOwner) ChargedByPage(r Results, now time.Time) *Audit {
	if !o.since(r.PaidAt) {
		return nil
	}
	a := o.charged("A page was paid", now)
	a.Stripe = r.ids()
	return a
}

// since reports whether a moment of Stripe's, a whole second, came after the
// deletion. Of a deletion at an unknown time it is not said: news of before may
// come late.
func (o StripeOwner) since(at time.Time) bool {
	return !o.DeletedAt.IsZero() && at.After(o.DeletedAt.Truncate(time.Second))
}

// DeletedCustomerCharged is the rule of entries about what Stripe still does
// for a customer who was deleted.
const DeletedCustomerCharged = "deleted_customer_charged"

func (o StripeOwner) charged(what string, now time.Time) *Audit {
	return &Audit{At: now, Actor: "stripe", Action: "charge", Rule: DeletedCustomerCharged, Stripe: map[string]string{},
		Why: what + " at Stripe although the customer was deleted here. Nobody has access by it: end it at Stripe, and pay back what was charged."}
}
