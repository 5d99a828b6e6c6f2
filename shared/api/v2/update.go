package v2

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// update changes or ends what a customer has.
type update struct{ app *app.App }

type updateRequest struct {
	CustomerID     string            `json:"customer_id"`
	EntityID       string            `json:"entity_id"`
	PlanID         string            `json:"plan_id"`
	SubscriptionID string            `json:"subscription_id"` // as answers have it
	Quantities     []featureQuantity `json:"feature_quantities"`
	Version        fields.Version    `json:"version"`
	Customize      *customizeRequest `json:"customize"`
	Schedule       string            `json:"plan_schedule"` // immediate
	Proration      string            `json:"proration_behavior"`
	Cancel         string            `json:"cancel_action"`
	purchaseTerms

	Refund      fields.Unset   `json:"refund_last_payment" instead:"refund the payment in Stripe's Dashboard, which is followed here. cancel_immediately credits what was paid of the time that is left."`
	Params      fields.Unset   `json:"subscription_params" instead:"a subscription at Stripe has what the plan says. Use customize for this customer, or checkout_session_params of billing.attach for the page."`
	Recalculate fields.Nothing `json:"recalculate_balances" instead:"balances follow the plan by themselves, less what was used. Set one with balances.update."`
}

// The values of cancel_action.
const (
	cancelNow      = "cancel_immediately"
	cancelAtTheEnd = "cancel_end_of_cycle"
	uncancel       = "uncancel"
)

// command is what an update asks for: an end, or else a change.
type updateCommand struct {
	cancel *app.CancelCommand
	change app.AttachCommand
}

func (in updateRequest) command(req api.Request) (cmd updateCommand, err error) {
	target := billing.Target{ProductID: in.PlanID, CustomerProductID: in.SubscriptionID}
	switch {
	case in.CustomerID == "":
		return cmd, fields.ErrNoCustomer
	case in.Schedule != "" && in.Schedule != string(billing.Immediate):
		return cmd, api.InvalidInputs("plan_schedule: an update counts at once. Leave it out, or pass in immediate.")
	case in.Trial.given || in.Customize != nil && in.Customize.Trial.given:
		return cmd, api.InvalidInputs("free_trial: a plan that the customer has keeps the trial that it began with. Leave it out.")
	}
	if _, known := redirects[in.Redirect]; !known {
		return cmd, errRedirect(in.Redirect)
	}
	none, err := uncharged("proration_behavior", in.Proration)
	if err != nil {
		return cmd, err
	}
	if in.Cancel != "" && (len(in.Quantities) > 0 || in.Version != 0 || in.Customize != nil || len(in.Discounts) > 0 || in.InvoiceMode != nil || in.AutomaticTax != nil || in.Schedule != "" || len(in.CycleAnchor) > 0 && string(in.CycleAnchor) != "null") {
		return cmd, api.InvalidInputs("cancel_action: it goes alone. Send the other changes in another call.")
	}
	switch in.Cancel {
	case "", uncancel:
	case cancelNow, cancelAtTheEnd:
		if redirects[in.Redirect].always {
			return cmd, api.InvalidInputs("redirect_mode: an end is paid on no page. Leave it out.")
		}
		now := in.Cancel == cancelNow
		cmd.cancel = &app.CancelCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Target: &target, Immediately: now, Refund: now && !none}
		return cmd, nil
	default:
		return cmd, api.InvalidInputs("cancel_action: cancel_immediately, cancel_end_of_cycle or uncancel, not %.40q.", in.Cancel)
	}
	if anchored := len(in.CycleAnchor) > 0 && string(in.CycleAnchor) != "null"; anchored && len(in.Quantities) == 0 && in.Version == 0 && in.Customize == nil {
		return cmd, api.Invalid("billing_cycle_anchor: a full period begins with a change of what is paid, and nothing is to change. Leave it out, or send the change with it.")
	}
	cmd.change = app.AttachCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Target: &target, Version: int(in.Version)}
	if err := in.purchaseTerms.into(&cmd.change, req); err != nil {
		return cmd, err
	}
	if err := in.Customize.into(&cmd.change); err != nil {
		return cmd, err
	}
	cmd.change.Terms.Uncancel, cmd.change.Terms.Uncharged = in.Cancel == uncancel, none && in.Cancel == ""
	return cmd, addQuantities(&cmd.change.Terms, "", in.Quantities, false)
}

