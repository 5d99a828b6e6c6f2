package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// Whatever a viewer sends to whatever address, no row changes: neither by a form, nor by a confirmation of one's own making,
// nor by the ticket of an editor.
func TestDASH18AViewerEverywhere(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	dashboard.Fill(w)
	vera, ed := userOf(t, w, "vera@example.com", app.Viewer), userOf(t, w, "ed@example.com", app.Editor)
	csrf := vera.Get("/dashboard").FormOf("Sign out").Values.Get("csrf")
	ticket := ed.Get("/dashboard/customers/ada/reward").Form("Give reward").Press("Preview").Form("What will happen").Values
	before, users := rows(w), usersOf(t, w)
	for _, rt := range routes(http.MethodPost) {
		if rt.Pattern == "/dashboard/sign-out" || strings.HasSuffix(rt.Pattern, "/login") || strings.HasSuffix(rt.Pattern, "/welcome") {
			continue
		}
		for _, preview := range []string{"", "x", "eA.eA", ticket.Get("preview")} {
			form := url.Values{}
			for name, v := range ticket {
				form[name] = v
			}
			for name, v := range map[string]string{"csrf": csrf, "opened_in": "sandbox", "preview": preview, "env": "sandbox", "email": "ed@example.com", "role": "viewer", "name": "n", "id": "n", "rows": "a,a@example.com"} {
				form.Set(name, v)
			}
			a := vera.Raw(http.MethodPost, rt.Pattern, form)
			if a.Code >= http.StatusInternalServerError || preview != "" && a.Code == http.StatusSeeOther && rt.Pattern != "/dashboard/environment" {
				t.Errorf("POST %s with ticket %q: %d", rt.Pattern, preview, a.Code)
			}
			if rows(w) != before || usersOf(t, w) != users {
				t.Fatalf("POST %s with ticket %q changed a row", rt.Pattern, preview)
			}
		}
	}
	for path, button := range map[string]string{"/dashboard/customers/import": "Preview", "/dashboard/customers/new": "Create Customer", "/dashboard/keys/new": "Create", "/dashboard/settings/users/new": "Create"} {
		if vera.Get(path).Has("button", button) {
			t.Errorf("%s: a viewer gets the button %s", path, button)
		}
	}
}

// Each button that a viewer gets does something for them.
func TestDASH18ButtonsOfAViewer(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	dashboard.Fill(w)
	vera := userOf(t, w, "vera@example.com", app.Viewer)
	pressed := 0
	for _, listed := range dashboard.Pages(t, ".") {
		for _, f := range vera.Try(listed.Path).Forms() {
			if f.Action == "/dashboard/sign-out" || len(f.Buttons()) == 0 {
				continue
			}
			if pressed++; f.Post().Status == http.StatusForbidden {
				t.Errorf("%s: a viewer gets the button %q, and is refused", listed.Path, f.Buttons())
			}
		}
	}
	if pressed < 20 {
		t.Errorf("only %d buttons were pressed", pressed)
	}
}

func usersOf(t *testing.T, w *world.World) string {
	t.Helper()
	all, err := w.Stack.Accounts().Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(all)
}

// A link to choose a password is good for one choice, however many choose at once; and for nobody who was removed, also where
// the address has a user again.
func TestDASH18OneChoiceOfManyAtOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	accounts, now := w.Stack.Accounts(), w.Stack.Sim.Now()
	userOf(t, w, "ed@example.com", app.Editor)
	token, err := accounts.Create(t.Context(), "test", "eve@example.com", app.Editor, now)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	chosen := make([]bool, 6)
	for i := range chosen {
		all.Go(func() {
			word := fmt.Sprint("a password of number ", i)
			_, err := accounts.Choose(t.Context(), token, word, word, now)
			chosen[i] = err == nil
		})
	}
	all.Wait()
	good := 0
	for i, was := range chosen {
		b := deployed(t, w)
		b.From = fmt.Sprint("192.0.2.", i)
		if p := signIn(b, "eve@example.com", fmt.Sprint("a password of number ", i)); (p.H1() == "Overview") != was {
			t.Errorf("choice %d: chosen %v, and %q", i, was, p.H1())
		}
		if was {
			good++
		}
		w.Advance("16m") // guesses are counted
	}
	if good != 1 {
		t.Errorf("%d choices of one link", good)
	}

	now = w.Stack.Sim.Now()
	old, err := accounts.Link(t.Context(), "eve@example.com", now)
	if err != nil {
		t.Fatal(err)
	}
	b := deployed(t, w)
	link := ui.With(ui.Path("welcome"), "token", old)
	form := b.Get(link).Form("Choose a password").Fill("Password", password).Fill("Repeat password", password)
	if err := accounts.Remove(t.Context(), "eve@example.com", now); err != nil {
		t.Fatal(err)
	}
	form.Press("Save password").Refused(http.StatusGone, "This link was used")
	w.Advance("1m")
	if _, err := accounts.Create(t.Context(), "test", "eve@example.com", app.Editor, w.Stack.Sim.Now()); err != nil {
		t.Fatal(err)
	}
	form.Press("Save password").Refused(http.StatusGone, "This link was used")
	b.Try(link).Refused(http.StatusGone, "This link was used")
	signIn(b, "eve@example.com", password).Refused(http.StatusUnauthorized, "E-mail or password is wrong.")
}

