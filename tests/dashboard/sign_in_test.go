package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

const password = "correct horse battery staple"

// deployed is a browser of a stack as it is deployed: nobody is signed in by being here.
func deployed(t *testing.T, w *world.World) *dashboard.Browser {
	t.Helper()
	return dashboard.Open(t, w.Stack.BaseURL, w.Stack.Gateway)
}

// userOf makes a user with the password, and signs in.
func userOf(t *testing.T, w *world.World, email string, role app.Role) *dashboard.Browser {
	t.Helper()
	now := w.Stack.Sim.Now()
	token, err := w.Stack.Accounts().Create(t.Context(), "test", email, role, now)
	if err == nil {
		_, err = w.Stack.Accounts().Choose(t.Context(), token, password, password, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := deployed(t, w)
	signIn(b, email, password).Titled("Overview")
	return b
}

func signIn(b *dashboard.Browser, email, password string) *dashboard.Page {
	b.Helper()
	return b.Try("/dashboard/login").Form("Sign in").Fill("E-mail", email).Fill("Password", password).Press("Sign in")
}

// The first admin has a link, which is good once and for half an hour, and chooses a password.
func TestDASH04TheFirstAdmin(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	b := deployed(t, w)
	b.Try("/dashboard/customers?q=a").Titled("Sign in")
	signIn(b, "ada@example.com", password).Refused(http.StatusUnauthorized, "E-mail or password is wrong.")
	token, err := w.Stack.Accounts().Admin(t.Context(), "arn:aws:iam::1:user/ops", " Ada@Example.com", w.Stack.Sim.Now())
	if err != nil {
		t.Fatal(err)
	}
	link := ui.With(ui.Path("welcome"), "token", token)
	p := b.Get(link).Titled("Choose a password").Says("For ada@example.com.")
	p.Form("Choose a password").Fill("Password", "elevenchars").Fill("Repeat password", "elevenchars").Press("Save password").
		Refused(http.StatusUnprocessableEntity, "Password: A password has at least 12 characters; this one has 11.")
	p.Form("Choose a password").Fill("Password", password).Fill("Repeat password", password+"r").Press("Save password").
		Refused(http.StatusUnprocessableEntity, "Repeat password: The two passwords differ.")
	p.Form("Choose a password").Fill("Password", password).Fill("Repeat password", password).Press("Save password").Titled("Overview")
	if !b.Get("/dashboard").Has("button", "Sign out") {
		t.Error("nobody is signed in")
	}
	b.Try(link).Refused(http.StatusGone, "This link was used")
	late, err := w.Stack.Accounts().Link(t.Context(), "ada@example.com", w.Stack.Sim.Now())
	if err != nil {
		t.Fatal(err)
	}
	w.Advance("30m")
	b.Try(ui.With(ui.Path("welcome"), "token", late)).Refused(http.StatusGone, "older than 30 minutes")
	if strings.Contains(w.Stack.Tables(), token) || strings.Contains(w.Stack.Tables(), password) {
		t.Error("the table has a token or a password")
	}
}

// Signing in leads to where one was going; signing out ends the session at once.
func TestDASH05SignInAndOut(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	userOf(t, w, "ada@example.com", app.Editor)
	b := deployed(t, w)
	p := b.Try("/dashboard/keys?x=1").Titled("Sign in")
	p = p.Form("Sign in").Fill("E-mail", "ADA@example.com").Fill("Password", password).Press("Sign in")
	if p.Path != "/dashboard/keys?x=1" {
		t.Errorf("it leads to %s", p.Path)
	}
	for _, back := range []string{"https://evil.example", "//evil.example", "/dashboardx", "/dashboard\\@evil.example", "javascript:alert(1)"} {
		f := deployed(t, w).Try(ui.With("/dashboard/login", "back", back)).Form("Sign in").Fill("E-mail", "ada@example.com").Fill("Password", password)
		if p := f.Press("Sign in"); p.Path != "/dashboard" {
			t.Errorf("back=%s leads to %s", back, p.Path)
		}
	}
	was := b.Cookies["__Host-windfall"]
	b.Get("/dashboard").Press("Sign out").Titled("Sign in")
	b.Cookies["__Host-windfall"] = was
	b.Try("/dashboard").Titled("Sign in")
}

// Guessing has an end for each e-mail and each address, however many guess at once, right password or not.
func TestDASH06Guessing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	userOf(t, w, "ada@example.com", app.Editor)
	const wrong, enough = "E-mail or password is wrong.", "Too many attempts. Try again in 15 minutes."
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		var all sync.WaitGroup
		var mu sync.Mutex
		said := map[string]int{}
		for range 8 {
			all.Go(func() {
				b := deployed(t, w)
				b.From = "192.0.2." + map[string]string{"ada@example.com": "1", "nobody@example.com": "2"}[email]
				p := signIn(b, email, "wrong password")
				mu.Lock()
				defer mu.Unlock()
				said[p.Alert()]++
			})
		}
		all.Wait()
		if said[wrong] != 5 || said[enough] != 3 {
			t.Errorf("%s: %v", email, said)
		}
	}
	b := deployed(t, w)
	signIn(b, "ada@example.com", password).Refused(http.StatusTooManyRequests, enough)
	w.Advance("15m")
	signIn(b, "ada@example.com", password).Titled("Overview")
	for range 7 { // signing in is no attempt
		signIn(b, "ada@example.com", password).Titled("Overview")
	}
	b.From = "192.0.2.3"
	for i := range 21 {
		want := wrong
		if i == 20 {
			want = enough
		}
		if got := signIn(b, "u"+string(rune('a'+i))+"@example.com", "wrong password").Alert(); got != want {
			t.Errorf("guess %d from an address: %q", i+1, got)
		}
	}
	b.From = "192.0.2.4"
	signIn(b, "ada@example.com", password).Titled("Overview")
}

