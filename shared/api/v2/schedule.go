package v2

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// schedule makes schedules of phases: what a customer has now, and the plan that takes
// its place when the paid period ends.
type schedule struct{ app *app.App }

type scheduleRequest struct {
	CustomerID string          `json:"customer_id"`
	EntityID   string          `json:"entity_id"`
	Proration  string          `json:"billing_behavior"`
	Phases     []phaseRequest  `json:"phases"`
	Preserve   fields.Ignored  `json:"preserve_add_ons"` // deprecated by its own documentation
	Others     []planOfSeveral `json:"unscheduled_plans"`
	purchaseTerms
	pageTerms
}

type phaseRequest struct {
	StartsAt json.RawMessage `json:"starts_at"` // milliseconds, or "now"
	After    *phaseOffset    `json:"starting_after"`
	Plans    []planOfSeveral `json:"plans"`
	Anchor   fields.Unset    `json:"billing_cycle_anchor" instead:"the plan that follows keeps the day of the one before. Use billing_cycle_anchor beside phases, for the first."`
}

type phaseOffset struct {
	Duration string `json:"duration_type"` // month or year
	Count    int    `json:"duration_count"`
}

type scheduleJSON struct {
	CustomerID string          `json:"customer_id"`
	EntityID   api.OrNull      `json:"entity_id"`
	Status     string          `json:"status"` // created
	ID         api.OrNull      `json:"schedule_id"`
	Phases     []phaseJSON     `json:"phases"`
	Invoice    *chargeJSON     `json:"invoice"`
	PaymentURL api.OrNull      `json:"payment_url"`
	Action     *requiredAction `json:"required_action"`
}

type phaseJSON struct {
	ID       string     `json:"phase_id"`
	StartsAt api.Millis `json:"starts_at"`
	Products []string   `json:"customer_product_ids"`
}

func (in scheduleRequest) check() error {
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case len(in.Others) > 0:
		return api.Invalid("unscheduled_plans: what the phases don't name stays anyway. Attach those plans with billing.attach.")
	case len(in.Phases) != 2:
		return api.Invalid("phases: a schedule has two here: what begins now, or runs, and the plan that follows when its paid period ends. Got %d. Schedule further ones once the second runs.", len(in.Phases))
	}
	for n, p := range in.Phases {
		switch {
		case len(p.Plans) != 1:
			return api.Invalid("phases[%d].plans: one plan, which the plan of the next phase replaces. Got %d. Attach others with billing.attach.", n, len(p.Plans))
		case p.Plans[0].PlanID == "":
			return api.InvalidInputs("phases[%d].plans[0].plan_id: required.", n)
		case cmp.Or(string(p.Plans[0].EntityID), in.EntityID) != in.of():
			return api.Invalid("phases[%d].plans[0].entity_id: a schedule is of one entity, or of the customer. Leave it out, and name the entity in entity_id.", n)
		}
	}
	first, second := in.Phases[0], in.Phases[1]
	now := len(first.StartsAt) == 0 || string(first.StartsAt) == "null" || string(first.StartsAt) == `"now"`
	switch {
	case !now || first.After != nil:
		return api.Invalid("phases[0].starts_at: the first phase begins now. Pass in \"now\", or leave it out.")
	case first.Plans[0].PlanID == second.Plans[0].PlanID:
		return api.Invalid("phases[1].plans[0].plan_id: it is the plan of the first phase, which goes on by itself. Change it with billing.update once its time has come.")
	case second.After != nil && len(second.StartsAt) > 0 && string(second.StartsAt) != "null":
		return api.InvalidInputs("phases[1]: send starts_at or starting_after.")
	case second.After == nil && (len(second.StartsAt) == 0 || string(second.StartsAt) == "null"):
		return api.InvalidInputs("phases[1].starts_at: required, or starting_after.")
	case second.After != nil && (second.After.Count < 1 || second.After.Duration != "month" && second.After.Duration != "year"):
		return api.InvalidInputs("phases[1].starting_after: a duration_type of month or year, and a duration_count of 1 or more.")
	}
	return nil
}

