package customers

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/billing"
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
	t := ui.Table{Caption: "Timeline", Columns: []ui.Column{{Name: "When"}, {Name: "Who"}, {Name: "What"}, {Name: "Why"}, {Name: "Amount", Number: true}}, Empty: "Nothing happened yet."}
	for _, e := range entries {
		amount := ""
		if e.Currency != "" && (e.Amount != 0 || len(e.Lines) > 0) {
			amount = ui.Price(e.Amount, e.Currency)
		}
		t.Rows = append(t.Rows, []templ.Component{ui.MinuteOf(e.At), ui.T(actor(e.Actor)), ui.T(what(e)), ui.T(why(e)), ui.T(amount)})
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
	return "API key " + a
}

// what is the change in a few words: attach: starts pro; ends free.
func what(e billing.Audit) string {
	text := strings.ReplaceAll(e.Action, "_", " ")
	var parts []string
	for _, p := range []struct {
		verb string
		ids  []string
	}{{"starts", e.Started}, {"ends", e.Ended}, {"schedules", e.Scheduled}, {"drops", e.Dropped}} {
		if len(p.ids) > 0 {
			parts = append(parts, p.verb+" "+strings.Join(p.ids, ", "))
		}
	}
	for _, c := range e.Changes {
		parts = append(parts, c.Field+": "+quoted(c.Old)+" → "+quoted(c.New))
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, "; ")
	}
	return text
}

func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// why is the rule in a sentence, with its arithmetic.
func why(e billing.Audit) string {
	if sum := e.Arithmetic(); sum != "" && e.Amount != 0 {
		return e.Why + " " + sum
	}
	return e.Why
}
