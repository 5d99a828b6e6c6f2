package customers

import (
	"cmp"
	"context"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// timeline is the history of a customer, the newest first.
func (p pages) timeline(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	entries, next, err := p.app.Store.Audit(ctx, r.Session.Env, s.Customer.InternalID, r.Query("cursor"), listed)
	if err != nil {
		return web.Answer{}, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	t := ui.Table{Caption: "Timeline", Columns: []ui.Column{{Name: "When"}, {Name: "Who"}, {Name: "What"}, {Name: "Why"}, {Name: "Amount", Number: true}}, Empty: "Nothing happened yet."}
	for _, e := range entries {
		amount := ""
		if e.Currency != "" && (e.Amount != 0 || len(e.Lines) > 0) {
			amount = ui.Price(e.Amount, e.Currency)
		}
		t.Rows = append(t.Rows, []templ.Component{ui.MinuteOf(e.At), ui.T(actor(e.Actor)), ui.T(what(e, cat)), ui.T(why(e, cat)), ui.T(amount)})
	}
	page := of(s.Customer, r, "timeline")
	page.Body = ui.TablePart(t)
	page.Paging = paging(r, ui.With(pathOf(s.Customer), "tab", "timeline"), next)
	return web.Show(page), nil
}

// actor is who did it.
func actor(a string) string {
	switch {
	case a == "stripe":
		return "Stripe"
	case a == "schedule":
		return "Schedule"
	case strings.HasPrefix(a, "dashboard:"):
		return strings.TrimPrefix(a, "dashboard:")
	}
	return "API key " + a + "…"
}

// actions are what was done, as people say it; an attach is what it starts and ends.
var actions = map[string]string{
	"attach": "", "create": "Customer created", "edit": "Details changed", "cancel": "Cancel", "follow": "News of the subscription",
	"link_stripe": "Known to Stripe", "redeem": "Redemption", "apply_reward": "Reward applied", "take_off_reward": "Reward taken off",
	"put_back_reward": "Reward put back", "set_balances": "Balance changed", "bill_usage": "Usage billed", "compare_invoice": "Invoice compared",
	"finalize_invoice": "Invoice made", "collect_invoice": "Invoice collected", "setup_payment": "Card kept",
}

// what is the change in a few words: Starts Pro; ends Free.
func what(e billing.Audit, cat *catalog.Catalog) string {
	if e.Rule == "page_expired" {
		return "Checkout page expired"
	}
	text, known := actions[e.Action]
	if !known {
		text = strings.ReplaceAll(e.Action, "_", " ")
	}
	var parts []string
	for _, p := range []struct {
		verb string
		ids  []string
	}{{"starts", e.Started}, {"ends", e.Ended}, {"schedules", e.Scheduled}, {"drops", e.Dropped}} {
		var names []string
		for _, id := range p.ids {
			names = append(names, productName(cat, id))
		}
		if len(names) > 0 {
			parts = append(parts, p.verb+" "+strings.Join(names, ", "))
		}
	}
	for _, c := range e.Changes {
		field := c.Field
		if feature, is := strings.CutPrefix(field, balanceOf); is {
			field = balanceOf + featureName(cat, feature)
		}
		parts = append(parts, field+": "+quoted(c.Old)+" → "+quoted(c.New))
	}
	all := strings.Join(parts, "; ")
	switch {
	case text == "":
		text = cmp.Or(all, "Product enabled")
	case all != "":
		text += ": " + all
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// balanceOf begins the name of the field of a balance, which ends with the feature.
const balanceOf = "balance of "

// why is the rule in a sentence, with its arithmetic where there is any: a single price is the amount beside it.
func why(e billing.Audit, cat *catalog.Catalog) string {
	text := web.Named(strings.ReplaceAll(e.Why, "past_due", "past due"), cat)
	for _, c := range e.Changes {
		if feature, is := strings.CutPrefix(c.Field, balanceOf); is {
			text = strings.Replace(text, " "+feature+" ", " "+featureName(cat, feature)+" ", 1)
		}
	}
	if sum := e.Arithmetic(); sum != "" && e.Amount != 0 && (e.Sum != "" || len(e.Lines) > 1) {
		return text + " " + sum
	}
	return text
}
