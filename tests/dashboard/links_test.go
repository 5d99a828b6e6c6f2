package dashboard_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// Of several links for a user the first one that is used ends the others, and so does the end of the user.
func TestDASH94OneLinkEndsTheOthers(t *testing.T) {
	t.Parallel()
	w := New(t)
	accounts, now := w.Stack.Accounts(), w.Stack.Sim.Now()
	link := func(token string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return ui.With(ui.Path("welcome"), "token", token)
	}
	userOf(t, w, "eve@example.com", app.Editor)
	first := link(accounts.Create(t.Context(), "test", "ada@example.com", app.Editor, now))
	second := link(accounts.Link(t.Context(), "ada@example.com", now))
	b := deployed(t, w)
	early := b.Get(first).Form("Choose a password").Fill("Password", password).Fill("Repeat password", password)
	b.Get(second).Form("Choose a password").Fill("Password", password).Fill("Repeat password", password).Press("Save password").Titled("Overview")
	b.Try(first).Refused(http.StatusGone, "This link was used")
	early.Press("Save password").Refused(http.StatusGone, "This link was used")
	third := link(accounts.Link(t.Context(), "ada@example.com", now))
	if err := accounts.Remove(t.Context(), "ada@example.com", now); err != nil {
		t.Fatal(err)
	}
	b.Try(third).Refused(http.StatusGone, "This link was used")
	w.Advance("1m")
	link(accounts.Create(t.Context(), "test", "ada@example.com", app.Editor, w.Stack.Sim.Now()))
	b.Try(third).Refused(http.StatusGone, "This link was used")
}

// A page to go on at is of the dashboard, and is one line.
func TestDASH95WhereItGoesOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	userOf(t, w, "ada@example.com", app.Editor)
	for _, back := range []string{"/dashboard/\r\nX-Evil: 1", "/dashboard/../v1/customers", "/dashboard/%2e%2e//evil.example", "/dashboard/\\evil.example", "/dashboard/\x00", "/dashboard/%zz"} {
		f := deployed(t, w).Try(ui.With("/dashboard/login", "back", back)).Form("Sign in").Fill("E-mail", "ada@example.com").Fill("Password", password)
		f.Values.Set("back", back)
		if a := f.Raw(http.MethodPost, "/dashboard/login", f.Values); a.Header().Get("Location") != "/dashboard" {
			t.Errorf("back=%q leads to %q", back, a.Header().Get("Location"))
		}
	}
}

// Rows that no customer can have are refused before they are kept.
func TestDASH93LongRows(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	f := b.Get("/dashboard/customers/import").Form("Import customers")
	f.Fill("Rows", strings.Repeat("a,a@example.com\n", 60)+strings.Repeat("x", 400_000))
	if a := b.Raw(http.MethodPost, f.Action, f.Values); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "Rows 51 to 61 are too long") {
		t.Errorf("%d", a.Code)
	}
	f.Fill("Rows", "x,x@example.com").Press("Preview").Says("1 row. Nothing is imported yet.")
}

// Who let whom in, and who made a link to whose password, is among what was done here.
func TestDASH92UsersAreNoted(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	b.Get("/dashboard/settings/users/new").Form("New user").Fill("E-mail", "Bob@example.com").Press("Create").Said("User created.")
	settings := b.Get("/dashboard/settings")
	settings.Press("New link for bob@example.com").Said("Link made.")
	settings.Press("Make Editor of bob@example.com").Said("Role changed.")
	b.Get("/dashboard/settings/users/bob@example.com/remove").Press("Confirm remove").Said("User removed.")
	rows := b.Get("/dashboard/activity?list=actions").Table("Dashboard actions")[1:]
	var got []string
	for _, row := range rows {
		got = append(got, row[1]+" "+row[2]+": "+row[3]+" "+row[4])
	}
	want := []string{
		"local Change role: bob@example.com is editor now. Settings", "local Create user: bob@example.com may sign in as viewer. Settings",
		"local Make sign in link: Whoever has the link can choose the password of bob@example.com. Settings", "local Remove user: bob@example.com can't sign in any more. Settings",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// An address with a slash at its end leads to the page without it, whoever asks and whatever stands behind it; nothing that
// changes something is sent on.
func TestPAGE17ASlashAtTheEnd(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada"})
	for path, want := range map[string]string{
		"/dashboard/": "/dashboard", "/dashboard//": "/dashboard", "/dashboard/?a=b": "/dashboard?a=b", "/dashboard/customers/": "/dashboard/customers",
		"/dashboard/customers/ada/?tab=usage": "/dashboard/customers/ada?tab=usage", "/dashboard/clock/": "/dashboard/clock", "/dashboard/nowhere//": "/dashboard/nowhere",
	} {
		for _, who := range []*dashboard.Browser{b, deployed(t, w)} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				if a := who.Raw(method, path, nil); a.Code != http.StatusSeeOther || a.Header().Get("Location") != want {
					t.Errorf("%s %s: %d to %q, want %q", method, path, a.Code, a.Header().Get("Location"), want)
				}
			}
		}
		if a := b.Raw(http.MethodPost, path, url.Values{}); a.Code < 400 || a.Header().Get("Location") != "" {
			t.Errorf("POST %s: %d", path, a.Code)
		}
	}
	b.Get("/dashboard/").Titled("Overview")
	b.Try("/dashboard/nowhere/").Refused(http.StatusNotFound, "There is no page at this address.")
	if a := w.Do(w.Stack.Key, http.MethodGet, "/v1/customers/ada/", nil); a.Status != http.StatusNotFound {
		t.Errorf("a path of the API: %d", a.Status)
	}
}

// An address of a page of a list that is not there leads to the first page of the same list, and speaks of no field of the API.
func TestPAGE19APageOfNoList(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada"})
	for path, first := range map[string]string{
		"/dashboard/customers?q=ad&cursor=x&back=0": "/dashboard/customers?q=ad", "/dashboard/customers?cursor=x": "/dashboard/customers",
		"/dashboard/customers/ada?tab=timeline&cursor=x&back=0": "/dashboard/customers/ada?tab=timeline", "/dashboard/customers/ada?tab=invoices&cursor=x": "/dashboard/customers/ada?tab=invoices",
		"/dashboard/codes?after=x&back=y": "/dashboard/codes", "/dashboard/redemptions?status=all&cursor=x": "/dashboard/redemptions?status=all",
		"/dashboard/activity?list=failed&cursor=x": "/dashboard/activity?list=failed", "/dashboard/activity?list=actions&cursor=x": "/dashboard/activity?list=actions",
		"/dashboard/keys?cursor=x": "/dashboard/keys", "/dashboard/customers/export?q=ad&cursor=x": "/dashboard/customers/export?q=ad",
	} {
		p := b.Try(path).Refused(http.StatusBadRequest, "This page of the list is not there any more. First page").SaysNot("cursor")
		if got := p.Href("First page"); got != first {
			t.Errorf("%s leads to %q, want %q", path, got, first)
		}
		p.Click("First page")
	}
}
