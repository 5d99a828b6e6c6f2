package v2

import (
	"context"
	"encoding/json"
	"net/http"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// ReferralPrograms serves referral_programs.*: which reward customers earn by bringing
// others.
func ReferralPrograms(a *app.App) api.Dialect {
	p := programs{a, admin.Of(a)}
	return dialect(
		changes("POST /v1/referral_programs.create", "POST /v1/reward_programs", p.create),
		reads("POST /v1/referral_programs.get", "GET /v1/reward_programs/{program_id}", p.get),
		reads("POST /v1/referral_programs.list", "GET /v1/reward_programs", p.list),
		changes("POST /v1/referral_programs.update", "PUT /v1/reward_programs/{program_id}", p.update),
		changes("POST /v1/referral_programs.delete", "DELETE /v1/reward_programs/{program_id}", p.delete))
}

type programs struct {
	app   *app.App
	admin *admin.Admin
}

// programJSON is a referral program in answers.
type programJSON struct {
	ID             string     `json:"id"`
	RewardID       string     `json:"reward_id"`
	RedeemOn       string     `json:"redeem_on"`   // customer_creation or checkout
	ReceivedBy     string     `json:"received_by"` // referrer or all
	MaxRedemptions *int       `json:"max_redemptions"`
	PlanIDs        []string   `json:"plan_ids"` // null unless it waits for a purchase
	ExcludeTrial   bool       `json:"exclude_trial"`
	CreatedAt      api.Millis `json:"created_at"`
}

func programAnswer(p admin.Program, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return programOf(p), nil
}

func programOf(p admin.Program) programJSON {
	out := programJSON{p.ID, p.RewardID, p.When, p.ReceivedBy, limit(p.MaxRedemptions), nil, p.ExcludeTrial, api.Millis(p.CreatedAt)}
	if len(p.ProductIDs) > 0 {
		out.PlanIDs = p.ProductIDs
	}
	return out
}

// programRequest has the terms of a program. Null takes a limit, plans or the choice of
// trials away; what is missing stays as it is.
type programRequest struct {
	RewardID       *string         `json:"reward_id"`
	RedeemOn       *string         `json:"redeem_on"`
	ReceivedBy     *string         `json:"received_by"`
	MaxRedemptions json.RawMessage `json:"max_redemptions"`
	PlanIDs        plansField      `json:"plan_ids"`
	ExcludeTrial   json.RawMessage `json:"exclude_trial"`
}

// patch returns how the request changes terms.
func (in programRequest) patch() (func(*catalog.EditProgram), error) {
	var most *int
	var trial *bool
	if len(in.MaxRedemptions) > 0 && json.Unmarshal(in.MaxRedemptions, &most) != nil {
		return nil, api.InvalidInputs("max_redemptions: a whole number from 1, or null for no limit.")
	}
	if len(in.ExcludeTrial) > 0 && json.Unmarshal(in.ExcludeTrial, &trial) != nil {
		return nil, api.InvalidInputs("exclude_trial: true, false or null.")
	}
	return func(cmd *catalog.EditProgram) {
		for to, from := range map[*string]*string{&cmd.Reward: in.RewardID, &cmd.When: in.RedeemOn, &cmd.ReceivedBy: in.ReceivedBy} {
			if from != nil {
				*to = *from
			}
		}
		if len(in.MaxRedemptions) > 0 {
			cmd.MaxRedemptions = most
		}
		if len(in.ExcludeTrial) > 0 {
			cmd.ExcludeTrial = trial
		}
		switch {
		case in.PlanIDs.given && in.PlanIDs.ids == nil:
			cmd.ProductIDs = nil
		case in.PlanIDs.given:
			cmd.ProductIDs = *in.PlanIDs.ids
		}
	}, nil
}

// newProgram is a program to create.
type newProgram struct {
	ID       string `json:"id"`
	Internal string `json:"internal_id"`
	programRequest
}

func (in newProgram) command() (catalog.EditProgram, error) {
	cmd := catalog.EditProgram{ID: in.ID}
	switch {
	case in.Internal != "":
		return cmd, api.InvalidInputs("internal_id: internal ids are given here. Leave it out.")
	case in.RewardID == nil:
		return cmd, api.InvalidInputs("reward_id: required.")
	}
	patch, err := in.patch()
	if err == nil {
		patch(&cmd)
	}
	return cmd, err
}

func (p programs) create(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[newProgram](req)
	if err != nil {
		return nil, err
	}
	cmd, err := in.command()
	if err != nil {
		return nil, err
	}
	return programAnswer(p.admin.CreateProgram(ctx, req.Caller, cmd))
}

func (p programs) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		ID string `json:"referral_program_id"`
		programRequest
	}](req)
	if err == nil && in.ID == "" {
		err = errNoProgram
	}
	if err != nil {
		return nil, err
	}
	patch, err := in.patch()
	if err != nil {
		return nil, err
	}
	return programAnswer(p.admin.PatchProgram(ctx, req.Caller, in.ID, patch))
}

var errNoProgram = &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_inputs", Message: "referral_program_id: required."}

// programID reads a request that names a program and nothing else.
func programID(req api.Request) (string, error) {
	in, err := api.Decode[struct {
		ID string `json:"referral_program_id"`
	}](req)
	if err == nil && in.ID == "" {
		err = errNoProgram
	}
	return in.ID, err
}

func (p programs) get(ctx context.Context, req api.Request) (any, error) {
	id, err := programID(req)
	if err != nil {
		return nil, err
	}
	found, _, err := p.admin.ProgramWithStats(ctx, req.Caller, id)
	return programAnswer(found, err)
}

func (p programs) list(ctx context.Context, req api.Request) (any, error) {
	if _, err := api.Decode[struct{}](req); err != nil {
		return nil, err
	}
	all, err := p.admin.ListPrograms(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	out := list[programJSON]{[]programJSON{}}
	for _, one := range all {
		out.List = append(out.List, programOf(one))
	}
	return out, nil
}

func (p programs) delete(ctx context.Context, req api.Request) (any, error) {
	id, err := programID(req)
	if err != nil {
		return nil, err
	}
	gone, err := p.admin.DeleteProgram(ctx, req.Caller, id)
	if err != nil {
		return nil, err
	}
	p.app.CloseProgram(ctx, req.Caller, gone.InternalID)
	return succeeded, nil
}