func (u update) one(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[updateRequest](req)
	if err != nil {
		return nil, err
	}
	cmd, err := in.command(req)
	if err != nil {
		return nil, err
	}
	return u.carryOut(ctx, req.Caller, cmd)
}

func (u update) carryOut(ctx context.Context, caller app.Caller, cmd updateCommand) (any, error) {
	do, of := func() (app.Outcome, error) { return u.app.Update(ctx, caller, cmd.change) }, cmd.change.EntityID
	if cmd.cancel != nil {
		of = cmd.cancel.EntityID
		do = func() (app.Outcome, error) { return u.app.Cancel(ctx, caller, *cmd.cancel) }
	}
	done, err := do()
	if err != nil {
		return nil, err
	}
	return billingAnswer(done, of), nil
}

type multiUpdateRequest struct {
	CustomerID string       `json:"customer_id"`
	EntityID   string       `json:"entity_id"`
	Updates    []planUpdate `json:"updates"`

	Refund fields.Unset `json:"refund_last_payment" instead:"refund the payment in Stripe's Dashboard, which is followed here. cancel_immediately credits what was paid of the time that is left."`
	Params fields.Unset `json:"subscription_params" instead:"a subscription at Stripe has what the plan says. Use customize for this customer, or checkout_session_params of billing.attach for the page."`
}

type planUpdate struct {
	PlanID         string `json:"plan_id"`
	SubscriptionID string `json:"subscription_id"`
	EntityID       string `json:"entity_id"`
	Cancel         string `json:"cancel_action"`
	Proration      string `json:"proration_behavior"`
}

// mostUpdates bounds what one call changes: each is a command of its own, and all of
// them end within the time of a function.
const mostUpdates = 5

// commands are the updates, all of them checked before the first is made.
func (in multiUpdateRequest) commands(req api.Request) (cmds []updateCommand, err error) {
	switch {
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	case len(in.Updates) == 0 || len(in.Updates) > mostUpdates:
		return nil, api.InvalidInputs("updates: 1 to %d, got %d.", mostUpdates, len(in.Updates))
	}
	type place struct {
		billing.Target
		entityID string
	}
	seen := map[place]bool{}
	for n, one := range in.Updates {
		one.EntityID = cmp.Or(one.EntityID, in.EntityID)
		at := place{billing.Target{ProductID: one.PlanID, CustomerProductID: one.SubscriptionID}, one.EntityID}
		switch {
		case one.Cancel == "":
			return nil, api.InvalidInputs("updates[%d].cancel_action: required.", n)
		case at.Target == billing.Target{}:
			return nil, api.InvalidInputs("updates[%d]: plan_id or subscription_id: required.", n)
		case seen[at]:
			return nil, api.InvalidInputs("updates[%d]: it is given twice.", n)
		}
		seen[at] = true
		cmd, err := updateRequest{CustomerID: in.CustomerID, EntityID: one.EntityID, PlanID: one.PlanID, SubscriptionID: one.SubscriptionID,
			Cancel: one.Cancel, Proration: one.Proration}.command(req)
		if err != nil {
			return nil, err
		}
		cmds = append(cmds, cmd)
	}
	return cmds, nil
}

