package dynamo

import (
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// eventKept is how long an event is remembered: as long as Stripe can deliver
// it again.
//
// Source: https://docs.stripe.com/webhooks/process-undelivered-events (30 days)
const eventKept = 30 * 24 * time.Hour

func (t table) lookUpItems(w app.Write) items {
	switch w := w.(type) {
	case app.LinkStripe:
		r := newRow(lookUp(t.env, "STRIPE", w.StripeID))
		r.setText("cus", w.Key)
		r.setText("internal", w.InternalID)
		return items{t.put(r, isNew+" OR cus = :key OR cus = :was OR attribute_exists(gone)",
			values{":key": text(w.Key), ":was": text(w.Was)})}
	case app.BuryStripe:
		r := newRow(lookUp(t.env, "STRIPE", w.StripeID))
		r.setText("internal", w.Owner.InternalID)
		r.setTime("gone", w.Owner.DeletedAt)
		r.setText("operation", w.Owner.OperationID)
		return items{t.put(r, isNew+" OR cus = :key", values{":key": text(w.Key)})}
	case app.ReserveEmail:
		r := newRow(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)))
		r.setText("cus", w.InternalID)
		return items{t.put(r, isNew, nil)}
	case app.ReleaseEmail:
		return items{t.remove(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)), "cus = :cus", values{":cus": text(w.InternalID)})}
	case app.ClaimTrial:
		return items{t.put(newRow(trialKey(t.env, w.Trial)), isNew, nil)}
	case app.OperationDone:
		r := newRow(lookUp(t.env, "DONE", w.OperationID))
		r.setJSON("data", w.Outcome)
		r.setInt("ttl", w.Now.Add(2*answerKept).Unix())
		return items{t.put(r, isNew, nil)}
	case app.EventDone:
		r := newRow(eventKey(t.env, w.EventID))
		r.setText("type", w.Type)
		r.setInt("ttl", w.Now.Add(eventKept).Unix())
		return items{t.put(r, whenever, nil)}
	}
	return nil
}
