package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// PreviewAttach serves billing.preview_attach, preview_multi_attach, preview_update and
// preview_multi_update: the same decisions, not carried out.
func PreviewAttach(a *app.App) api.Dialect {
	return dialect(
		reads("POST /v1/billing.preview_attach", "POST /v1/attach/preview", previewBy(a, attachCommand)),
		reads("POST /v1/billing.preview_multi_attach", "POST /v1/attach/preview", previewBy(a, multiAttachCommand)),
		reads("POST /v1/billing.preview_update", "POST /v1/attach/preview", update{a}.previewOne),
		reads("POST /v1/billing.preview_multi_update", "POST /v1/attach/preview", update{a}.previewSeveral))
}

type previewAttachJSON struct {
	previewJSON
	Redirects bool       `json:"redirect_to_checkout"`
	Checkout  api.OrNull `json:"checkout_type"` // stripe_checkout, null for no page
}

func previewBy(a *app.App, read func(api.Request) (app.AttachCommand, error)) handler {
	return func(ctx context.Context, req api.Request) (any, error) {
		cmd, err := read(req)
		if err != nil {
			return nil, err
		}
		found, err := a.Preview(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		out := previewAttachJSON{previewJSON: previewAnswer(found, cmd.CustomerID, req), Redirects: found.Decision.Page}
		if found.Decision.Page {
			out.Checkout = "stripe_checkout"
		}
		return out, nil
	}
}

type previewUpdateJSON struct {
	previewJSON
	Intent string `json:"intent"`
}

// intents name what an update does; what is none of these changes the plan.
var intents = map[billing.Branch]string{billing.BranchQuantity: "update_quantity", billing.BranchRenew: uncancel, billing.BranchUnchanged: "none",
	billing.BranchCancelNow: cancelNow, billing.BranchCancelLater: cancelAtTheEnd, billing.BranchUnschedule: cancelNow}

func (u update) preview(ctx context.Context, caller app.Caller, cmd updateCommand) (app.Preview, error) {
	if cmd.cancel != nil {
		return u.app.PreviewCancel(ctx, caller, *cmd.cancel)
	}
	return u.app.Preview(ctx, caller, cmd.change)
}

func (u update) previewOne(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[updateRequest](req)
	if err != nil {
		return nil, err
	}
	cmd, err := in.command(req)
	if err != nil {
		return nil, err
	}
	found, err := u.preview(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	out := previewUpdateJSON{previewAnswer(found, in.CustomerID, req), "update_plan"}
	if intent, known := intents[found.Decision.Branch]; known {
		out.Intent = intent
	}
	return out, nil
}

type previewMultiUpdateJSON struct {
	CustomerID    string             `json:"customer_id"`
	Currency      money.Currency     `json:"currency"`
	Total         api.Number         `json:"total"`
	Subscriptions []previewOfSeveral `json:"subscriptions"`
}

type previewOfSeveral struct {
	previewJSON
	PlanIDs []string `json:"plan_ids"`
}

// previewSeveral previews each update by itself: two that are billed on one
// subscription come to one total all the same, but for the cent of a proration.
func (u update) previewSeveral(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[multiUpdateRequest](req)
	if err != nil {
		return nil, err
	}
	cmds, err := in.commands(req)
	if err != nil {
		return nil, err
	}
	out := previewMultiUpdateJSON{CustomerID: in.CustomerID, Subscriptions: []previewOfSeveral{}}
	var total money.Amount
	all, err := u.doable(ctx, req, cmds)
	if err != nil {
		return nil, err
	}
	for _, found := range all {
		if found == nil {
			continue
		}
		d := found.Decision
		total += d.DueNow()
		out.Currency, out.Total = d.Currency, api.NumberOf(d.Currency.Major(total))
		out.Subscriptions = append(out.Subscriptions, previewOfSeveral{previewAnswer(*found, in.CustomerID, req), append([]string{}, d.Products...)})
	}
	return out, nil
}
