package v1

import (
	"context"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/referral"
)

func readRedemption(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req); err != nil {
			return nil, err
		}
		r, err := a.Redemption(ctx, req.Caller, req.PathValue("redemption_id"))
		return redemptionAnswer(r), err
	}
}

func approve(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if _, err := api.Decode[struct{}](req); err != nil {
			return nil, err
		}
		return review(ctx, a, req, app.Review{Verdict: referral.Approved})
	}
}

func reject(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[rejectRequest](req)
		if err != nil {
			return nil, err
		}
		return review(ctx, a, req, app.Review{Verdict: referral.Rejected, Reason: in.Reason})
	}
}

type rejectRequest struct {
	Reason string `json:"reason"` // for the history; the customer does not see it
}

// longestReason is how long the reason of a rejection may be, in bytes. Our choice.
const longestReason = 500

func review(ctx context.Context, a *app.App, req api.Request, said app.Review) (any, error) {
	if len(said.Reason) > longestReason {
		return nil, api.InvalidInputs("reason: at most 500 bytes.")
	}
	said.RedemptionID = req.PathValue("redemption_id")
	r, err := a.ReviewRedemption(ctx, req.Caller, said)
	return redemptionAnswer(r), err
}

// listRedemptions lists them newest first, with those of one customer, program or status.
func listRedemptions(m *admin.Admin) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req, "status", "program_id", "customer_id", "limit", "cursor"); err != nil {
			return nil, err
		}
		limit, err := api.QueryInt(req, "limit", 50, 1, 100)
		if err != nil {
			return nil, err
		}
		q := req.URL.Query()
		page, next, err := m.Redemptions(ctx, req.Caller, admin.RedemptionQuery{Status: q.Get("status"), ProgramID: q.Get("program_id"),
			CustomerID: q.Get("customer_id"), Cursor: q.Get("cursor"), Limit: limit})
		if err != nil {
			return nil, err
		}
		out := redemptionsJSON{List: []redemptionJSON{}, Next: api.OrNull(next)}
		for _, r := range page {
			out.List = append(out.List, redemptionAnswer(r))
		}
		return out, nil
	}
}

type redemptionsJSON struct {
	List []redemptionJSON `json:"list"`
	Next api.OrNull       `json:"next_cursor"`
}

// A redemptionJSON is a stored redemption. The internal ids name the redeemer
// and the program.
type redemptionJSON struct {
	ID               string          `json:"id"`
	CreatedAt        api.Millis      `json:"created_at"`
	UpdatedAt        api.Millis      `json:"updated_at"`
	InternalCustomer string          `json:"internal_customer_id"`
	InternalProgram  api.OrNull      `json:"internal_reward_program_id"`
	ReferralCode     api.OrNull      `json:"referral_code_id"`
	Triggered        bool            `json:"triggered"`
	Applied          bool            `json:"applied"`
	RedeemerApplied  bool            `json:"redeemer_applied"`
	RewardID         string          `json:"reward_id"`
	CustomerID       string          `json:"customer_id"`
	ReferrerID       api.OrNull      `json:"referrer_id"`
	PromoCode        api.OrNull      `json:"promo_code"` // null of a referral, whose fields are null of a code
	Status           referral.Status `json:"status"`
	ReferrerStatus   api.OrNull      `json:"referrer_status"` // null for a side that gets nothing
	RedeemerStatus   api.OrNull      `json:"redeemer_status"`
	Flags            []referral.Rule `json:"flags"`
	HeldUntil        api.Millis      `json:"held_until"`
	ReversedAt       api.Millis      `json:"reversed_at"`
	Reason           api.OrNull      `json:"reason"`
}

func redemptionAnswer(r referral.Redemption) redemptionJSON {
	code, ofReferral := r.Code, ""
	if r.Referral() {
		code, ofReferral = "", r.Code
	}
	return redemptionJSON{ID: r.ID, CreatedAt: api.Millis(r.CreatedAt), UpdatedAt: api.Millis(r.UpdatedAt),
		InternalCustomer: r.RedeemerInternalID, InternalProgram: api.OrNull(r.ProgramID), ReferralCode: api.OrNull(ofReferral), PromoCode: api.OrNull(code),
		Triggered: r.SetOff(), Applied: r.Has(), RedeemerApplied: r.Redeemer.Status == referral.Applied,
		RewardID: r.RewardID, CustomerID: r.RedeemerID, ReferrerID: api.OrNull(r.ReferrerID),
		Status: r.Status, ReferrerStatus: api.OrNull(r.Referrer.Status), RedeemerStatus: api.OrNull(r.Redeemer.Status),
		Flags: append([]referral.Rule{}, r.Flags...), HeldUntil: api.Millis(r.HeldUntil), ReversedAt: api.Millis(r.ReversedAt), Reason: api.OrNull(r.Reason)}
}
