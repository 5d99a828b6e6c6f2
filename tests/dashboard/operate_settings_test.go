package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// Settings are those of the API, and each change is an action of who made it.
func TestDASH84Behaviour(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	p := b.Get("/dashboard/settings").Titled("Settings")
	f := p.Form("Behaviour")
	f.Check("Keep access while a payment is past due").Fill("Days for which usage is kept", "90").Press("Save").Said("Saved.")
	settings := w.Get("/v1/settings")
	w.Want("keep access", settings["keep_access_when_past_due"], true)
	w.Want("days", settings["usage_event_days"], 90)
	w.Want("what was not touched", settings["refund_ends_access"], false)
	p = b.Get("/dashboard/settings")
	f = p.Form("Behaviour")
	if f.Value("Days for which usage is kept") != "90" || f.Value("Keep access while a payment is past due") != "on" || f.Value("Currency") != "USD" {
		t.Error("the form does not show what was saved")
	}
	f.Fill("Days for which usage is kept", "9999").Press("Save").Refused(http.StatusBadRequest, "Days for which usage is kept: usage_event_days: a whole number from 1 to 3660.")
	b.Get("/dashboard/settings").Form("Behaviour").Fill("Days for which usage is kept", "many").Press("Save").Refused(http.StatusUnprocessableEntity, "Days for which usage is kept: Enter a whole number of days.")
	if p := b.Get("/dashboard/settings").Form("Behaviour").Fill("Currency", "EUR").Press("Save"); p.Status < 400 || !strings.HasPrefix(p.Alert(), "Currency: ") {
		t.Errorf("a currency in which nothing is priced: %d %q", p.Status, p.Alert())
	}
	b.Get("/dashboard/settings").Form("Behaviour").Uncheck("Keep access while a payment is past due").Press("Save").Said("Saved.")
	w.Want("keep access", w.Get("/v1/settings")["keep_access_when_past_due"], false)
	if rows := b.Get("/dashboard/activity?list=actions").Table("Dashboard actions"); len(rows) != 3 || rows[1][1] != "local" || rows[1][4] != "Settings" {
		t.Errorf("the actions are %v", rows)
	}
	if p := b.Get("/dashboard/settings"); p.Requests > dashboard.MaxRequests || !strings.Contains(p.Region("Stripe"), "Connected") {
		t.Errorf("%d requests; Stripe: %q", p.Requests, p.Region("Stripe"))
	}
}

// Where Stripe does not answer, the page says why, and is shown all the same.
func TestDASH85StripeDoesNotAnswer(t *testing.T) {
	t.Parallel()
	_, b, c := openCut(t)
	c.down(".")
	if got := b.Get("/dashboard/settings").Region("Stripe"); !strings.Contains(got, "Not connected Stripe can't be reached right now,") {
		t.Errorf("it says %q", got)
	}
}

// A user is made, gets another role and another link, and is removed; a viewer has none of it.
func TestDASH86Users(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	p := b.Get("/dashboard/settings").Click("+ User").Form("New user").Fill("E-mail", "Vi@Example.com").Choose("Role", "Viewer").Press("Create").Said("User created.")
	link := p.Textbox("Sign-in link")
	if !strings.HasPrefix(link, b.Base+"/dashboard/welcome?token=") {
		t.Fatalf("the link is %q", link)
	}
	if row := b.Get("/dashboard/settings").Row("Users", "vi@example.com"); row["Role"] != "Viewer" || row["Password"] != "Not chosen yet" {
		t.Errorf("listed as %v", row)
	}
	b.Get("/dashboard/settings").Press("New link for vi@example.com").Said("Link made.")
	b.Get("/dashboard/settings").Press("Make Editor of vi@example.com").Said("Role changed.")
	if row := b.Get("/dashboard/settings").Row("Users", "vi@example.com"); row["Role"] != "Editor" {
		t.Errorf("listed as %v", row)
	}
	b.Get("/dashboard/settings/users/new").Form("New user").Fill("E-mail", "vi@example.com").Press("Create").Refused(http.StatusConflict, "E-mail: There is a user with this e-mail already. Make a new sign-in link for them instead.")
	b.Get("/dashboard/settings").Press("Remove vi@example.com").Titled("Remove user").Press("Confirm remove").Said("User removed.")
	b.Try("/dashboard/settings/users/vi@example.com/remove").Refused(http.StatusNotFound, "There is no user vi@example.com. Back to settings")
}

// Another session of mine is ended from here.
func TestDASH87MySessions(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	one, two := dashboard.Open(t, w.Stack.BaseURL, w.Stack), dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	one.Get("/dashboard")
	w.Advance("1h")
	two.Get("/dashboard")
	cookie := one.Cookies["__Host-windfall"]
	p := two.Get("/dashboard/settings")
	if rows := p.Table("Sessions"); len(rows) != 3 || rows[1][3] != "This session" {
		t.Fatalf("the sessions are %v", rows)
	}
	p.Press("End session").Said("Session ended.")
	w.Advance("11s")
	one.Get("/dashboard")
	if one.Cookies["__Host-windfall"] == cookie {
		t.Error("the session that was ended goes on")
	}
}

// A viewer sees and previews all, has no button that changes anything, and is refused.
func TestDASH88AViewer(t *testing.T) {
	t.Parallel()
	w, _, code := referrals(t)
	redeem(w, code, "r1", "jo.e+1@gmail.com")
	v := userOf(t, w, "vera@example.com", app.Viewer)
	for _, page := range []string{"/dashboard", "/dashboard/redemptions", "/dashboard/activity", "/dashboard/keys", "/dashboard/settings"} {
		p := v.Get(page)
		for _, button := range []string{"Save", "Process again", "Revoke backend", "+ API Key", "+ User", "Create"} {
			if p.Has("button", button) || p.Href(button) != "" {
				t.Errorf("%s shows a viewer %q", page, button)
			}
		}
	}
	p := v.Get("/dashboard/redemptions").Press("Approve").Says("What will happen", "You are a viewer: an editor can do this.")
	if p.Has("button", "Confirm approve") {
		t.Error("a viewer may confirm")
	}
	v.Get("/dashboard/keys/new").Form("New API key").Fill("Name", "mine").Post().Refused(http.StatusForbidden, "You are a viewer: you can see everything, and change nothing. Ask an editor.")
	v.Get("/dashboard/settings").Form("Behaviour").Post().Refused(http.StatusForbidden, "You are a viewer: you can see everything, and change nothing. Ask an editor.")
}
