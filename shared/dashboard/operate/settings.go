package operate

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A choice is one setting that is on or off.
type choice struct {
	name, label, hint string
	now               func(catalog.Settings) bool
	set               func(*billing.EditSettings, *bool)
}

var choices = []choice{
	{"keep_access_when_past_due", "Keep access while a payment is past due", "While Stripe tries a card again, the customer keeps what was bought.",
		func(s catalog.Settings) bool { return s.KeepAccessWhenPastDue }, func(e *billing.EditSettings, b *bool) { e.KeepAccessWhenPastDue = b }},
	{"refund_ends_access", "A full refund ends access", "A payment that is refunded in full ends what it paid for.",
		func(s catalog.Settings) bool { return s.RefundEndsAccess }, func(e *billing.EditSettings, b *bool) { e.RefundEndsAccess = b }},
	{"dispute_ends_access", "A dispute ends access", "A payment that the bank takes back ends what it paid for.",
		func(s catalog.Settings) bool { return s.DisputeEndsAccess }, func(e *billing.EditSettings, b *bool) { e.DisputeEndsAccess = b }},
	{"publishable_checkout", "Publishable keys open checkout pages", "For products as they are sold; a web page needs no server then.",
		func(s catalog.Settings) bool { return s.PublishableCheckout }, func(e *billing.EditSettings, b *bool) { e.PublishableCheckout = b }},
	{"publishable_reads_customers", "Publishable keys read customers", "Whoever knows an id sees that customer's products and balances.",
		func(s catalog.Settings) bool { return s.PublishableReadsCustomers }, func(e *billing.EditSettings, b *bool) { e.PublishableReadsCustomers = b }},
	{"automatic_tax", "Stripe computes taxes", "Of what is bought from now on.",
		func(s catalog.Settings) bool { return s.AutomaticTax }, func(e *billing.EditSettings, b *bool) { e.AutomaticTax = b }},
	{"tax_id_collection", "Checkout pages ask for a tax ID", "",
		func(s catalog.Settings) bool { return s.TaxIDCollection }, func(e *billing.EditSettings, b *bool) { e.TaxIDCollection = b }},
}

// settings are the behaviour of the environment, its users, who is signed in, and Stripe's state.
func (p pages) settings() web.FormPage {
	return web.FormPage{Path: "/dashboard/settings", Show: p.showSettings, Save: p.saveSettings}
}