var fileOf = regexp.MustCompile(`^attachment; filename="customers(-[0-9]+)?\.csv"$`)

// What somebody typed never begins a header, whatever line ends it holds; and a file has the name that we gave it.
func TestDASH18NoHeaderIsInjected(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	dashboard.Fill(w)
	const injected = "x\r\nX-Injected: yes\r\nSet-Cookie: a=b"
	check := func(what string, h http.Header) {
		t.Helper()
		for name, values := range h {
			if all := strings.Join(values, " "); strings.Contains(name, "Injected") || strings.ContainsAny(all, "\r\n") || strings.Contains(all, "a=b") {
				t.Errorf("%s: %s: %q", what, name, all)
			}
		}
	}
	for _, rt := range routes(http.MethodGet) {
		for _, name := range []string{"q", "cursor", "part", "tab", "back", "token", "status", "from", "go", "code", "invoice"} {
			check("GET "+rt.Pattern, b.Raw(http.MethodGet, ui.With(rt.Pattern, name, injected), nil).Header())
		}
		check("GET "+rt.Pattern, b.Raw(http.MethodGet, strings.ReplaceAll(rt.Pattern, "ada", url.PathEscape(injected)), nil).Header())
	}
	for _, part := range []string{"1", "2", `2"; filename="evil.exe`, "-1", "999999999999999999999"} {
		a := b.Raw(http.MethodGet, ui.With("/dashboard/customers/export/part", "part", part), nil)
		if name := a.Header().Get("Content-Disposition"); !fileOf.MatchString(name) {
			t.Errorf("part %q: %s", part, name)
		}
	}
	f := b.Get("/dashboard/customers/new").Form("New customer").Fill("Name", injected).Fill("E-mail", "h@example.com").Fill("ID", "h\r\nX-Injected: yes")
	check("a customer with such an id", f.Raw(http.MethodPost, f.Action, f.Values).Header())
	f.Fill("ID", "h")
	check("a customer with such a name", f.Raw(http.MethodPost, f.Action, f.Values).Header())
	f = b.Get("/dashboard").FormOf("Sandbox")
	f.Values.Set("env", "sandbox")
	f.Values.Set("back", "/dashboard\r\nX-Injected: yes")
	check("a way back", f.Raw(http.MethodPost, f.Action, f.Values).Header())
}

// A form of another kind than those of pages is none; one that is too long costs a stranger's request nothing.
func TestDASH18FormsOfAnotherKind(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	b := userOf(t, w, "ed@example.com", app.Editor)
	f := b.Get("/dashboard/customers/new").Form("New customer").Fill("ID", "x")
	before := rows(w)
	for _, kind := range []string{"text/plain", "application/json", "multipart/form-data; boundary=x", ""} {
		if a := b.Raw(http.MethodPost, f.Action, f.Values, func(r *http.Request) { r.Header.Set("Content-Type", kind) }); a.Code != http.StatusForbidden && a.Code != http.StatusBadRequest {
			t.Errorf("as %q: %d", kind, a.Code)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, "PROPFIND"} {
		if a := b.Raw(method, f.Action, f.Values); a.Code < 400 || a.Code >= 500 {
			t.Errorf("%s: %d", method, a.Code)
		}
	}
	stranger := deployed(t, w)
	stranger.Post("/dashboard/login", url.Values{"email": {"ed@example.com"}, "password": {strings.Repeat("x", 1<<20)}}).Refused(http.StatusRequestEntityTooLarge, "This form has more than 1024 KB.")
	stranger.Post("/dashboard/login", url.Values{"email": {strings.Repeat("x", 1<<19)}, "password": {"x"}}).Refused(http.StatusUnauthorized, "E-mail or password is wrong.")
	if rows(w) != before {
		t.Error("a row changed")
	}
}
