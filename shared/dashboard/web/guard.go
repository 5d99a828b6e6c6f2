package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
)

var (
	errForm   = Refuse(http.StatusForbidden, "This form has expired. Nothing was done. Reload the page and try again.")
	errViewer = Refuse(http.StatusForbidden, "You are a viewer: you can see everything, and change nothing. Ask an editor.")
	errTwice  = Refuse(http.StatusConflict, "This form was sent before, and what it asked for was done once.")
	errBusy   = Refuse(http.StatusConflict, "This form was sent a moment ago and is still at work. Look again in a minute.")
)

// guard refuses what a request may not do.
func (s *Site) guard(r *Request, rt *Route) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := s.crossOrigin.Check(r.Request); err != nil {
		return errForm
	}
	if rt.Access == Open {
		return nil
	}
	if !equal(r.Form.Get("csrf"), r.csrf) {
		return errForm
	}
	if opened := r.Form.Get("opened_in"); opened != string(r.Session.Env) && !rt.Apart {
		return Refuse(http.StatusConflict, "This form was opened in %s, and you are in %s now. Nothing was done. Open the page again.",
			strings.ToLower(Environment(catalog.Env(opened))), strings.ToLower(Environment(r.Session.Env)))
	}
	if rt.Access == Editing && !r.Editor() {
		return errViewer
	}
	return nil
}

// Environment is the name of an environment for people.
func Environment(env catalog.Env) string {
	switch env {
	case catalog.Live:
		return "Live"
	case catalog.Sandbox:
		return "Sandbox"
	}
	return "no environment"
}

// keep is what remains of the answer to a form, for a second sending.
type keep struct {
	To   string `json:"to,omitzero"`
	Said string `json:"said,omitzero"`
}

// once does what a form asks, however often it is sent. The name of the sending and its content count: the same form
// with another content is another. Refusals and faults leave the name free.
func (s *Site) once(ctx context.Context, r *Request, now time.Time, do func() (Answer, error)) (Answer, error) {
	if r.Key == "" {
		return do()
	}
	hash := hashForm(r)
	before, err := s.app.Store.BeginRequest(ctx, r.Session.Env, r.Key, hash, now)
	switch {
	case err != nil:
		return Answer{}, err
	case before != nil && before.Status == 0:
		return Answer{}, errBusy
	case before != nil:
		var kept keep
		if json.Unmarshal([]byte(before.Body), &kept) != nil || kept.To == "" {
			return Answer{}, errTwice
		}
		return Done(kept.To, kept.Said), nil
	}
	a, err := do()
	var stored *app.StoredAnswer
	if err == nil && (a.to != "" || a.said != "") {
		body, _ := json.Marshal(keep{a.to, a.said}) // two texts
		stored = &app.StoredAnswer{BodyHash: hash, Status: http.StatusSeeOther, Body: string(body)}
	}
	if failed := s.app.Store.EndRequest(ctx, r.Session.Env, r.Key, stored, now); failed != nil {
		s.app.Log.WarnContext(ctx, "the answer to a form was not stored", "cause", failed)
	}
	return a, err
}

// hashForm is equal for two sendings of the same form. Forms are sorted by name as they are encoded.
func hashForm(r *Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s", r.URL.RequestURI(), r.Form.Encode()))
	return hex.EncodeToString(sum[:16])
}

// requestKey names a sending of a form by its content, too: somebody who goes back, corrects and sends again
// means another.
func requestKey(r *Request) string {
	if name := r.Form.Get("request"); name != "" && len(name) <= 64 {
		return "dashboard:" + r.Session.Hash + name + hashForm(r)
	}
	return ""
}

// tokens are what forms carry in this session.
func (s *Site) tokens(r *Request) ui.Tokens {
	return ui.Tokens{CSRF: r.csrf, Env: string(r.Session.Env), Request: s.app.NewID, Viewer: !r.Editor()}
}