// Guesses are counted for the network that API Gateway names: an IPv6 address for all of its /64, an IPv4 address for
// itself however it is written. What the browser claims in a header is nothing.
func TestDASH06GuessingFromManyAddresses(t *testing.T) {
	t.Parallel()
	const wrong, enough = "E-mail or password is wrong.", "Too many attempts. Try again in 15 minutes."
	for name, c := range map[string]struct {
		from  func(i int) string
		other string // is counted apart
	}{
		"IPv6":        {func(i int) string { return fmt.Sprintf("2001:db8:0:1:%x::%x", i, i+1) }, "2001:db8:0:2::1"},
		"IPv4 as v6":  {func(i int) string { return []string{"192.0.2.9", "::ffff:192.0.2.9"}[i%2] }, "::ffff:192.0.2.10"},
		"with claims": {func(int) string { return "192.0.2.11" }, "192.0.2.12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			b := deployed(t, w)
			guess := func(i int, from string) string {
				b.From = from
				b.Change = func(r *http.Request) {
					r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
					r.Header.Set("X-Real-Ip", fmt.Sprintf("198.51.100.%d", i))
					r.Header.Set("Forwarded", fmt.Sprintf("for=198.51.100.%d", i))
				}
				return signIn(b, fmt.Sprintf("u%d@example.com", i), "wrong password").Alert()
			}
			for i := range 22 {
				want := wrong
				if i >= 20 {
					want = enough
				}
				if got := guess(i, c.from(i)); got != want {
					t.Errorf("guess %d from %s: %q, want %q", i+1, c.from(i), got, want)
				}
			}
			if got := guess(30, c.other); got != wrong {
				t.Errorf("from %s: %q", c.other, got)
			}
		})
	}
}

// A session ends after eight idle hours, and after seven days; a change of its user ends it within seconds.
func TestDASH07SessionsEnd(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	accounts := w.Stack.Accounts()
	ada, bob := userOf(t, w, "ada@example.com", app.Editor), userOf(t, w, "bob@example.com", app.Viewer)
	w.Advance("7h")
	ada.Get("/dashboard").Titled("Overview")
	w.Advance("7h")
	ada.Get("/dashboard").Titled("Overview")
	bob.Try("/dashboard").Titled("Sign in")
	for range 21 {
		w.Advance("7h")
		ada.Get("/dashboard").Titled("Overview")
	}
	w.Advance("1h")
	ada.Get("/dashboard").Titled("Overview")
	w.Advance("6h") // seven days since the sign-in
	ada.Try("/dashboard").Titled("Sign in")

	signIn(ada, "ada@example.com", password).Titled("Overview")
	signIn(bob, "bob@example.com", password).Titled("Overview").Says()
	if err := accounts.ChangeRole(t.Context(), "bob@example.com", app.Editor, w.Stack.Sim.Now()); err != nil {
		t.Fatal(err)
	}
	w.Advance("10s")
	bob.Try("/dashboard").Titled("Sign in")
	signIn(bob, "bob@example.com", password).Titled("Overview")
	if err := accounts.Remove(t.Context(), "bob@example.com", w.Stack.Sim.Now()); err != nil {
		t.Fatal(err)
	}
	w.Advance("10s")
	bob.Try("/dashboard").Titled("Sign in")
	signIn(bob, "bob@example.com", password).Refused(http.StatusUnauthorized, "E-mail or password is wrong.")
	if err := accounts.Remove(t.Context(), "ada@example.com", w.Stack.Sim.Now()); err == nil || !strings.Contains(err.Error(), "This is the last editor") {
		t.Errorf("the last editor is removed: %v", err)
	}
	ada.Get("/dashboard").Titled("Overview")
}

