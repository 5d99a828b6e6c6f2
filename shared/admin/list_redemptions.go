package admin

import (
	"context"
	"slices"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// A RedemptionQuery asks for a page of redemptions; "" asks for all of a kind.
type RedemptionQuery struct {
	Status     string
	ProgramID  string // the caller's or ours; ours also of a program that is deleted
	CustomerID string // as the referrer or the redeemer
	Cursor     string // of the page before; "" is the first
	Limit      int
}

// mostPages bounds how many pages of the table one page of a list is made of.
const mostPages = 10

// Redemptions lists redemptions, newest first. With two conditions a page may be shorter
// than its limit, or empty, although next is not "". The errors are invalid_inputs,
// reward_program_not_found, customer_not_found and invalid_cursor.
func (a *Admin) Redemptions(ctx context.Context, caller app.Caller, q RedemptionQuery) (page []referral.Redemption, next string, err error) {
	of := app.RedemptionsOf{Status: referral.Status(q.Status)}
	if q.Status != "" && !slices.Contains(referral.Statuses(), of.Status) {
		return nil, "", refusal.Invalid(app.ReasonRedemptionStatus, q.Status)
	}
	if q.ProgramID != "" {
		if of.ProgramID, err = a.programOf(ctx, caller, q.ProgramID); err != nil {
			return nil, "", err
		}
	}
	if q.CustomerID != "" {
		if of.CustomerID, err = a.customerOf(ctx, caller, q.CustomerID); err != nil {
			return nil, "", err
		}
	}
	wanted := func(r referral.Redemption) bool {
		return (of.Status == "" || r.Status == of.Status) && (of.ProgramID == "" || r.ProgramID == of.ProgramID)
	}
	next = q.Cursor
	for range mostPages {
		part, after, err := a.store.Redemptions(ctx, caller.Env, of, next, q.Limit-len(page))
		if err != nil {
			return nil, "", err
		}
		for _, r := range part {
			if wanted(r) {
				page = append(page, r)
			}
		}
		if next = after; next == "" || len(page) >= q.Limit {
			break
		}
	}
	return page, next, nil
}

// programOf is the internal id of a program. One that is deleted is known by that alone.
func (a *Admin) programOf(ctx context.Context, caller app.Caller, id string) (string, error) {
	p, err := a.Program(ctx, caller, id)
	if err == nil || !catalog.ProgramLike(id) {
		return p.InternalID, err
	}
	return id, nil
}

func (a *Admin) customerOf(ctx context.Context, caller app.Caller, id string) (string, error) {
	if err := billing.CheckCustomerID(id); err != nil {
		return "", err
	}
	people, err := a.store.CustomersByKey(ctx, caller.Env, id)
	if err != nil {
		return "", err
	}
	c, found := people[id]
	if !found {
		return "", refusal.ErrCustomerNotFound(id)
	}
	return c.InternalID, nil
}
