package v2

import (
	"context"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Balances serves balances.create, delete, update and list, and balances.finalize, which
// ends a lock.
func Balances(a *app.App) api.Dialect {
	b := balances{a}
	return dialect(
		changes("POST /v1/balances.create", "POST /v1/balances/create", b.create),
		changes("POST /v1/balances.delete", "", b.delete),
		changes("POST /v1/balances.update", "", b.update),
		changes("POST /v1/balances.finalize", "", b.finalize),
		reads("POST /v1/balances.list", "", b.list))
}

type balances struct{ app *app.App }

// balanceOf names one balance of a customer, or of one of their entities.
type balanceOf struct {
	CustomerID string `json:"customer_id"`
	FeatureID  string `json:"feature_id"`
	EntityID   string `json:"entity_id"`
	BalanceID  string `json:"balance_id"`
}

func (in balanceOf) check() error {
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case in.FeatureID == "":
		return api.InvalidInputs("feature_id: required.")
	}
	return nil
}

// place is where that balance is.
func (in balanceOf) place() app.BalanceOf {
	return app.BalanceOf{CustomerID: in.CustomerID, EntityID: in.EntityID, FeatureID: in.FeatureID}
}

type createBalance struct {
	balanceOf
	fields.NewBalance
	Included *api.Number `json:"included_grant"`
}

func (b balances) create(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[createBalance](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	grant, err := in.Grant(in.BalanceID, in.Included)
	if err != nil {
		return nil, err
	}
	return succeeded, b.app.CreateGrant(ctx, req.Caller, in.place(), grant)
}

func (b balances) delete(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		balanceOf
		Recalculate fields.Unset `json:"recalculate_balances" instead:"other balances stay as they are. Set one with balances.update."`
		Interval    fields.Unset `json:"interval" instead:"name the balance by balance_id, which balances.list tells."`
	}](req)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return succeeded, b.app.DeleteGrant(ctx, req.Caller, in.place(), in.BalanceID)
}

type updateBalance struct {
	balanceOf
	Remaining *api.Number    `json:"remaining"`
	Add       *api.Number    `json:"add_to_balance"`
	Usage     *api.Number    `json:"usage"`
	Included  *api.Number    `json:"included_grant"`
	Interval  string         `json:"interval"`
	ResetsAt  *fields.Future `json:"next_reset_at"`
	ExpiresAt *fields.Future `json:"expires_at"`
}

// update makes one change: of what is left, of what was used, or of a balance that
// belongs to no plan.
func (b balances) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[updateBalance](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	own := in.Included != nil || in.ResetsAt != nil || in.ExpiresAt != nil
	asked := 0
	for _, is := range []bool{in.Remaining != nil, in.Add != nil, in.Usage != nil, own} {
		if is {
			asked++
		}
	}
	switch {
	case asked != 1:
		return nil, api.InvalidInputs("remaining, add_to_balance, usage, or any of included_grant, next_reset_at and expires_at: send one change.")
	case in.Interval != "" && (own || in.Usage != nil):
		return nil, api.InvalidInputs("interval: it selects what remaining and add_to_balance change. Leave it out.")
	case in.Interval != "" && in.BalanceID != "":
		return nil, api.InvalidInputs("interval and balance_id: send one of them.")
	case in.Usage != nil && in.BalanceID != "":
		return nil, api.InvalidInputs("balance_id: usage is that of the whole feature. Leave it out.")
	case own:
		return succeeded, b.app.UpdateGrant(ctx, req.Caller, in.place(), entitlement.GrantUpdate{ID: in.BalanceID,
			Included: decimalOf(in.Included), ResetsAt: in.ResetsAt.Pointer(), Until: in.ExpiresAt.Pointer()})
	case in.Usage != nil:
		return b.setUsage(ctx, req, in)
	}
	set := entitlement.SetBalance{FeatureID: in.FeatureID, EntityID: in.EntityID, GrantID: in.BalanceID}
	if in.Add != nil {
		set.Left, set.Add = in.Add.Decimal, true
	} else {
		set.Left = in.Remaining.Decimal
	}
	if in.Interval != "" {
		cycle, err := fields.ResetCycle(in.Interval, 0)
		if err != nil {
			return nil, err
		}
		set.Cycle = &cycle
	}
	return succeeded, b.app.SetBalances(ctx, req.Caller, in.CustomerID, []entitlement.SetBalance{set})
}

