package app

import (
	"cmp"
	"context"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/referral"
)

// A payer is a customer whose payment went back: with the key, or gone.
type payer struct{ internalID, key string }

// reversePurchase takes in that all of a payment went back: of a redemption whose first
// payment it was. What is held is refused; what was given is taken back as far as it is
// unspent; one that waits gives nothing for it later. paid is the invoice, of which nothing
// may have been told yet. May be called any number of times. One request for a customer
// whom nobody brought.
func (w work) reversePurchase(ctx context.Context, from payer, p billing.Payment, paid billing.Invoice) error {
	reason := p.WentBack()
	if reason == "" || p.InvoiceID == "" {
		return nil
	}
	brought, err := w.Store.Brought(ctx, w.caller.Env, from.internalID)
	if err != nil || len(brought) == 0 {
		return err
	}
	invoices, err := w.Store.Invoices(ctx, w.caller.Env, from.internalID)
	if err != nil {
		return err
	}
	invoices = billing.WithInvoice(invoices, paid)
	var earned billing.Earned // told to Stripe once all are decided: what waits behind a discount must not begin for a moment
	for _, b := range brought {
		one, err := w.reverseRedemption(ctx, from, b.RedemptionID, p.InvoiceID, reason, invoices)
		if earned = earned.And(one); err != nil {
			w.applyRewards(ctx, earned)
			return err
		}
	}
	w.applyRewards(ctx, earned)
	return nil
}

// reversePurchaseOf is reversePurchase for one who is gone, whose invoice is read first.
func (w work) reversePurchaseOf(ctx context.Context, from payer, p billing.Payment) error {
	if p.WentBack() == "" || p.InvoiceID == "" {
		return nil
	}
	paid, err := w.Payments.Invoice(ctx, w.caller.Env, p.InvoiceID)
	if err != nil {
		return err
	}
	return w.reversePurchase(ctx, from, p, paid)
}

func (w work) reverseRedemption(ctx context.Context, from payer, id, invoiceID, reason string, invoices []billing.Invoice) (billing.Earned, error) {
	return RetryStale(ctx, w.Pause, func() (none billing.Earned, err error) {
		r, found, err := w.Store.Redemption(ctx, w.caller.Env, id)
		if err != nil || !found || r.Status.Over() {
			return none, err
		}
		var s billing.RedeemState
		var waiting *referral.Redemption
		if from.key != "" {
			if s, waiting, err = w.waitingRedemption(ctx, from.key, id); err != nil {
				return none, err
			}
		}
		cmd := billing.Redeem{Actor: w.caller.Actor, Now: w.caller.Now}
		switch {
		case waiting != nil && waiting.Status == referral.Pending:
			return none, w.noteReturned(ctx, from.key, s, *waiting, invoiceID, reason)
		case !s.Redeemer.IsFirstPayment(w.catalog, r, invoices, invoiceID):
			return none, nil
		case waiting != nil:
			d := billing.DecideEnd(s, *waiting, referral.Refused, reason, cmd)
			return none, w.commit(ctx, w.movedWrites(from.key, d, s.Code)...)
		case !r.SetOff():
			return none, nil // it waited with a customer who is gone: the sweep closes it
		}
		if s.Code, _, err = w.Store.ReferralCode(ctx, w.caller.Env, r.Code); err != nil {
			return none, err
		}
		if s.Referrer, _, err = w.Store.State(ctx, w.caller.Env, s.Code.OwnerID); err != nil {
			return none, err
		}
		s.Catalog = w.catalog
		d := billing.DecideReverse(s, r, reason, cmd)
		writes := append([]Write{SaveRedemption{d.Redemption}}, w.giftWrites(d, s.Code)...)
		return d.Earned(), w.commit(ctx, writes...)
	})
}

// noteReturned notes with a redemption that waits that the payment of an invoice went
// back: the event of the purchase itself may be still to come.
func (w work) noteReturned(ctx context.Context, key string, s billing.RedeemState, r referral.Redemption, invoiceID, reason string) error {
	noted, news := r.WithReturned(invoiceID, reason)
	if !news {
		return nil
	}
	_, err := w.saveCustomer(ctx, w.caller, s.Redeemer, SaveRedemption{noted}, OpenRedemption{Key: key, Redemption: noted, Again: true})
	return err
}

// takeBack decides about what a side of a reversed redemption gives back.
func (n *nextReward) takeBack(ctx context.Context, w *work, q billing.QueuedReward) (step, error) {
	r, _, err := w.Store.Redemption(ctx, w.caller.Env, q.RedemptionID)
	if err != nil {
		return step{}, err
	}
	n.reversed = true
	return n.carryOut(w, w.NewID(), w.state.DecideTakeBack(w.catalog, q, r.Side(referral.Who(q.Side)))), nil
}

// sideWrites note in its redemption that a side has what waited for its turn, or gave it
// back. One request, where there is anything to note.
func (w work) sideWrites(ctx context.Context, op billing.Operation, done billing.Settlement) ([]Write, error) {
	q := done.Unqueued
	if q == nil || !done.Applied || strings.HasPrefix(q.RedemptionID, billing.PutBackPrefix) {
		return nil, nil // or it is of no redemption, but was put back
	}
	before, found, err := w.Store.Redemption(ctx, w.caller.Env, q.RedemptionID)
	if err != nil || !found {
		return nil, err
	}
	who := referral.Who(cmp.Or(string(q.Side), string(before.WhoIs(w.state.Customer.InternalID))))
	after := before.GivenTo(who, op.ID, w.caller.Now)
	if q.Reversal {
		after = before.TakenFrom(who, w.caller.Now)
	}
	if w.given != nil {
		w.given[after.ID] = after
	}
	writes := []Write{SaveRedemption{after}}
	if after.Referral() {
		writes = append(writes, countProgram(after, before, 0))
	}
	return writes, nil
}