// of is the entity whose schedule it is; "" is the customer.
func (in scheduleRequest) of() string {
	return cmp.Or(string(in.Phases[0].Plans[0].EntityID), in.EntityID)
}

// command attaches the plan of a phase.
func (in scheduleRequest) command(req api.Request, n int) (cmd app.AttachCommand, err error) {
	plan := in.Phases[n].Plans[0]
	cmd = app.AttachCommand{CustomerID: in.CustomerID, EntityID: in.of(), ProductIDs: []string{plan.PlanID}, Version: int(plan.Version)}
	terms, page := in.purchaseTerms, in.pageTerms
	if n > 0 { // they are of what begins now
		terms, page = purchaseTerms{AutomaticTax: terms.AutomaticTax}, pageTerms{Currency: page.Currency}
	}
	if err := terms.into(&cmd, req); err != nil {
		return cmd, err
	}
	if err := page.into(&cmd); err != nil {
		return cmd, err
	}
	if err := plan.Customize.into(&cmd); err != nil {
		return cmd, err
	}
	cmd.Terms.Anew, cmd.Terms.BeginIfCan, cmd.Terms.Schedule = true, true, billing.Immediate
	if n > 0 {
		cmd.Terms.Schedule = billing.EndOfCycle
	}
	if cmd.Terms.Uncharged, err = uncharged("billing_behavior", in.Proration); err != nil {
		return cmd, err
	}
	return cmd, addQuantities(&cmd.Terms, "", plan.Quantities, false)
}

