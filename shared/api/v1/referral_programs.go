package v1

import (
	"context"
	"slices"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// ReferralPrograms serves /v1/reward_programs: which reward customers earn by
// bringing others.
func ReferralPrograms(a *app.App) api.Dialect {
	m := admin.Of(a)
	return dialect(
		api.Route{Pattern: "POST /v1/reward_programs", Access: api.Secret, Handle: saveProgram(m.CreateProgram), Replays: true},
		api.Route{Pattern: "GET /v1/reward_programs", Access: api.Secret, Handle: listPrograms(m), Replays: false},
		api.Route{Pattern: "GET /v1/reward_programs/{program_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			if err := api.TakesQuery(req); err != nil {
				return nil, err
			}
			p, stats, err := m.ProgramWithStats(ctx, req.Caller, req.PathValue("program_id"))
			out := programAnswer(p, req.Env)
			out.Stats = statsAnswer(stats)
			return out, err
		}, Replays: false},
		api.Route{Pattern: "PUT /v1/reward_programs/{program_id}", Access: api.Secret, Handle: saveProgram(m.EditProgram), Replays: true},
		api.Route{Pattern: "DELETE /v1/reward_programs/{program_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			p, err := m.DeleteProgram(ctx, req.Caller, req.PathValue("program_id"))
			if err == nil {
				a.CloseProgram(ctx, req.Caller, p.InternalID)
			}
			return programAnswer(p, req.Env), err
		}, Replays: true},
	)
}

// saveProgram handles a create or an edit. Unknown fields are refused, as a
// misspelt limit would be no limit.
func saveProgram(save func(context.Context, app.Caller, catalog.EditProgram) (admin.Program, error)) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[programRequest](req)
		if err != nil {
			return nil, err
		}
		cmd, err := in.command(req.PathValue("program_id"))
		if err != nil {
			return nil, err
		}
		p, err := save(ctx, req.Caller, cmd)
		return programAnswer(p, req.Env), err
	}
}

// A programRequest is a referral program in a request, always whole.
type programRequest struct {
	ID               string     `json:"id"`
	When             string     `json:"when"`
	RedeemOn         string     `json:"redeem_on"` // its name in version 2
	InternalRewardID string     `json:"internal_reward_id"`
	RewardID         string     `json:"reward_id"` // likewise
	ReceivedBy       string     `json:"received_by"`
	MaxRedemptions   *int       `json:"max_redemptions"`
	Unlimited        bool       `json:"unlimited_redemptions"`
	ProductIDs       []string   `json:"product_ids"`
	PlanIDs          []string   `json:"plan_ids"` // likewise
	ExcludeTrial     *bool      `json:"exclude_trial"`
	NewCustomersOnly bool       `json:"new_customers_only"`
	HoldDays         int        `json:"hold_days"`
	Guard            *guardJSON `json:"guard"`
}

// A guardJSON says what the rules against fraud do: off, flag or refuse.
type guardJSON struct {
	SameFingerprint catalog.GuardMode `json:"same_fingerprint"`

	SameEmail catalog.GuardMode `json:"same_email"`
	SameCard  catalog.GuardMode `json:"same_card"`
	Ring      catalog.GuardMode `json:"ring"`
	Velocity  *catalog.Velocity `json:"velocity"`
}