// Of two editors who remove each other at the same moment, one stays.
func TestDASH08TheLastEditorStays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	accounts, now := w.Stack.Accounts(), w.Stack.Sim.Now()
	userOf(t, w, "ada@example.com", app.Editor)
	userOf(t, w, "bob@example.com", app.Editor)
	if _, err := accounts.Create(t.Context(), "test", "invited@example.com", app.Editor, now); err != nil {
		t.Fatal(err) // who never chose a password can't act
	}
	var both sync.WaitGroup
	errs := make([]error, 2)
	both.Go(func() { errs[0] = accounts.Remove(t.Context(), "ada@example.com", now) })
	both.Go(func() { errs[1] = accounts.ChangeRole(t.Context(), "bob@example.com", app.Viewer, now) })
	both.Wait()
	users, err := accounts.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	acting := 0
	for _, u := range users {
		if u.Acts() {
			acting++
		}
	}
	if acting != 1 || (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("%d editors can act; %v", acting, errs)
	}
}

// A form is good for its session and its environment only, and for no other site.
func TestDASH09Forms(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := &shop{}
	w.Stack.AddPages(s.routes())
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	const expired = "This form has expired. Nothing was done. Reload the page and try again."
	form := func() *dashboard.Form { return b.Get("/dashboard/test/note").Form("New note").Fill("Text", "a") }
	for name, edit := range map[string]func(*dashboard.Form){
		"no token":      func(f *dashboard.Form) { f.Values.Del("csrf") },
		"another token": func(f *dashboard.Form) { f.Values.Set("csrf", "x") },
		"another's": func(f *dashboard.Form) {
			f.Values.Set("csrf", dashboard.Open(t, w.Stack.BaseURL, w.Stack).Get("/dashboard/test/note").Form("New note").Values.Get("csrf"))
		},
		"another site": func(f *dashboard.Form) {
			f.Change = func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
		},
		"another origin": func(f *dashboard.Form) {
			f.Change = func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://evil.example") }
		},
	} {
		f := form()
		edit(f)
		p := f.Press("Save")
		b.Change = nil
		if p.Status != http.StatusForbidden || p.Alert() != expired {
			t.Errorf("%s: %d %q", name, p.Status, p.Alert())
		}
	}
	f := form()
	f.Values.Set("opened_in", "live")
	f.Press("Save").Refused(http.StatusConflict, "This form was opened in live, and you are in sandbox now. Nothing was done.")
	if len(s.done) != 0 {
		t.Errorf("done: %q", s.done)
	}
	p := b.Get("/dashboard")
	if !p.Has("button", "Live") || !strings.Contains(p.Banner(), "Sandbox") || !strings.Contains(p.Banner(), "No Stripe key for live.") {
		t.Errorf("the banner: %s", p.Banner())
	}
	f = p.FormOf("Sandbox")
	f.Values.Set("env", "live")
	f.Post().Refused(http.StatusConflict, "Live has no Stripe key")
	fresh := deployed(t, w)
	if a := fresh.Raw(http.MethodPost, "/dashboard/sign-out", url.Values{}); a.Code != http.StatusForbidden {
		t.Errorf("a form without a session: %d", a.Code)
	}
}

// A viewer sees every page, and is refused what changes something, by the server, too.
func TestDASH10AViewer(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := &shop{price: 20}
	w.Stack.AddPages(s.routes())
	b := userOf(t, w, "vera@example.com", app.Viewer)
	b.Server = w.Stack // the same session, where the pages of this test are
	p := b.Get("/dashboard/test/note")
	if p.Has("button", "Save") {
		t.Error("a viewer gets a button")
	}
	p.Form("New note").Fill("Text", "x").Post().Refused(http.StatusForbidden, "You are a viewer: you can see everything, and change nothing. Ask an editor.")
	p = b.Get("/dashboard/test/buy/hat").Form("Buy hat").Fill("Count", "1").Press("Preview").Says("You are a viewer: an editor can do this.")
	if p.Has("button", "Buy and charge $20.00") {
		t.Error("a viewer can confirm")
	}
	f := p.Form("Buy hat").Fill("Count", "1")
	f.Values.Set("preview", "x.y")
	f.Post().Refused(http.StatusForbidden, "You are a viewer")
	if len(s.done) != 0 {
		t.Errorf("done: %q", s.done)
	}
}

// The cookie is one that no script reads, and no other site sends.
func TestDASH11TheCookie(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	c := b.Raw(http.MethodGet, "/dashboard", nil).Result().Cookies()[0]
	if c.Name != "__Host-windfall" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 7*24*60*60 {
		t.Errorf("%+v", c)
	}
	parts := strings.Split(c.Value, ".")
	if len(parts) != 3 || len(parts[0]) != 43 || parts[1] != "sandbox" || len(parts[2]) != 43 || strings.Contains(w.Stack.Tables(), parts[0]) {
		t.Fatalf("the cookie is %q", c.Value)
	}
	b.Server = w.Stack.Gateway
	for _, forged := range []string{parts[0] + ".sandbox." + strings.Repeat("A", 43), parts[0] + ".live." + parts[2], parts[0] + "." + parts[2], "", ".."} {
		b.Cookies["__Host-windfall"] = forged
		if p := b.Try("/dashboard").Titled("Sign in"); p.Requests != 0 {
			t.Errorf("the forged cookie %q costs %d requests", forged, p.Requests)
		}
	}
}
