package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// Cancel asks for a product to end.
type Cancel struct {
	OperationID string
	ProductID   string
	Target      string // the customer product that is meant; "" leaves it to ProductID
	Immediately bool
	Refund      bool                  // credit the time left; only with Immediately
	Entity      entitlement.EntityRef // whose product it is; zero is the customer's
	Billed      Bills                 // needed for a decision that Credits or InvoicesRunning
	Now         time.Time
}

// Branches of a cancel.
const (
	BranchCancelLater Branch = "cancel_end_of_cycle"
	BranchCancelNow   Branch = "cancel_immediately"
	BranchUnschedule  Branch = "cancel_scheduled"
)

// DecideCancel applies the cancel rules.
//
//   - A product is used to the end of the period that is paid, or of its trial;
//     then the group's default product begins, which waits until then. What
//     waited before is dropped.
//   - Immediately, it ends now and the default begins now. The time left is
//     credited only on request, and as far as it was paid, whatever the status
//     of its invoice. Use beyond the allowance is billed.
//   - What has no period to run out, a one-off or a free product, ends now.
//   - Add-ons and one-offs have no successor.
//   - A scheduled product is dropped, and the present one goes on.
//   - Cancelling again changes nothing. A product that ends as there is no card to
//     charge for it ends for good then.
//   - A period whose renewal is still a draft is neither charged nor credited;
//     the use of the period before is (payments/collect_ended.go).
func DecideCancel(s State, c *catalog.Catalog, cmd Cancel) (Decision, error) {
	c, s = s.In(c), s.Of(cmd.Entity)
	current := s.cancellable(cmd)
	if current == nil {
		return Decision{}, refusal.NotFound(ReasonProductNotHeld, cmd.ProductID)
	}
	p := ProductOf(c, *current)
	d := Decision{Effect: EffectCanceled, Entity: cmd.Entity, Currency: c.Currency(), Products: []string{current.ProductID}}
	if err := current.endable(cmd.Refund); err != nil {
		return Decision{}, err
	}
	if current.At(cmd.Now) == Scheduled {
		return s.unschedule(c, d, *current, cmd.Now)
	}
	main := !current.AddOn && !p.OneOff()
	now := cmd.Immediately || current.SubscriptionID == "" && current.EndsAt.IsZero()
	end := current.EndsAt
	if end.IsZero() {
		end = current.Period.End
	}
	if now {
		end = cmd.Now
	}
	if main {
		if w := s.ScheduledPlan(current.Group, cmd.Now); w != nil {
			d.Drop = []string{w.ID}
		}
		d.Start = fallback(c, *current, "cp_"+cmd.OperationID+"_0", end, cmd.Now)
	}
	if now {
		return s.cancelNow(c, d, *current, cmd)
	}
	d.Branch, d.Why = BranchCancelLater, "A cancelled product is used to the end of the period that is paid."
	d.End = []Ending{{current.ID, end}}
	if w := s.ScheduledPlan(current.Group, cmd.Now); !current.CanceledAt.IsZero() && current.CardCheckAt.IsZero() && (!main || w != nil && len(d.Start) > 0 && w.ProductID == d.Start[0].ProductID) {
		return Decision{Branch: d.Branch, Effect: d.Effect, Products: d.Products, Currency: d.Currency}, nil // cancelled before
	}
	return s.planned(c, d, cmd.Now)
}

// cancellable finds the customer product that is meant: the running one before one that
// waits, and among several the one that is not cancelled yet.
func (s State) cancellable(cmd Cancel) *CustomerProduct {
	var best *CustomerProduct
	for i, cp := range s.Products {
		if cp.ProductID != cmd.ProductID || cmd.Target != "" && cp.ID != cmd.Target || cp.Entity.ID != cmd.Entity.ID || cp.At(cmd.Now) == Expired {
			continue
		}
		if best == nil || cp.Running(cmd.Now) && !best.Running(cmd.Now) || cp.Running(cmd.Now) && cp.CanceledAt.IsZero() && !best.CanceledAt.IsZero() {
			best = &s.Products[i]
		}
	}
	return best
}

