package customers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/order"
)

// mostReason is how long a typed reason may be: it becomes part of a row.
const mostReason = 500

var reasonField = ui.Field{Name: "reason", Label: "Reason", Hint: "It becomes part of the history.", Autocomplete: "off"}

// because is the request's context with the typed reason.
func because(ctx context.Context, r *web.Request) (context.Context, error) {
	reason := strings.ToValidUTF8(r.Value("reason"), "")
	if len(reason) > mostReason {
		return ctx, web.On("reason", web.Invalid("At most %d bytes.", mostReason))
	}
	return app.WithReason(ctx, reason), nil
}

func (p pages) gift() web.Command {
	return web.Command{
		Path: "/dashboard/customers/{id}/reward", Show: p.showGift, Decide: p.decideGift, Do: p.doGift,
		Did: func(ctx context.Context, r *web.Request) (bool, error) { return p.app.Gave(ctx, r.Caller()) },
	}
}

func (p pages) showGift(ctx context.Context, r *web.Request) (web.View, error) {
	s, cat, err := p.customerAndCatalog(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	rewards := slices.Collect(maps.Values(cat.Rewards))
	order.Stable(rewards, func(a, b *catalog.Reward) int {
		return cmp.Or(cmp.Compare(rewardName(*a), rewardName(*b)), cmp.Compare(a.ID, b.ID))
	})
	page := form(s.Customer, "Give reward")
	if len(rewards) == 0 {
		return web.View{Page: page, Form: ui.Form{Reads: true, Note: "No rewards yet. Create one first."}}, nil
	}
	choices := ui.Field{Kind: ui.Select, Name: "reward", Label: "Reward", Value: rewards[0].ID}
	for _, reward := range rewards {
		name := rewardName(reward)
		if slices.ContainsFunc(rewards, func(o catalog.Reward) bool { return o.ID != reward.ID && rewardName(o) == name }) {
			name += " (" + reward.ID + ")"
		}
		choices.Options = append(choices.Options, ui.Option{Value: reward.ID, Text: name})
	}
	return web.View{Page: page, Form: ui.Form{Reads: true, Button: "Preview", Fields: []ui.Field{choices, reasonField}}}, nil
}

func rewardName(r catalog.Reward) string { return cmp.Or(r.Name, r.ID) }

func (p pages) decideGift(ctx context.Context, r *web.Request) (web.Decided, error) {
	if _, err := because(ctx, r); err != nil {
		return web.Decided{}, err
	}
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Decided{}, err
	}
	found, err := p.app.PreviewGift(ctx, r.Caller(), r.Value("reward"), s.Customer.Key())
	if err != nil {
		return web.Decided{}, err
	}
	preview := ui.Preview{Charges: true, Sentences: giftSentences(found, r.Now), Button: "Give " + rewardName(found.Reward)}
	return web.Decided{Preview: preview, Decision: []any{found.Reward, found.Running, found.State.Queue, found.Gift.Products, had(found.State)}}, nil
}

// giftSentences say what a reward gives, and when.
func giftSentences(g app.GiftPreview, now time.Time) []string {
	name := rewardName(g.Reward)
	switch g.Reward.Type {
	case catalog.FreeProduct:
		product := productName(g.Catalog, g.Reward.FreeProduct)
		if g.Reward.FreePeriods > 0 {
			return []string{fmt.Sprintf("%s gives %s of %s free of charge, as soon as it is their turn.", name, ui.Count(g.Reward.FreePeriods, "period"), product)}
		}
		return []string{product + " is enabled at once, free of charge."}
	case catalog.FeatureGrant:
		var all []string
		for _, grant := range g.Reward.Grants {
			lasts := ""
			if grant.Lasts.Repeats() {
				lasts = ", until " + ui.Day(grant.Lasts.After(now, 1))
			}
			if name := featureName(g.Catalog, grant.FeatureID); grant.Included.IsZero() {
				all = append(all, fmt.Sprintf("%s is on at once%s.", name, lasts))
			} else {
				all = append(all, fmt.Sprintf("%s %s are added to the balance at once%s.", ui.Number(grant.Included), name, lasts))
			}
		}
		return all
	case catalog.InvoiceCredits:
		return []string{fmt.Sprintf("%s of credits pay the next invoices.", ui.Major(g.Reward.Discount.Value, g.Catalog.CurrencyOf(g.Reward))), firstInvoice(g, now, "They are used from")}
	case catalog.PercentageDiscount, catalog.FixedDiscount:
	}
	all := []string{takes(g.Reward, g.Catalog)}
	switch before := ahead(g); {
	case before != "":
		return append(all, fmt.Sprintf("It queues behind %s: one discount runs at a time.", before))
	}
	return append(all, firstInvoice(g, now, "It begins with"))
}

// takes says what a discount takes off: "20 % off every invoice for 3 months."
func takes(r catalog.Reward, cat *catalog.Catalog) string {
	d := *r.Discount
	off := d.Value.String() + " %"
	if r.Type != catalog.PercentageDiscount {
		off = ui.Major(d.Value, cat.CurrencyOf(r))
	}
	of := ""
	if !d.ApplyToAll {
		of = ", for the products and prices that it is limited to"
	}
	switch d.Duration {
	case catalog.OneOffDiscount:
		return fmt.Sprintf("%s takes %s off one invoice%s.", rewardName(r), off, of)
	case catalog.MonthsDiscount:
		return fmt.Sprintf("%s takes %s off every invoice for %s%s.", rewardName(r), off, ui.Count(d.Months, "month"), of)
	}
	return fmt.Sprintf("%s takes %s off every invoice%s.", rewardName(r), off, of)
}

// ahead is what a discount waits for: what waits already, or what runs.
func ahead(g app.GiftPreview) string {
	for _, q := range slices.Backward(g.State.Queue) {
		if !q.Reversal && !q.Gives() {
			return rewardName(q.Reward)
		}
	}
	for _, d := range g.Running {
		if d.SubscriptionID != "" {
			continue
		}
		name := cmp.Or(d.Name, d.RewardID)
		if !d.End.IsZero() {
			name += ", which runs until " + ui.Day(d.End)
		}
		return name
	}
	return ""
}

// firstInvoice says which invoice is the first one that is lowered.
func firstInvoice(g app.GiftPreview, now time.Time, how string) string {
	renewals := g.State.Renewals(g.Catalog, nil, now)
	if len(renewals) == 0 {
		return how + " the next invoice: there is no subscription that renews yet."
	}
	return fmt.Sprintf("%s the invoice of %s.", how, ui.Day(renewals[0].At))
}

func (p pages) doGift(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	why, err := because(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	if _, err := p.app.GiveReward(why, r.Caller(), r.Value("reward"), "", s.Customer.Key()); err != nil {
		return web.Answer{}, err
	}
	return web.Done(pathOf(s.Customer), "Reward given."), nil
}
