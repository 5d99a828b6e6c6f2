package operate

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// who is an actor without the mark of the dashboard.
func who(actor string) string { return strings.TrimPrefix(actor, "dashboard:") }

// spoken is a name of the history as people read it: create_key is Create key.
func spoken(name string) string {
	text := strings.ReplaceAll(name, "_", " ")
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// ofWhat links to what an action changed.
func ofWhat(a app.Action) templ.Component {
	switch a.Of {
	case app.CatalogLog:
		return ui.A("Products", ui.Path("products"))
	case app.SettingsLog, app.UsersLog:
		return ui.A("Settings", ui.Path("settings"))
	case app.KeysLog:
		return ui.A("API keys", ui.Path("keys"))
	case app.ActivityLog:
		return ui.A("Activity", ui.Path("activity"))
	}
	return namedCustomer(a.Name, a.Path, a.Of)
}

// namedCustomer links to the customer of an entry. One from before names were kept has the internal id.
func namedCustomer(name, path, internalID string) templ.Component {
	return ui.A(cmp.Or(name, internalID), ui.Path("customers", cmp.Or(path, internalID)))
}

var backToActivity = ui.Link{Text: "Back to activity", Href: ui.Path("activity")}

// processAgain gives a failed webhook event its effect.
func (p pages) processAgain(ctx context.Context, r *web.Request) (web.Answer, error) {
	if err := p.attention.ProcessAgain(ctx, r.Caller(), r.Value("event")); err != nil {
		return web.Answer{}, p.failedAgain(ctx, err)
	}
	return web.Done(ui.Path("activity"), "Webhook processed."), nil
}

// finish carries an operation to its end.
func (p pages) finish(ctx context.Context, r *web.Request) (web.Answer, error) {
	done, err := p.attention.Finish(ctx, r.Caller(), r.Form.Get("customer"), r.Value("operation"))
	if err != nil {
		return web.Answer{}, p.failedAgain(ctx, err)
	}
	if !done {
		return web.Answer{}, web.WithLink(web.Refuse(http.StatusConflict, "The customer's page is still open. The operation ends when it is paid, or expires."), backToActivity)
	}
	return web.Done(ui.Path("activity"), "Operation finished."), nil
}

// seen takes an invoice off the list of those that differ.
func (p pages) seen(ctx context.Context, r *web.Request) (web.Answer, error) {
	if err := p.attention.Seen(ctx, r.Caller(), r.Value("customer"), r.Value("entry")); err != nil {
		return web.Answer{}, err
	}
	return web.Done(ui.Path("activity"), "Marked as seen."), nil
}

// failedAgain tells why a thing that failed did so once more. A fault of our own is logged, and its
// cause shown: whoever asks for another try has to know it.
func (p pages) failedAgain(ctx context.Context, err error) error {
	if _, known := refusalOf(err); known {
		return web.WithLink(err, backToActivity)
	}
	p.app.Log.ErrorContext(ctx, "another try failed", "cause", err)
	return web.WithLink(web.Refuse(http.StatusConflict, "It failed again: %v", err), backToActivity)
}