func (p pages) showSettings(ctx context.Context, r *web.Request) (web.View, error) {
	s, err := p.admin.Settings(ctx, r.Caller())
	if err != nil {
		return web.View{}, err
	}
	var all []ui.Field
	for _, c := range choices {
		f := ui.Field{Kind: ui.Checkbox, Name: c.name, Label: c.label, Hint: c.hint}
		if c.now(s) {
			f.Value = "on"
		}
		all = append(all, f)
	}
	all = append(all,
		ui.Field{Kind: ui.Decimal, Name: "usage_event_days", Label: "Days for which usage is kept", Value: strconv.Itoa(s.EventDays()), Hint: "1 to " + strconv.Itoa(catalog.MaxEventDays) + ". Charts and reports of usage reach back so far."},
		ui.Field{Kind: ui.Decimal, Name: "max_usage_per_call", Label: "Most units that one call counts", Value: strconv.FormatInt(s.UsagePerCall(), 10), Hint: "A time sent as a number of units by mistake is refused."},
		ui.Field{Name: "currency", Label: "Currency", Value: strings.ToUpper(string(s.Currency)), Hint: "Of prices that say no other: USD, EUR. It is fixed once anything is priced in it."})
	users, err := p.usersPart(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	sessions, err := p.sessionsPart(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	return web.View{Page: ui.Page{Title: "Settings", Nav: "Settings"}, Form: ui.Form{Heading: "Behaviour", Fields: all, Button: "Save"},
		Below: ui.All(users, sessions, p.stripePart(ctx, r))}, nil
}

func (p pages) saveSettings(ctx context.Context, r *web.Request) (web.Answer, error) {
	var cmd billing.EditSettings
	for _, c := range choices {
		on := r.Checked(c.name)
		c.set(&cmd, &on)
	}
	days, err := strconv.Atoi(r.Value("usage_event_days"))
	if err != nil {
		return web.Answer{}, web.On("usage_event_days", web.Invalid("Enter a whole number of days."))
	}
	most, err := strconv.ParseInt(r.Value("max_usage_per_call"), 10, 64)
	if err != nil {
		return web.Answer{}, web.On("max_usage_per_call", web.Invalid("Enter a whole number."))
	}
	currency := money.Currency(strings.ToLower(r.Value("currency")))
	cmd.UsageEventDays, cmd.MaxUsagePerCall, cmd.Currency = &days, &most, &currency
	if _, err := p.admin.EditSettings(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, web.On(fieldOf(err), err)
	}
	return web.Done(ui.Path("settings"), "Saved."), nil
}

// fieldOf is which field a refusal is about; "" is none of them.
func fieldOf(err error) string {
	if e, known := refusalOf(err); known {
		return fields[e.Reason]
	}
	return ""
}

var fields = map[refusal.Reason]string{
	billing.ReasonEventDays: "usage_event_days", billing.ReasonMaxUsagePerCall: "max_usage_per_call",
	billing.ReasonCurrencyUnknown: "currency", billing.ReasonSettingsCurrencyFixed: "currency",
}

// nobody is a customer whom Stripe does not know: asking for one shows whether Stripe answers.
const nobody = "cus_windfall_asks"

// whyNot says why Stripe cannot be used.
func whyNot(err error) string {
	e, known := refusalOf(err)
	switch {
	case known && e.Reason == app.ReasonStripeNotConfigured:
		return "There is no Stripe key for this environment: the operator puts one into the stack's secret."
	case known && e.Kind == refusal.KindUnavailable:
		return "Stripe can't be reached right now, or has too much to do. Look again in a moment."
	}
	return "Stripe does not take the key of this environment. The operator sees why in the log of the stack."
}

// stripePart says whether Stripe answers, or why not.
func (p pages) stripePart(ctx context.Context, r *web.Request) templ.Component {
	state, tone, why := "Connected", ui.Good, "Stripe answers with the key of this environment."
	if _, err := p.app.Payments.PaymentMethod(ctx, r.Session.Env, nobody); err != nil {
		p.app.Log.WarnContext(ctx, "stripe does not answer", "env", r.Session.Env, "cause", err)
		state, tone, why = "Not connected", ui.Bad, whyNot(err)
	}
	return ui.Section("Stripe", nil, ui.Row(ui.Status(state, tone)), ui.P(why))
}

// sessionsPart lists the sessions of who asks.
func (p pages) sessionsPart(ctx context.Context, r *web.Request) (templ.Component, error) {
	mine, err := p.accounts.Sessions(ctx, r.Session.User)
	if err != nil {
		return nil, err
	}
	t := ui.Table{Caption: "Sessions", Columns: ui.Columns("Signed in", "Last seen", "Environment", "Actions"), Empty: "No sessions."}
	for _, s := range mine {
		action := ui.PostButton("End session", ui.Path("settings", "sessions", "end"), ui.Field{Name: "session", Value: sessionName(s)})
		if s.Hash == r.Session.Hash {
			action = ui.T("This session")
		}
		t.Rows = append(t.Rows, []templ.Component{ui.MinuteOf(s.Since), ui.MinuteOf(s.SeenAt), ui.T(envName(s.Env)), action})
	}
	return ui.Section("Sessions", nil, ui.TablePart(t)), nil
}

func envName(env catalog.Env) string {
	if env == catalog.Live {
		return "Live"
	}
	return "Sandbox"
}
