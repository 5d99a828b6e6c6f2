package dashboard_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"windfall/shared/app"
	pages "windfall/shared/dashboard"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

var braces = regexp.MustCompile(`\{[^}]*\}`)

// routes are all of the dashboard, by method, with ada for every name.
func routes(method string) (all []web.Route) {
	for _, rt := range pages.Site(&app.App{}, web.Options{}).Routes() {
		if m, path, _ := strings.Cut(rt.Pattern, " "); m == method {
			rt.Pattern = braces.ReplaceAllString(path, "ada")
			all = append(all, rt)
		}
	}
	return all
}

// rows are those of the table that a page may not change: without sessions, which are seen, attempts to sign in, and
// guesses of a code.
func rows(w *world.World) string {
	lines := strings.SplitAfter(w.Stack.Tables(), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return strings.Contains(line, `"DASHBOARD#`) || strings.Contains(line, `"GUESSES"`) || strings.Contains(line, `#LIMIT#codes#`)
	}), "")
}

// Whatever is posted without a session, its token, its environment or the right to act is refused, and changes nothing.
func TestDASH14EveryPostIsGuarded(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	dashboard.Fill(w)
	ada, vera := userOf(t, w, "ada@example.com", app.Editor), userOf(t, w, "vera@example.com", app.Viewer)
	token := func(b *dashboard.Browser) string { return b.Get("/dashboard").FormOf("Sign out").Values.Get("csrf") }
	ours, hers, before := token(ada), token(vera), rows(w)
	stranger := deployed(t, w)
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	posts := routes(http.MethodPost)
	if len(posts) < 4 {
		t.Fatalf("%d routes", len(posts))
	}
	for _, rt := range posts {
		post := func(b *dashboard.Browser, csrf, env string, change ...func(*http.Request)) *httptest.ResponseRecorder {
			return b.Raw(http.MethodPost, rt.Pattern, url.Values{"csrf": {csrf}, "opened_in": {env}, "request": {"once"}}, change...)
		}
		is := func(what string, a *httptest.ResponseRecorder, status int, text string) {
			t.Helper()
			if a.Code != status || !strings.Contains(a.Body.String(), text) {
				t.Errorf("POST %s, %s: %d, want %d %q", rt.Pattern, what, a.Code, status, text)
			}
		}
		const expired = "This form has expired. Nothing was done. Reload the page and try again."
		is("of another site", post(ada, ours, "sandbox", foreign), http.StatusForbidden, expired)
		if rt.Access == web.Open {
			continue
		}
		is("without a session", post(stranger, ours, "sandbox"), http.StatusForbidden, expired)
		is("without a token", post(ada, "", "sandbox"), http.StatusForbidden, expired)
		is("with another's token", post(ada, hers, "sandbox"), http.StatusForbidden, expired)
		if rt.Apart { // a tab of the other environment chooses one, or signs out, too
			continue
		}
		is("opened in live", post(ada, ours, "live"), http.StatusConflict, "Nothing was done.")
		if rt.Access == web.Editing {
			is("by a viewer", post(vera, hers, "sandbox"), http.StatusForbidden, "You are a viewer")
		}
	}
	if after := rows(w); after != before {
		t.Error("a row changed")
	}
}

// Whoever is not signed in sees no page, and learns nothing of what is there.
func TestDASH15EveryPageNeedsASession(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	dashboard.Fill(w)
	stranger := deployed(t, w)
	vera := userOf(t, w, "vera@example.com", app.Viewer)
	before := rows(w)
	for _, rt := range routes(http.MethodGet) {
		a := stranger.Raw(http.MethodGet, rt.Pattern, nil)
		if a.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s has no policy", rt.Pattern)
		}
		if rt.Access == web.Open {
			continue
		}
		if to := a.Header().Get("Location"); a.Code != http.StatusSeeOther || !strings.HasPrefix(to, ui.Path("login")) || a.Body.Len() > 0 {
			t.Errorf("%s, without a session: %d to %q", rt.Pattern, a.Code, to)
		}
		if a := vera.Raw(http.MethodGet, rt.Pattern, nil); a.Code >= http.StatusInternalServerError || a.Code == http.StatusForbidden {
			t.Errorf("%s, a viewer: %d", rt.Pattern, a.Code)
		}
	}
	if after := rows(w); after != before {
		t.Error("to look at pages changed a row")
	}
}