// create begins the first phase, unless its plan runs already, and schedules the second:
// two commands. A call that is interrupted between them is repeated: the first phase
// runs then.
func (s schedule) create(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[scheduleRequest](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	first, err := in.command(req, 0)
	if err != nil {
		return nil, err
	}
	second, err := in.command(req, 1)
	if err != nil {
		return nil, err
	}
	second = first.FollowedBy(second)
	out := scheduleJSON{CustomerID: in.CustomerID, EntityID: api.OrNull(first.EntityID), Status: "created"}
	found, err := s.app.Preview(ctx, req.Caller, first)
	held := errors.Is(err, refusal.Conflict(billing.ReasonPlanAttached))
	if err != nil && !held {
		return nil, err
	}
	switch {
	case held:
		if err := s.runs(ctx, req, in, first, second); err != nil {
			return nil, err
		}
	case found.Decision.Page:
		return nil, api.Invalid("phases[0]: its plan would be paid on a page, and what follows can only be scheduled once it runs. Attach it with billing.attach, and schedule the second phase when it is paid.")
	default:
		if err := s.follows(found, in.Phases[1], req.Now); err != nil {
			return nil, err
		}
		if err := s.app.Follows(ctx, req.Caller, found, second); err != nil {
			return nil, err
		}
		done, err := s.app.Attach(ctx, req.Caller, first)
		if err != nil {
			return nil, err
		}
		answer := billingAnswer(done, first.EntityID)
		out.Invoice, out.PaymentURL, out.Action = answer.Invoice, answer.PaymentURL, answer.Action
		if done.URL != "" { // the card was refused
			out.Status = "pending_payment"
			out.Phases = []phaseJSON{}
			return out, nil
		}
	}
	state, err := s.app.GetCustomer(ctx, req.Caller, in.CustomerID)
	if err != nil {
		return nil, err
	}
	state = state.Of(entitlement.EntityRef{ID: first.EntityID})
	current := state.CustomerProductOf(in.Phases[0].Plans[0].PlanID, req.Now)
	if current == nil || !current.Running(req.Now) || current.Period.End.IsZero() {
		return nil, errNoPeriod
	}
	if err := s.begins(in.Phases[1], current.Period.End, req.Now); err != nil {
		return nil, err
	}
	if _, err := s.app.Attach(ctx, nth(req.Caller, 1), second); err != nil && !errors.Is(err, refusal.Invalid(billing.ReasonAlreadyScheduled)) {
		return nil, err
	}
	if state, err = s.app.GetCustomer(ctx, req.Caller, in.CustomerID); err != nil {
		return nil, err
	}
	state = state.Of(entitlement.EntityRef{ID: first.EntityID})
	out.ID = api.OrNull("sched_" + current.ID)
	out.Phases = append(out.Phases, phaseJSON{"phase_" + current.ID, api.Millis(current.StartsAt), []string{current.ID}})
	if next := state.CustomerProductOf(in.Phases[1].Plans[0].PlanID, req.Now); next != nil {
		out.Phases = append(out.Phases, phaseJSON{"phase_" + next.ID, api.Millis(next.StartsAt), []string{next.ID}})
	}
	return out, nil
}

// runs refuses terms of a first phase whose plan runs already, unless this very call began it, and
// came to its end or was interrupted: they would have no effect.
func (s schedule) runs(ctx context.Context, req api.Request, in scheduleRequest, first, second app.AttachCommand) error {
	plan, field := in.Phases[0].Plans[0], in.saysOfNew()
	ofPlan := plan.Customize != nil || len(plan.Quantities) > 0 || plan.Version != 0
	if !ofPlan && field == "" {
		return nil
	}
	if begun, err := s.app.Began(ctx, req.Caller, first, second); begun || err != nil {
		return err
	}
	if ofPlan {
		return api.Invalid("phases[0].plans[0]: the customer has this plan already, and a schedule does not change it. Use billing.update, or leave customize, feature_quantities and version out.")
	}
	return api.Invalid("%s: it is of what begins now, and the plan of the first phase runs already, so it would have no effect. Leave it out.", field)
}

// saysOfNew names a term that only what begins now can have; "" for none. An address to return
// to, and what a page shows, are of a page, which no schedule opens by itself.
func (in scheduleRequest) saysOfNew() string {
	switch {
	case len(in.Discounts) > 0:
		return "discounts"
	case in.Trial.given:
		return "free_trial"
	case in.InvoiceMode != nil && in.InvoiceMode.Enabled:
		return "invoice_mode"
	case len(in.CycleAnchor) > 0 && string(in.CycleAnchor) != "null" && string(in.CycleAnchor) != `"now"`: // which autumn-sdk always sends
		return "billing_cycle_anchor"
	case len(in.Metadata) > 0:
		return "metadata"
	case in.Apart:
		return "new_billing_subscription"
	case redirects[in.Redirect].always:
		return "redirect_mode"
	}
	return ""
}

// follows refuses a second phase that the first can't have, before it begins.
func (s schedule) follows(found app.Preview, p phaseRequest, now time.Time) error {
	first := found.Products[0]
	next, err := found.State.Catalog.Product(p.Plans[0].PlanID)
	end := found.Decision.Next(found.Products, now).At
	switch {
	case err != nil:
		return err
	case next.Group != first.Group || next.AddOn || first.AddOn || next.OneOff() || first.OneOff():
		return api.Invalid("phases[1].plans[0].plan_id: %q can't take the place of %q: both must be recurring plans of one group, and no add-ons.", next.ID, first.ID)
	case end.IsZero():
		return errNoPeriod
	}
	return s.begins(p, end, now)
}

var errNoPeriod = &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_request", Message: "phases[0]: its plan has no paid period after which another could begin."}

// begins refuses a phase that is to begin at another moment than the end of the paid
// period. A day is not told from another of it: clocks differ.
func (schedule) begins(p phaseRequest, end, now time.Time) error {
	var at time.Time
	if p.After != nil {
		at = money.Cycle{Interval: money.Interval(p.After.Duration), Count: p.After.Count}.After(now, 1)
	} else {
		ms, err := strconv.ParseInt(string(p.StartsAt), 10, 64)
		if err != nil {
			return api.InvalidInputs("phases[1].starts_at: milliseconds since 1970.")
		}
		at = time.UnixMilli(ms).UTC()
	}
	if off := at.Sub(end); off < -24*time.Hour || off > 24*time.Hour {
		return api.Invalid("phases[1]: a plan that follows begins when the paid period of the one before ends, which is %s (%d). Pass that in as starts_at.", end.UTC().Format(time.RFC3339), end.UnixMilli())
	}
	return nil
}