func (s State) unschedule(c *catalog.Catalog, d Decision, current CustomerProduct, now time.Time) (Decision, error) {
	d.Branch, d.Drop = BranchUnschedule, []string{current.ID}
	d.Why = "The scheduled product was cancelled, so the present one goes on."
	if main := s.ActivePlan(c, current.Group, now); main != nil && !main.EndsAt.IsZero() && main.SubscriptionID != "" { // a trial that nobody pays for ends all the same
		d.Keep = []string{main.ID}
		if err := main.endable(false); err != nil {
			return Decision{}, err
		}
	}
	return s.planned(c, d, now)
}

func (s State) cancelNow(c *catalog.Catalog, d Decision, current CustomerProduct, cmd Cancel) (Decision, error) {
	d.Branch, d.Why = BranchCancelNow, "The product ends at once."
	d.End = []Ending{{CustomerProductID: current.ID}}
	if current.SubscriptionID == "" {
		return d, nil
	}
	if cmd.Refund && current.At(cmd.Now) != Trialing {
		d.Why = "The product ends at once, and the time left is credited as far as it was paid."
	}
	return s.ended(c, d, current, cmd)
}

// ended adds what is asked of Stripe so that a paid product ends now; with
// cmd.Refund, what was paid of the time left is credited.
func (s State) ended(c *catalog.Catalog, d Decision, current CustomerProduct, cmd Cancel) (Decision, error) {
	p, now, seats := ProductOf(c, current), cmd.Now, s.seatsForNothing(c, current, cmd.Now)
	ask := &EndSubscription{SubscriptionID: current.SubscriptionID, Refund: cmd.Refund, At: now.Truncate(time.Second)}
	if cmd.Refund && current.At(now) != Trialing {
		whole, running := linesOf(p, current.Quantities, d.Currency), d.lowers(cmd.Billed, current.SubscriptionID)
		credits := unused(whole, current.Period, ask.At, running, d.Currency)
		paid := s.ledger(c, cmd.Billed, current.SubscriptionID, now)
		held := paid.withheld(credits, ask.At, paidOnly)
		seats = s.paidSeats(c, paid, current, now)
		if ask.Refund = len(held) == 0 || Total(credits)+Total(held) != 0 || Total(seats) != 0; ask.Refund {
			next := waiting(cmd.Billed, current.SubscriptionID)
			d.Lines = discounted(slices.Concat(credits, held, nonzero(seats), next), running)
			ask.Withheld = withheldUsage(UnpaidUse+cmd.OperationID, held, c, current, d.Currency, ask.At)
			d.Sum = arithmetic(current.Period, ask.At, lowered(whole, running, d.Currency), 0, d.DueNow()-Total(credits), d.DueNow(), d.Currency)
		}
		if len(held) > 0 {
			_, prices := recurringLines(c, p, current.Quantities)
			d.Steps = append(d.Steps, prices...)
		}
	}
	ask.Seats = withheldUsage("seats_"+cmd.OperationID, seats, c, current, d.Currency, ask.At)
	for _, l := range seats {
		i := slices.IndexFunc(p.Items, func(item catalog.Item) bool { return item.ID == l.ItemID })
		if i >= 0 && c.StripePrices[l.ItemID] == "" { // a version, or items of one's own, that was never billed
			d.Steps = append(d.Steps, Step{Name: "price_" + l.ItemID, Price: stripePrice(c, p, p.Items[i])})
		}
	}
	rest := planOf(s.after(s.transition(c, d, d.Start, now), now), current.SubscriptionID, now)
	if rest.ends || len(rest.stay) > 0 { // others are billed with it
		var prices []Step
		ask.Remove, prices = recurringLines(c, p, current.Quantities)
		d.Steps = append(d.Steps, prices...)
	} else if !ask.Refund {
		d.Lines = leftBehind(cmd.Billed, current.SubscriptionID)
	}
	d.Steps = append(d.Steps, Step{Name: "end", End: ask})
	return s.planned(c, d, now)
}
