package stripesim

import (
	"windfall/local/stripesim/object"
)

// scheduleDue is when the next phase begins or the last one ends.
func scheduleDue(s *object.Schedule) int64 {
	switch s.Status {
	case "not_started":
		return s.Phases[0].StartDate
	case "active":
		return s.Phases[s.State.Phase].EndDate
	}
	return 0
}

func (t *tx) scheduleFalls(old *object.Schedule) error {
	t.livesOn(string(old.TestClock))
	if old.Status == "not_started" {
		return t.startSchedule(old.ID)
	}
	return t.phaseEnds(old.ID)
}

// phaseEnds: the next phase begins, or the schedule is over.
func (t *tx) phaseEnds(id string) error {
	s := edit[*object.Schedule](t, id)
	if s.State.Phase == len(s.Phases)-1 {
		return t.lastPhaseEnds(s)
	}
	s.State.Phase++
	phase := s.Phases[s.State.Phase]
	s.CurrentPhase = &object.CurrentPhase{StartDate: phase.StartDate, EndDate: phase.EndDate}
	sub := edit[*object.Subscription](t, string(s.Subscription))
	if err := t.enterPhase(sub, s, phase.ProrationBehavior); err != nil {
		return err
	}
	for _, e := range phase.AddInvoiceItems {
		if price, ok := find[*object.Price](t, string(e.Price)); ok {
			t.addExtra(sub, extraItem{price, *e.Quantity})
		}
	}
	t.emit("customer.subscription.updated", sub)
	t.emit("subscription_schedule.updated", s)
	return nil
}

// lastPhaseEnds: the subscription lives on or ends.
//
// assumption: a last phase without an end of its own goes on, and the schedule
// stays attached.
func (t *tx) lastPhaseEnds(s *object.Schedule) error {
	if s.State.Open {
		last := s.Phases[len(s.Phases)-1]
		price, _ := find[*object.Price](t, string(last.Items[0].Price))
		last.EndDate = intervalOf(price).After(last.StartDate, last.EndDate)
		s.Phases = append(append([]object.Phase{}, s.Phases[:len(s.Phases)-1]...), last)
		s.CurrentPhase = &object.CurrentPhase{StartDate: last.StartDate, EndDate: last.EndDate}
		return nil
	}
	if s.EndBehavior == "release" {
		t.release(s, false)
		return nil
	}
	id := string(s.Subscription)
	s.Status, s.CompletedAt, s.CurrentPhase = "completed", object.Stamp(t.now), nil
	t.emit("subscription_schedule.completed", s)
	edit[*object.Subscription](t, id).Schedule = ""
	t.endAtPeriodEnd(id)
	return nil
}

// startSchedule opens the subscription of the first phase.
func (t *tx) startSchedule(id string) error {
	s := edit[*object.Schedule](t, id)
	phase := s.Phases[0]
	items, err := t.itemsOf(phase, nil)
	if err != nil {
		return err
	}
	o := opening{customer: s.Customer, items: items, behavior: "allow_incomplete", prorate: true, trialEnd: int64(phase.TrialEnd)}
	for _, e := range phase.AddInvoiceItems {
		if price, ok := find[*object.Price](t, string(e.Price)); ok {
			o.extra = append(o.extra, extraItem{price, *e.Quantity})
		}
	}
	o.dress = func(sub *object.Subscription) error {
		sub.Schedule, sub.Metadata, sub.DefaultPaymentMethod = object.Text(id), phase.Metadata, s.DefaultSettings.DefaultPaymentMethod
		t.collectAs(sub, s, phase)
		return nil
	}
	sub, err := t.open(o)
	if err != nil {
		return err
	}
	s.Status, s.Subscription, s.State.Phase = "active", object.Text(sub.ID), 0
	s.CurrentPhase = &object.CurrentPhase{StartDate: phase.StartDate, EndDate: phase.EndDate}
	t.mirrorEnd(s, sub)
	t.emit("subscription_schedule.updated", s)
	return nil
}

// collectAs sets how a phase is paid.
func (t *tx) collectAs(sub *object.Subscription, s *object.Schedule, phase object.Phase) {
	method, days := s.DefaultSettings.CollectionMethod, s.DefaultSettings.InvoiceSettings.DaysUntilDue
	if phase.CollectionMethod != "" {
		method = phase.CollectionMethod
	}
	if phase.InvoiceSettings != nil && phase.InvoiceSettings.DaysUntilDue != nil {
		days = phase.InvoiceSettings.DaysUntilDue
	}
	sub.CollectionMethod, sub.DaysUntilDue, sub.AutomaticTax = string(method), nil, phase.AutomaticTax
	if method == "send_invoice" {
		if sub.DaysUntilDue = days; days == nil {
			sub.DaysUntilDue = ptr(int64(30))
		}
	}
	if phase.DefaultPaymentMethod != "" {
		sub.DefaultPaymentMethod = phase.DefaultPaymentMethod
	}
}

