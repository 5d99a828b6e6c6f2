package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"windfall/shared/admin"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/reward"
)

// chosenCodes are the codes that were chosen in a table, as they stand: those that can be deactivated, and others.
func (p pages) chosenCodes(ctx context.Context, r *web.Request) (active, others []admin.ListedCode, err error) {
	var codes []reward.PromoCode
	for _, v := range slices.Compact(slices.Sorted(slices.Values(r.Form[fCodes]))) {
		part := strings.SplitN(v, "/", 3)
		if len(part) != 3 {
			return nil, nil, web.WithLink(web.Invalid("“%s” names no code.", v), toCodes)
		}
		codes = append(codes, reward.PromoCode{RewardID: part[0], Code: part[1], CustomerID: part[2]})
	}
	switch {
	case len(codes) == 0:
		return nil, nil, web.WithLink(web.Invalid("Choose the codes to deactivate first."), toCodes)
	case len(codes) > perPage:
		return nil, nil, web.WithLink(web.Invalid("Choose at most %d codes at once.", perPage), toCodes)
	}
	c, err := p.read(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	found, err := p.admin.CodesNamed(ctx, r.Caller(), c, codes...)
	for _, code := range found {
		if code.Standing == reward.StandsActive {
			active = append(active, code)
		} else {
			others = append(others, code)
		}
	}
	return active, others, err
}

func (p pages) deactivatePage(context.Context, *web.Request) (ui.Page, error) {
	return ui.Page{Title: "Deactivate codes", Nav: "Codes", Back: toCodes, Narrow: true}, nil
}

// decideDeactivate says which codes nobody could use any more. Two requests.
func (p pages) decideDeactivate(ctx context.Context, r *web.Request) (d web.Decided, err error) {
	active, others, err := p.chosenCodes(ctx, r)
	if err != nil {
		return d, err
	}
	if len(active) == 0 {
		return d, web.WithLink(web.Invalid("None of these codes is active any more: there is nothing to deactivate."), toCodes)
	}
	for _, code := range active {
		d.Sentences = append(d.Sentences, fmt.Sprintf("Nobody can use %s any more. What it gave of “%s” stays.", code.Promotion.Code, code.Reward.Name))
	}
	for _, code := range others {
		d.Sentences = append(d.Sentences, fmt.Sprintf("%s is not active, and stays as it is.", code.Promotion.Code))
	}
	d.Button, d.Danger = "Deactivate "+count(len(active), "code"), true
	return d, nil
}

// deactivate does it, code by code.
func (p pages) deactivate(ctx context.Context, r *web.Request) (web.Answer, error) {
	active, _, err := p.chosenCodes(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	off := false
	for _, code := range active {
		cmd := admin.EditCode{RewardID: code.Promotion.RewardID, Code: code.Promotion.Code, Customer: code.Promotion.CustomerID, Active: &off}
		if _, err := p.admin.EditCode(ctx, r.Caller(), cmd); err != nil {
			return web.Answer{}, err
		}
	}
	return web.Done(ui.Path("codes"), count(len(active), "code")+" deactivated."), nil
}
