package stack

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"windfall/local/loopback"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/wire"
)

// LocalUser is who a browser on this machine is signed in as.
const LocalUser = "local"

// openPages makes the site of pages that no deployment has.
func (s *Stack) openPages() error {
	a := s.app(nil)
	s.pages = web.New(a, web.Options{Clock: true})
	return nil
}

// Accounts are the users of the dashboard.
func (s *Stack) Accounts() accounts.Accounts {
	return accounts.Accounts{Store: s.pages.Accounts(), Random: wire.Random}
}

// AddPages adds pages of the dashboard that are not deployed, such as the clock. Their addresses go
// before those of the function.
func (s *Stack) AddPages(routes []web.Route) { s.pages.Add(routes) }

// dashboard serves the dashboard. Whoever looks at a page without a session, from this machine, is signed in:
// there is no secret here to keep. Signing in itself works as deployed.
func (s *Stack) dashboard(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || loopback.Check(r, s.BaseURL, true) != nil {
		s.page(w, r)
		return
	}
	first := httptest.NewRecorder()
	s.page(first, r)
	if first.Code == http.StatusSeeOther && strings.HasPrefix(first.Header().Get("Location"), ui.Path("login")) {
		cookie, err := s.pages.BeginAs(r.Context(), LocalUser, app.Editor, catalog.Sandbox, s.Sim.Now())
		if err == nil {
			s.page(w, signedIn(w, r, cookie))
			return
		}
		s.Log.Error("sign in locally", "cause", err)
	}
	maps.Copy(w.Header(), first.Header())
	w.WriteHeader(first.Code)
	_, _ = w.Write(first.Body.Bytes()) // an error means that the browser is gone
}

// signedIn gives the browser a cookie, and the request, too.
func signedIn(w http.ResponseWriter, r *http.Request, cookie *http.Cookie) *http.Request {
	http.SetCookie(w, cookie)
	others := slices.DeleteFunc(r.Cookies(), func(c *http.Cookie) bool { return c.Name == cookie.Name })
	r = r.Clone(r.Context())
	r.Header.Del("Cookie")
	for _, c := range append(others, cookie) {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return r
}

// page serves a page: one of this machine, or of the function.
func (s *Stack) page(w http.ResponseWriter, r *http.Request) {
	if s.pages.Has(r) {
		call := web.Call{ID: "local", Now: s.Sim.Now().UTC(), From: "127.0.0.1"}
		s.pages.ServeHTTP(w, r.WithContext(web.WithCall(r.Context(), call)))
		return
	}
	s.Gateway.ServeHTTP(w, r) // it is no call of the API, and in no contract
}

// KeepSession keeps a browser signed in across a move of the clock, as if it had signed in now. A session that ended
// meanwhile begins again where it needs no password; other users sign in again.
func (s *Stack) KeepSession(ctx context.Context, session app.UserSession) error {
	now := s.Sim.Now().UTC()
	session.Since, session.SeenAt = now, now
	until := now.Add(7 * 24 * time.Hour)
	found, err := s.pages.Accounts().SaveUserSession(ctx, session, until)
	if err != nil || found || session.User != LocalUser {
		return err
	}
	_, err = s.pages.Accounts().BeginUserSession(ctx, session, app.User{}, until)
	return err
}