func (in programRequest) command(path string) (catalog.EditProgram, error) {
	cmd := catalog.EditProgram{ID: in.ID, When: in.When, Reward: in.InternalRewardID, ReceivedBy: in.ReceivedBy,
		MaxRedemptions: in.MaxRedemptions, ProductIDs: in.ProductIDs, ExcludeTrial: in.ExcludeTrial,
		NewCustomersOnly: in.NewCustomersOnly, HoldDays: in.HoldDays}
	if cmd.Reward == "" {
		cmd.Reward = in.RewardID
	}
	if cmd.When == "" {
		cmd.When = in.RedeemOn
	}
	if cmd.ProductIDs == nil {
		cmd.ProductIDs = in.PlanIDs
	}
	if g := in.Guard; g != nil {
		cmd.Guard = catalog.Guard{SameFingerprint: g.SameFingerprint, SameEmail: g.SameEmail, SameCard: g.SameCard, Ring: g.Ring, Velocity: g.Velocity}
	}
	switch {
	case in.RedeemOn != "" && in.RedeemOn != cmd.When:
		return cmd, api.InvalidInputs("when and redeem_on contradict each other.")
	case in.PlanIDs != nil && !slices.Equal(in.PlanIDs, cmd.ProductIDs):
		return cmd, api.InvalidInputs("product_ids and plan_ids name different products.")
	case cmd.Reward == "":
		return cmd, api.InvalidInputs("internal_reward_id: required.")
	case in.RewardID != "" && in.RewardID != cmd.Reward:
		return cmd, api.InvalidInputs("internal_reward_id and reward_id name different rewards.")
	case in.Unlimited && in.MaxRedemptions != nil:
		return cmd, api.Invalid("unlimited_redemptions and max_redemptions contradict each other.")
	case path != "":
		cmd.ID, cmd.NewID = path, in.ID
	}
	return cmd, nil
}

// A programJSON is a referral program in answers. Every key is always there.
type programJSON struct {
	InternalID       string      `json:"internal_id"`
	ID               string      `json:"id"`
	When             string      `json:"when"`
	InternalRewardID string      `json:"internal_reward_id"`
	RewardID         string      `json:"reward_id"`
	ReceivedBy       string      `json:"received_by"`
	MaxRedemptions   *int        `json:"max_redemptions"`
	Unlimited        bool        `json:"unlimited_redemptions"` // a field of old clients, always false
	ProductIDs       []string    `json:"product_ids"`
	ExcludeTrial     bool        `json:"exclude_trial"`
	NewCustomersOnly bool        `json:"new_customers_only"`
	HoldDays         int         `json:"hold_days"`
	Guard            guardJSON   `json:"guard"`
	Stats            *statsJSON  `json:"stats,omitempty"` // of one program that is asked for
	Org              string      `json:"org_id"`
	Env              catalog.Env `json:"env"`
	CreatedAt        api.Millis  `json:"created_at"`
}

func programAnswer(p admin.Program, env catalog.Env) programJSON {
	out := programJSON{InternalID: p.InternalID, ID: p.ID, When: p.When, InternalRewardID: p.Reward.InternalID,
		RewardID: p.RewardID, ReceivedBy: p.ReceivedBy, ProductIDs: append([]string{}, p.ProductIDs...),
		ExcludeTrial: p.ExcludeTrial, NewCustomersOnly: p.NewCustomersOnly, HoldDays: p.HoldDays,
		Guard: guardJSON{p.Guard.FingerprintMode(), p.Guard.EmailMode(), p.Guard.CardMode(), p.Guard.RingMode(), p.Guard.VelocityRule()}, Org: fields.OrganizationID, Env: env, CreatedAt: api.Millis(p.CreatedAt)}
	if p.MaxRedemptions > 0 {
		out.MaxRedemptions = &p.MaxRedemptions
	}
	return out
}

// A statsJSON is what the redemptions of a program have come to.
type statsJSON struct {
	Codes       int64      `json:"codes"`
	Redemptions int64      `json:"redemptions"`
	Held        int64      `json:"held"`      // now
	Triggered   int64      `json:"triggered"` // ever
	Applied     int64      `json:"applied"`   // ever
	Refused     int64      `json:"refused"`
	Reversed    int64      `json:"reversed"`
	Value       api.Number `json:"value"` // of the rewards given, in the environment's currency; percentages, and amounts in others, are 0
}

func statsAnswer(s admin.Stats) *statsJSON {
	return &statsJSON{s.Codes, s.Redemptions, s.Held, s.Triggered, s.Applied, s.Refused, s.Reversed, api.NumberOf(s.Currency.Major(s.Value))}
}