// itemsOf are the items of a phase: those with a price that is there already
// keep their id.
func (t *tx) itemsOf(phase object.Phase, now []*object.SubscriptionItem) ([]*object.SubscriptionItem, error) {
	var out []*object.SubscriptionItem
	for n, want := range phase.Items {
		price, err := need[*object.Price](t, "price", string(want.Price), "phases")
		if err != nil {
			return nil, err
		}
		item := &object.SubscriptionItem{Object: "subscription_item", Created: t.now, Metadata: want.Metadata, Price: price, Quantity: want.Quantity}
		if old := sameItem(now, price.ID, n, phase); old != nil {
			item.ID, item.Created, item.Subscription = old.ID, old.Created, old.Subscription
		} else {
			item.ID = t.newID("si_")
		}
		out = append(out, item)
	}
	return out, nil
}

// sameItem is the item with the price, or the one in the same place when its
// price goes away in this phase.
func sameItem(now []*object.SubscriptionItem, price string, place int, phase object.Phase) *object.SubscriptionItem {
	for _, item := range now {
		if item.Price.ID == price {
			return item
		}
	}
	if place >= len(now) {
		return nil
	}
	for _, other := range phase.Items {
		if string(other.Price) == now[place].Price.ID {
			return nil
		}
	}
	return now[place]
}

// enterPhase switches the subscription to the running phase. At the end of a
// period nothing is prorated: the renewal of the same second bills new prices.
func (t *tx) enterPhase(sub *object.Subscription, s *object.Schedule, proration string) error {
	phase := s.Phases[s.State.Phase]
	items, err := t.itemsOf(phase, sub.Items.Data)
	if err != nil {
		return err
	}
	for _, item := range items {
		item.Subscription = sub.ID
	}
	t.collectAs(sub, s, phase)
	if len(phase.Metadata) > 0 {
		sub.Metadata = phase.Metadata
	}
	if err := t.phaseDiscount(sub, phase); err != nil {
		return err
	}
	if sub.CurrentPeriodEnd <= t.now {
		if intervalOf(items[0].Price) != subscriptionInterval(sub) || phase.BillingCycleAnchor == "phase_start" {
			sub.BillingCycleAnchor, sub.BillingCycleAnchorConfig = t.now, nil
		}
		sub.Items.Data = items
		if end := int64(phase.TrialEnd); end > t.now {
			t.startTrial(sub, end)
		}
		return nil
	}
	ch := change{items: items, proration: proration, at: t.now, behavior: "allow_incomplete", offSession: true, anchorNow: phase.BillingCycleAnchor == "phase_start" && phase.StartDate == t.now}
	if end := int64(phase.TrialEnd); end > t.now && end != int64(sub.TrialEnd) {
		ch.trialEnd = end
	}
	return t.apply(sub.ID, ch)
}

func (t *tx) phaseDiscount(sub *object.Subscription, phase object.Phase) error {
	id := string(phase.Coupon)
	if id == "" || sub.Discount != nil && sub.Discount.Coupon.ID == id {
		return nil
	}
	r, err := t.redeemable(redemption{coupon: id, customer: sub.Customer, on: "update", currency: sub.Currency})
	if err != nil {
		return nil // a coupon that ran out does not stop the schedule
	}
	sub.Discount = t.redeem(r, sub.Customer, sub.ID, "")
	t.emit("customer.discount.created", sub.Discount)
	return nil
}

// runSchedule lets a preview see the phases that begin until the renewal, each
// at its time, up to the first that bills something itself.
func (t *tx) runSchedule(id string) error {
	for t.shot == nil {
		sub := edit[*object.Subscription](t, id)
		s, ok := find[*object.Schedule](t, string(sub.Schedule))
		if !ok || s.Status != "active" || scheduleDue(s) > periodEnds(sub) || s.State.Open && s.State.Phase == len(s.Phases)-1 {
			return nil
		}
		t.now = max(t.now, scheduleDue(s))
		if err := t.phaseEnds(s.ID); err != nil {
			return err
		}
	}
	return nil
}