// doable previews updates, so that what can't be done is known before the first. It is
// nil for an end of what has ended: by a call that was interrupted and is repeated. If
// nothing is left to be done, that is refused as by update.
func (u update) doable(ctx context.Context, req api.Request, cmds []updateCommand) (found []*app.Preview, err error) {
	seen := map[string]bool{}
	left, begun := 0, false
	var gone error
	for n, cmd := range cmds {
		preview, refused := u.preview(ctx, req.Caller, cmd)
		done, err := u.app.Did(ctx, nth(req.Caller, n))
		if err != nil {
			return nil, err
		}
		begun = begun || done
		switch {
		case refused == nil:
			found, left = append(found, &preview), left+1
			if cp, err := preview.State.Targeted(cmd.target(), req.Now); err == nil && seen[cp.ID] {
				return nil, api.InvalidInputs("updates[%d]: it is given twice.", n)
			} else if err == nil {
				seen[cp.ID] = true
			}
			continue
		case done:
			found, left = append(found, &app.Preview{}), left+1
			continue
		case cmd.cancel == nil || !notHeld(refused):
			return nil, refused
		}
		if had, err := u.ended(ctx, req, cmd); err != nil || !had && !begun {
			return nil, cmp.Or(err, refused)
		}
		found, gone = append(found, nil), cmp.Or(gone, refused)
	}
	if left == 0 {
		return nil, gone
	}
	return found, nil
}

func (cmd updateCommand) target() billing.Target {
	if cmd.cancel != nil {
		return *cmd.cancel.Target
	}
	return *cmd.change.Target
}

func notHeld(err error) bool {
	return errors.Is(err, refusal.NotFound(billing.ReasonProductNotHeld)) || errors.Is(err, refusal.NotFound(billing.ReasonTargetNotHeld))
}

// passesOver is how long after it ended an end is taken for one that a call made which was
// interrupted and is repeated. Our choice: people and jobs repeat a call within an hour.
const passesOver = time.Hour

// ended reports whether the customer had what an end is asked of, until a while ago, and has
// nothing in its place that they bought.
func (u update) ended(ctx context.Context, req api.Request, cmd updateCommand) (bool, error) {
	s, err := u.app.GetCustomer(ctx, req.Caller, cmd.cancel.CustomerID)
	var of billing.Entity
	if id := cmd.cancel.EntityID; id != "" && err == nil {
		of, err = u.app.Entity(ctx, req.Caller, s.Customer, id)
	}
	target := cmd.target()
	return slices.ContainsFunc(s.Products, func(cp billing.CustomerProduct) bool {
		return cp.Entity == of.EntityRef && cp.At(req.Now) == billing.Expired && req.Now.Sub(cp.EndsAt) < passesOver && !s.Replaced(cp) &&
			(target.ProductID == "" || target.ProductID == cp.ProductID) && (target.CustomerProductID == "" || target.CustomerProductID == cp.ID)
	}), err
}

// several makes one update after the other. Each is a command of its own: one that is
// refused leaves those before it as they are, and the call can be repeated. An end that
// another one of them brought is made.
func (u update) several(ctx context.Context, req api.Request) (out any, err error) {
	in, err := api.Decode[multiUpdateRequest](req)
	if err != nil {
		return nil, err
	}
	cmds, err := in.commands(req)
	if err != nil {
		return nil, err
	}
	found, err := u.doable(ctx, req, cmds)
	if err != nil {
		return nil, err
	}
	for n, cmd := range cmds {
		if found[n] == nil {
			continue
		}
		done, err := u.carryOut(ctx, nth(req.Caller, n), cmd)
		if err != nil && (out == nil || cmd.cancel == nil || !notHeld(err)) {
			return nil, err
		}
		if err == nil {
			out = done
		}
	}
	return out, nil
}

// nth is the caller of the nth command of one request, whose Idempotency-Key would
// otherwise name the first.
func nth(caller app.Caller, n int) app.Caller {
	if caller.RequestKey != "" && n > 0 {
		caller.RequestKey += "\x00" + strconv.Itoa(n) // no header holds a NUL, so no other key is the same
	}
	return caller
}
