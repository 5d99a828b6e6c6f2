package stripesim

import (
	"windfall/local/stripesim/object"
)

const (
	trialNotice    = 3 * 86400
	upcomingNotice = 7 * 86400
)

// subscriptionDue is when a subscription next does something by itself.
func subscriptionDue(sub *object.Subscription) int64 {
	switch sub.Status {
	case "canceled", "incomplete_expired", "paused":
		return 0
	case "incomplete":
		return sub.State.IncompleteUntil
	}
	at := sub.CurrentPeriodEnd
	sooner := func(when int64) {
		if when != 0 && when < at {
			at = when
		}
	}
	sooner(int64(sub.CancelAt))
	if sub.Status == "trialing" && !sub.State.TrialWillEndSent {
		sooner(max(int64(sub.TrialEnd)-trialNotice, 1))
	}
	if when := upcomingAt(sub); sub.State.UpcomingSent != sub.CurrentPeriodEnd {
		sooner(when)
	}
	if p := sub.PauseCollection; p != nil {
		sooner(int64(p.ResumesAt))
	}
	if p := sub.PendingUpdate; p != nil {
		sooner(p.ExpiresAt)
	}
	return at
}

// upcomingAt is when invoice.upcoming is sent.
//
// assumption: the account is set to seven days before the renewal; periods that
// are hardly longer get none.
func upcomingAt(sub *object.Subscription) int64 {
	if sub.CancelAtPeriodEnd || sub.CurrentPeriodEnd-sub.CurrentPeriodStart <= upcomingNotice || sub.CancelAt != 0 && int64(sub.CancelAt) <= sub.CurrentPeriodEnd {
		return 0
	}
	return sub.CurrentPeriodEnd - upcomingNotice
}

// subscriptionFalls does the first thing that is due.
func (t *tx) subscriptionFalls(old *object.Subscription) error {
	t.livesOn(string(old.TestClock))
	sub := edit[*object.Subscription](t, old.ID)
	at := t.now
	switch {
	case sub.Status == "incomplete":
		t.void(string(sub.LatestInvoice))
	case sub.PendingUpdate != nil && sub.PendingUpdate.ExpiresAt <= at:
		t.dropPendingUpdate(sub.ID)
	case sub.PauseCollection != nil && sub.PauseCollection.ResumesAt != 0 && int64(sub.PauseCollection.ResumesAt) <= at:
		sub.PauseCollection = nil
		t.emit("customer.subscription.updated", sub)
	case sub.Status == "trialing" && !sub.State.TrialWillEndSent && int64(sub.TrialEnd)-trialNotice <= at:
		sub.State.TrialWillEndSent = true
		t.emit("customer.subscription.trial_will_end", sub)
	case sub.State.UpcomingSent != sub.CurrentPeriodEnd && upcomingAt(sub) != 0 && upcomingAt(sub) <= at && at < sub.CurrentPeriodEnd:
		sub.State.UpcomingSent = sub.CurrentPeriodEnd
		if inv, err := t.preview(sub.ID); err == nil {
			t.emit("invoice.upcoming", inv)
		}
	case sub.CancelAt != 0 && int64(sub.CancelAt) <= at:
		t.endAtPeriodEnd(sub.ID)
	default:
		t.renew(sub.ID)
	}
	return nil
}

// expireIncomplete: nobody paid the first invoice within 23 hours, or it was
// voided.
func (t *tx) expireIncomplete(id string) {
	sub := edit[*object.Subscription](t, id)
	sub.Status, sub.EndedAt, sub.State.IncompleteUntil = "incomplete_expired", object.Stamp(t.now), 0
	t.emit("customer.subscription.updated", sub)
}
