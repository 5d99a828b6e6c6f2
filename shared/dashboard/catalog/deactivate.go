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

// A codeSwitch turns codes on or off.
type codeSwitch struct {
	name, verb string
	active     bool
	from       reward.Standing // of codes that it changes
	none       string          // what is said where there is none of them
}

var (
	off = codeSwitch{"deactivate", "Deactivate", false, reward.StandsActive, "None of these codes is active any more: there is nothing to deactivate."}
	on  = codeSwitch{"activate", "Activate", true, reward.StandsInactive, "None of these codes is inactive any more: there is nothing to activate."}
)

// changes reports whether a code would be another one afterwards. One of a program that is deleted stays inactive.
func (w codeSwitch) changes(c admin.ListedCode) bool {
	return c.Standing == w.from && (c.Reward != nil || c.Program != nil)
}

// ofReferrals begins the value of a referral code, where that of a promotion code has its reward's id.
const ofReferrals = "referral"

// valueOf names a code in a form: whose it is, its text, and for which customer.
func valueOf(c admin.ListedCode) string {
	if p := c.Promotion; p != nil {
		return p.RewardID + "/" + p.Code + "/" + p.CustomerID
	}
	return ofReferrals + "/" + c.Referral.Code + "/"
}

func textOf(c admin.ListedCode) string {
	if c.Promotion != nil {
		return c.Promotion.Code
	}
	return c.Referral.Code
}

// chosenCodes are the codes that were chosen in a table, as they stand: those that the switch changes, and others.
func (p pages) chosenCodes(ctx context.Context, r *web.Request, w codeSwitch) (changed, others []admin.ListedCode, err error) {
	var codes []reward.PromoCode
	var referrals []string
	chosen := slices.Compact(slices.Sorted(slices.Values(r.Form[fCodes])))
	for _, v := range chosen {
		part := strings.SplitN(v, "/", 3)
		switch {
		case len(part) != 3:
			return nil, nil, web.WithLink(web.Invalid("“%s” names no code.", v), toCodes)
		case part[0] == ofReferrals:
			referrals = append(referrals, part[1])
		default:
			codes = append(codes, reward.PromoCode{RewardID: part[0], Code: part[1], CustomerID: part[2]})
		}
	}
	switch {
	case len(chosen) == 0:
		return nil, nil, web.WithLink(web.Invalid("Choose the codes to %s first.", w.name), toCodes)
	case len(chosen) > perPage:
		return nil, nil, web.WithLink(web.Invalid("Choose at most %d codes at once.", perPage), toCodes)
	}
	c, err := p.read(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	found, err := p.admin.CodesNamed(ctx, r.Caller(), c, referrals, codes...)
	for _, code := range found {
		if w.changes(code) {
			changed = append(changed, code)
		} else {
			others = append(others, code)
		}
	}
	return changed, others, err
}

// switching deactivates codes or activates them, in two steps.
func (p pages) switching(w codeSwitch) web.Command {
	return web.Command{
		Path: "/dashboard/codes/" + w.name,
		Title: func(context.Context, *web.Request) (ui.Page, error) {
			return ui.Page{Title: w.verb + " codes", Nav: "Codes", Back: toCodes, Narrow: true}, nil
		},
		Decide: func(ctx context.Context, r *web.Request) (web.Decided, error) { return p.decideSwitch(ctx, r, w) },
		Do:     func(ctx context.Context, r *web.Request) (web.Answer, error) { return p.switchCodes(ctx, r, w) },
	}
}

// decideSwitch says what becomes of each code. Two requests.
func (p pages) decideSwitch(ctx context.Context, r *web.Request, w codeSwitch) (d web.Decided, err error) {
	changed, others, err := p.chosenCodes(ctx, r, w)
	if err != nil {
		return d, err
	}
	if len(changed) == 0 {
		return d, web.WithLink(web.Invalid("%s", w.none), toCodes)
	}
	for _, code := range changed {
		d.Sentences = append(d.Sentences, w.sentence(code))
	}
	for _, code := range others {
		d.Sentences = append(d.Sentences, fmt.Sprintf("%s is not %s, and stays as it is.", textOf(code), w.from))
	}
	d.Button, d.Danger = w.verb+" "+ui.Count(len(changed), "code"), !w.active
	return d, nil
}

func (w codeSwitch) sentence(c admin.ListedCode) string {
	switch {
	case w.active && c.Promotion != nil:
		return fmt.Sprintf("Customers can use %s again.", textOf(c))
	case w.active:
		return fmt.Sprintf("New customers can redeem %s again, and its owner gets it from your application again.", textOf(c))
	case c.Promotion != nil:
		return fmt.Sprintf("Nobody can use %s any more. What it gave of “%s” stays.", textOf(c), c.Reward.Name)
	}
	return fmt.Sprintf("Nobody can redeem %s any more, and its owner gets no other code in “%s”. Who redeemed it before keeps what it gave, and gets what was promised.", textOf(c), c.Program.ID)
}

// switchCodes does it, code by code.
func (p pages) switchCodes(ctx context.Context, r *web.Request, w codeSwitch) (web.Answer, error) {
	changed, _, err := p.chosenCodes(ctx, r, w)
	if err != nil {
		return web.Answer{}, err
	}
	for _, code := range changed {
		if c := code.Promotion; c != nil {
			_, err = p.admin.EditCode(ctx, r.Caller(), admin.EditCode{RewardID: c.RewardID, Code: c.Code, Customer: c.CustomerID, Active: &w.active})
		} else {
			err = p.app.SwitchReferralCode(ctx, r.Caller(), code.Referral.Code, w.active)
		}
		if err != nil {
			return web.Answer{}, err
		}
	}
	return web.Done(ui.Path("codes"), ui.Count(len(changed), "code")+" "+w.name+"d."), nil
}
