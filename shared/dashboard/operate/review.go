package operate

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// A verdict is one of the two that a person can give of a held redemption.
type verdict struct{ path, verdict, title, button, said string }

var (
	approve = verdict{"approve", referral.Approved, "Approve redemption", "Confirm approve", "Redemption approved."}
	reject  = verdict{"reject", referral.Rejected, "Reject redemption", "Confirm reject", "Redemption rejected."}
)

// review gives a held redemption its reward, or refuses it.
func (p pages) review(v verdict) web.Command {
	of := func(r *web.Request) app.Review { return app.Review{RedemptionID: r.Param("id"), Verdict: v.verdict} }
	return web.Command{
		Path: "/dashboard/redemptions/{id}/" + v.path,
		Title: func(context.Context, *web.Request) (ui.Page, error) {
			return ui.Page{Title: v.title, Nav: "Redemptions", Narrow: true, Back: backToHeld}, nil
		},
		Decide: func(ctx context.Context, r *web.Request) (web.Decided, error) {
			d, err := p.app.PreviewReview(ctx, r.Caller(), of(r))
			if err != nil {
				return web.Decided{}, notHeld(err)
			}
			var out web.Decided
			out.Button, out.Danger = v.button, v.verdict == referral.Rejected
			people, err := p.peopleOf(ctx, r, []referral.Redemption{d.Before})
			if err != nil {
				return web.Decided{}, err
			}
			out.Sentences = append([]string{brought(people, d.Before)}, p.sentences(d)...)
			out.Decision = []any{d.Redemption.Status, d.Before.Version, d.Redemption.Reward}
			return out, nil
		},
		Did: func(ctx context.Context, r *web.Request) (bool, error) {
			found, err := p.app.Redemption(ctx, r.Caller(), r.Param("id"))
			return found.Review == v.verdict, err
		},
		Do: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			if _, err := p.app.ReviewRedemption(ctx, r.Caller(), of(r)); err != nil {
				return web.Answer{}, notHeld(err)
			}
			return web.Done(heldPath, v.said), nil
		},
	}
}

var backToHeld = ui.Link{Text: "Back to redemptions", Href: heldPath}

// notHeld leads back from a redemption that is no more, or not, held.
func notHeld(err error) error {
	e, known := refusalOf(err)
	switch {
	case known && e.Reason == app.ReasonNotHeld:
		return web.WithLink(web.Refuse(http.StatusConflict, "This redemption is not held any more. Nothing was done."), backToHeld)
	case known && e.Kind == refusal.KindNotFound:
		return web.WithLink(err, backToHeld)
	}
	return err
}

// brought says whose redemption it is.
func brought(people map[string]billing.Customer, r referral.Redemption) string {
	name := func(key string) string {
		if c, found := people[key]; found {
			return c.Label()
		}
		return key
	}
	if !r.Referral() {
		return name(r.RedeemerID) + " redeemed the code " + r.Code + "."
	}
	return name(r.RedeemerID) + " redeemed the code " + r.Code + " of " + name(r.ReferrerID) + "."
}

// sentences say what a decision about a redemption does to each side.
func (p pages) sentences(d billing.RedeemDecision) (all []string) {
	if reward := d.Before.Reward; reward != nil && d.Redemption.Status != referral.Refused {
		all = append(all, "The reward “"+cmp.Or(reward.Name, reward.ID)+"” is given.")
	}
	if d.Referrer != nil {
		both := d.Redemption.Redeemer.Status != ""
		all = append(all, got(*d.Referrer, "gets it, as the referrer.", true), got(d.Redeemer, "gets it, as the new customer.", both))
	}
	if d.Redemption.Status == referral.Refused {
		all = append(all, "Nobody gets the reward. This can't be undone.")
	}
	if d.Places < 0 {
		all = append(all, "The code has room for one more redemption again.")
	}
	return all
}

// got says that one side gets the reward, or why it does not: what the history says after its first sentence.
func got(s billing.Settlement, gets string, promised bool) string {
	name := s.Customer.Label()
	if !promised {
		return name + " gets nothing: the reward is for the referrer alone."
	}
	if _, whyNot, none := strings.Cut(s.Audit.Why, ". "); none {
		return name + " does not get it. " + whyNot
	}
	return name + " " + gets
}
