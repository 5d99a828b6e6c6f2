package v2

import (
	"cmp"
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
)

// Attach serves billing.attach, multi_attach, update, multi_update and create_schedule:
// all that gives, changes or ends plans of a customer.
func Attach(a *app.App) api.Dialect {
	attach := changes("POST /v1/billing.attach", "POST /v1/attach", attachBy(a, attachCommand))
	several := changes("POST /v1/billing.multi_attach", "POST /v1/attach", attachBy(a, multiAttachCommand))
	attach.Access, several.Access = api.Pages, api.Pages
	return dialect(attach, several,
		changes("POST /v1/billing.update", "POST /v1/attach", update{a}.one),
		changes("POST /v1/billing.multi_update", "POST /v1/attach", update{a}.several),
		changes("POST /v1/billing.create_schedule", "POST /v1/attach", schedule{a}.create))
}

// attachBy attaches what a request asks for.
func attachBy(a *app.App, read func(api.Request) (app.AttachCommand, error)) handler {
	return func(ctx context.Context, req api.Request) (any, error) {
		cmd, err := read(req)
		if err != nil {
			return nil, err
		}
		done, err := a.Attach(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return billingAnswer(done, cmd.EntityID), nil
	}
}

type attachRequest struct {
	CustomerID string               `json:"customer_id"`
	Data       *fields.CustomerData `json:"customer_data"`
	EntityID   string               `json:"entity_id"`
	EntityData *fields.EntityData   `json:"entity_data"` // which SDKs send with several plans
	PlanID     string               `json:"plan_id"`
	Quantities []featureQuantity    `json:"feature_quantities"`
	Version    fields.Version       `json:"version"`
	Customize  *customizeRequest    `json:"customize"`
	Schedule   string               `json:"plan_schedule"`
	Proration  string               `json:"proration_behavior"`
	Named      fields.Unset         `json:"subscription_id" instead:"a subscription has the id that customers.get tells. Leave it out, and name it by plan_id or by that id."` // a name of the caller's for what begins
	purchaseTerms
	pageTerms
}

// attachCommand decodes billing.attach; its preview uses it, too.
func attachCommand(req api.Request) (app.AttachCommand, error) {
	in, err := api.Decode[attachRequest](req)
	switch {
	case err != nil:
		return app.AttachCommand{}, err
	case in.CustomerID == "":
		err = fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		err = fields.ErrNoEntity
	case in.PlanID == "":
		err = api.InvalidInputs("plan_id: required.")
	case in.Schedule != "" && in.Schedule != string(billing.Immediate) && in.Schedule != string(billing.EndOfCycle):
		err = api.InvalidInputs("plan_schedule: %.40q is neither immediate nor end_of_cycle.", in.Schedule)
	case req.Publishable:
		err = in.asSold()
	}
	if err != nil {
		return app.AttachCommand{}, err
	}
	cmd := app.AttachCommand{CustomerID: in.CustomerID, Data: in.Data.Data(), EntityID: in.EntityID, EntityData: in.EntityData.Data(), ProductIDs: []string{in.PlanID}, Version: int(in.Version)}
	if err := in.purchaseTerms.into(&cmd, req); err != nil {
		return cmd, err
	}
	if err := in.pageTerms.into(&cmd); err != nil {
		return cmd, err
	}
	if err := in.Customize.into(&cmd); err != nil {
		return cmd, err
	}
	cmd.Terms.Anew, cmd.Terms.Schedule = true, billing.PlanSchedule(in.Schedule)
	if cmd.Terms.Uncharged, err = uncharged("proration_behavior", in.Proration); err != nil {
		return cmd, err
	}
	return cmd, addQuantities(&cmd.Terms, "", in.Quantities, true)
}

// uncharged reads how a change is prorated.
func uncharged(field, behavior string) (bool, error) {
	switch behavior {
	case "", "prorate_immediately":
		return false, nil
	case "none":
		return true, nil
	}
	return false, api.InvalidInputs("%s: prorate_immediately or none, not %.40q.", field, behavior)
}

// asSold refuses terms in a call with a publishable key, which may only open a page for
// a plan as it is sold.
func (in attachRequest) asSold() error {
	for _, term := range []struct {
		field  string
		chosen bool
	}{
		{"version", in.Version != 0},
		{"customize", in.Customize != nil},
		{"plan_schedule", in.Schedule != ""},
		{"proration_behavior", in.Proration != ""},
	} {
		if term.chosen {
			return errAsSold(term.field)
		}
	}
	return in.pageTerms.asSold(in.purchaseTerms, in.Data)
}

func (in pageTerms) asSold(more purchaseTerms, data *fields.CustomerData) error {
	for _, term := range []struct {
		field  string
		chosen bool
	}{
		{"checkout_session_params", len(in.SessionParams) > 0},
		{"metadata", len(in.Metadata) > 0},
		{"new_billing_subscription", in.Apart},
		{"currency", in.Currency != ""},
		{"enable_plan_immediately", in.EnableNow},
		{"free_trial", more.Trial.given},
		{"invoice_mode", more.InvoiceMode != nil},
		{"redirect_mode", redirects[more.Redirect].never},
		{"discounts", len(more.Discounts) > 0},
		{"billing_cycle_anchor", len(more.CycleAnchor) > 0 && string(more.CycleAnchor) != "null"},
		{"automatic_tax", more.AutomaticTax != nil},
		{"customer_data.currency", data != nil && data.Currency != ""},
		{"customer_data.metadata", data != nil && len(data.Metadata) > 0},
	} {
		if term.chosen {
			return errAsSold(term.field)
		}
	}
	return nil
}

func errAsSold(field string) error {
	return api.InvalidInputs("%s: a publishable key can't set it, as it opens a page for a plan as it is sold. Leave it out, or attach with a secret key.", field)
}

type multiAttachRequest struct {
	CustomerID string               `json:"customer_id"`
	Data       *fields.CustomerData `json:"customer_data"`
	EntityID   string               `json:"entity_id"`
	EntityData *fields.EntityData   `json:"entity_data"`
	Plans      []planOfSeveral      `json:"plans"`
	Proration  string               `json:"billing_behavior"`
	purchaseTerms
	pageTerms
}

type planOfSeveral struct {
	PlanID     string            `json:"plan_id"`
	Quantities []featureQuantity `json:"feature_quantities"`
	Version    fields.Version    `json:"version"`
	Customize  *customizeRequest `json:"customize"`
	Named      fields.Unset      `json:"subscription_id" instead:"a subscription has the id that customers.get tells. Leave it out, and name it by plan_id or by that id."`
	EntityID   api.OrNull        `json:"entity_id"`
}

// multiAttachCommand decodes billing.multi_attach: several plans with one payment.
func multiAttachCommand(req api.Request) (app.AttachCommand, error) {
	in, err := api.Decode[multiAttachRequest](req)
	if err == nil {
		err = in.check(req)
	}
	if err != nil {
		return app.AttachCommand{}, err
	}
	cmd := app.AttachCommand{CustomerID: in.CustomerID, Data: in.Data.Data(), EntityData: in.EntityData.Data()}
	if cmd.EntityID, err = oneEntity(in.EntityID, in.Plans); err != nil {
		return cmd, err
	}
	if in.EntityData.Lost(cmd.EntityID) {
		return cmd, fields.ErrNoEntity
	}
	if err := in.purchaseTerms.into(&cmd, req); err != nil {
		return cmd, err
	}
	if err := in.pageTerms.into(&cmd); err != nil {
		return cmd, err
	}
	cmd.Terms.Anew, cmd.Terms.BeginIfCan = true, true
	if cmd.Terms.Uncharged, err = uncharged("billing_behavior", in.Proration); err != nil {
		return cmd, err
	}
	for _, p := range in.Plans {
		cmd.ProductIDs, cmd.Versions = append(cmd.ProductIDs, p.PlanID), append(cmd.Versions, int(p.Version))
		if err := addQuantities(&cmd.Terms, p.PlanID, p.Quantities, true); err != nil {
			return cmd, err
		}
	}
	return cmd, in.Plans[0].Customize.into(&cmd)
}

// oneEntity is the entity that plans are for: each may name it, instead of the request.
func oneEntity(of string, plans []planOfSeveral) (string, error) {
	for n, p := range plans {
		its := cmp.Or(string(p.EntityID), of)
		if n > 0 && its != cmp.Or(string(plans[0].EntityID), of) {
			return "", api.Invalid("plans[%d].entity_id: what is paid together is for one entity, or for the customer. Attach this one in a call of its own.", n)
		}
	}
	return cmp.Or(string(plans[0].EntityID), of), nil
}

func (in multiAttachRequest) check(req api.Request) error {
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case len(in.Plans) == 0:
		return api.InvalidInputs("plans: at least one.")
	case len(in.Plans) > 1 && in.Trial.trial != nil:
		return api.InvalidInputs("free_trial: several plans begin without a trial of their own. Attach the plan on its own.")
	case req.Publishable && in.Proration != "":
		return errAsSold("billing_behavior")
	}
	seen := map[string]bool{}
	for n, p := range in.Plans {
		switch {
		case p.PlanID == "":
			return api.InvalidInputs("plans[%d].plan_id: required.", n)
		case seen[p.PlanID]:
			return api.InvalidInputs("plans: %.80q is given twice.", p.PlanID)
		case p.Customize != nil && len(in.Plans) > 1:
			return api.Invalid("plans[%d].customize: several plans are sold as they are. Attach this one on its own, with billing.attach.", n)
		case req.Publishable && (p.Version != 0 || p.Customize != nil):
			return errAsSold("plans")
		}
		seen[p.PlanID] = true
	}
	if req.Publishable {
		return in.pageTerms.asSold(in.purchaseTerms, in.Data)
	}
	return nil
}