// amountsJSON tells of a use of which not all could be counted.
type amountsJSON struct {
	Success  bool        `json:"success"`
	Recorded *api.Number `json:"recorded,omitempty"`
	Dropped  *api.Number `json:"dropped,omitempty"`
}

func amounts(all, dropped money.Decimal) amountsJSON {
	out := amountsJSON{Success: true}
	if !dropped.IsZero() {
		recorded := all.Sub(dropped)
		out.Recorded, out.Dropped = api.Optional(&recorded), api.Optional(&dropped)
	}
	return out
}

func (b balances) setUsage(ctx context.Context, req api.Request, in updateBalance) (any, error) {
	dropped, err := b.app.SetUsage(ctx, req.Caller, in.CustomerID, billing.CustomerData{}, in.EntityID, in.FeatureID, in.Usage.Decimal)
	return amounts(in.Usage.Decimal, dropped), err
}

func decimalOf(n *api.Number) *money.Decimal {
	if n == nil {
		return nil
	}
	return &n.Decimal
}

// finalize ends a lock: what was used counts, and the rest is released.
func (b balances) finalize(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		LockID     string            `json:"lock_id"`
		Action     app.LockEnd       `json:"action"`
		Value      *api.Number       `json:"override_value"`
		Properties fields.Properties `json:"properties"`
	}](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.LockID == "":
		return nil, api.InvalidInputs("lock_id: required.")
	case in.Action != app.Confirmed && in.Action != app.Released:
		return nil, api.InvalidInputs("action: confirm or release.")
	case in.Value != nil && in.Value.IsNegative():
		return nil, api.InvalidInputs("override_value: 0 or more.")
	case in.Value != nil && in.Action == app.Released && in.Value.IsPositive():
		return nil, api.InvalidInputs("override_value: a release counts nothing. Confirm with it, or leave it out.")
	}
	counted, err := b.app.FinalizeLock(ctx, req.Caller, app.FinalizeCommand{LockID: in.LockID, Action: in.Action, Value: decimalOf(in.Value), Properties: in.Properties.Text()})
	if err != nil {
		return nil, err
	}
	all, dropped := money.Zero, money.Zero
	for _, c := range counted {
		if c.Dropped.GreaterThan(dropped) {
			all, dropped = c.Recorded.Add(c.Dropped), c.Dropped
		}
	}
	return amounts(all, dropped), nil
}

// lockJSON asks check and track to reserve instead of to use.
type lockJSON struct {
	Enabled *bool   `json:"enabled"`
	ID      string  `json:"lock_id"`
	Expires *int64  `json:"expires_at"`
	Overage *string `json:"overage_behavior"`
}

// terms are what is asked of the lock; nil for none.
func (in *lockJSON) terms(req api.Request) (*app.LockTerms, error) {
	switch {
	case in == nil || in.Enabled != nil && !*in.Enabled:
		return nil, nil
	case req.Publishable:
		return nil, api.ErrNotPublic
	case in.ID == "" || len(in.ID) > 255:
		return nil, api.InvalidInputs("lock.lock_id: required, 1 to 255 bytes that name this lock alone.")
	case in.Overage != nil && *in.Overage != "reject":
		return nil, api.InvalidInputs("lock.overage_behavior: reject. A lock reserves all of its units or none.")
	}
	terms := &app.LockTerms{ID: in.ID}
	if in.Expires != nil {
		terms.Expires = time.UnixMilli(max(*in.Expires, 0)).UTC() // one before 1970 is none to come either, and never the zero time, which is left out
	}
	return terms, nil
}
