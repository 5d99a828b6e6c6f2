package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// KeyByEmail implements app.Store.
func (s *Store) KeyByEmail(ctx context.Context, env catalog.Env, email string) (string, error) {
	r, err := s.get(ctx, lookUp(env, "EMAIL", billing.EmailKey(email)))
	return r.text("cus"), err
}

// StripeOwner implements app.Store.
func (s *Store) StripeOwner(ctx context.Context, env catalog.Env, stripeID string) (billing.StripeOwner, error) {
	r, err := s.get(ctx, lookUp(env, "STRIPE", stripeID))
	return billing.StripeOwner{Key: r.text("cus"), InternalID: r.text("internal"), DeletedAt: r.time("gone"),
		OperationID: r.text("operation")}, err
}

// TrialsTaken implements app.Store.
func (s *Store) TrialsTaken(ctx context.Context, env catalog.Env, fingerprint string, productIDs []string) ([]string, error) {
	var taken []string
	for _, id := range productIDs {
		r, err := s.get(ctx, trialKey(env, billing.TrialClaim{Fingerprint: fingerprint, ProductID: id}))
		if err != nil {
			return nil, err
		}
		if len(r) > 0 {
			taken = append(taken, id)
		}
	}
	return taken, nil
}

// EventSeen implements app.Store.
func (s *Store) EventSeen(ctx context.Context, env catalog.Env, eventID string) (bool, error) {
	r, err := s.get(ctx, eventKey(env, eventID))
	return len(r) > 0, err
}

// ReferralCode implements app.Store. The counter and the owner's present key
// stand beside the code, since they change.
func (s *Store) ReferralCode(ctx context.Context, env catalog.Env, code string) (catalog.ReferralCode, bool, error) {
	r, err := s.get(ctx, codeKey(env, code, "REFERRAL"))
	if err != nil || len(r) == 0 {
		return catalog.ReferralCode{}, false, err
	}
	var c catalog.ReferralCode
	if err := r.json("data", &c); err != nil {
		return c, false, err
	}
	c.Triggered = int(r.int("triggered"))
	if moved := r.text("cus"); moved != "" {
		c.OwnerID = moved
	}
	return c, true, nil
}

// ReferralCodeOf implements app.Store.
func (s *Store) ReferralCodeOf(ctx context.Context, env catalog.Env, customerKey, programID string) (catalog.ReferralCode, bool, error) {
	r, err := s.get(ctx, ownCodeKey(env, customerKey, programID))
	if err != nil || len(r) == 0 {
		return catalog.ReferralCode{}, false, err
	}
	var c catalog.ReferralCode
	return c, true, r.json("data", &c)
}

// Redeemed implements app.Store.
func (s *Store) Redeemed(ctx context.Context, env catalog.Env, programID, internalID string) (bool, error) {
	r, err := s.get(ctx, redeemedKey(env, programID, internalID))
	return len(r) > 0, err
}

// Redemption implements app.Store. What happened since it was made stands
// beside it, as both sides may get their reward at the same moment.
func (s *Store) Redemption(ctx context.Context, env catalog.Env, id string) (catalog.Redemption, bool, error) {
	r, err := s.get(ctx, lookUp(env, "REDEMPTION", id))
	if err != nil || len(r) == 0 {
		return catalog.Redemption{}, false, err
	}
	out, err := readRedemption(r)
	return out, err == nil, err
}

func readRedemption(r row) (out catalog.Redemption, err error) {
	if err := r.json("data", &out); err != nil {
		return out, err
	}
	out.Triggered = out.Triggered || r.flag("triggered")
	out.Applied = out.Applied || r.flag("applied")
	out.RedeemerApplied = out.RedeemerApplied || r.flag("redeemer_applied")
	if at := r.time("updated"); !at.IsZero() {
		out.UpdatedAt = at
	}
	return out, nil
}

// Done implements app.Store.
func (s *Store) Done(ctx context.Context, env catalog.Env, operationID string) (app.Outcome, bool, error) {
	r, err := s.get(ctx, lookUp(env, "DONE", operationID))
	if err != nil || len(r) == 0 {
		return app.Outcome{}, false, err
	}
	var o app.Outcome
	return o, true, r.json("data", &o)
}
