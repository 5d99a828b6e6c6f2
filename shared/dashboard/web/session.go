package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	sessionCookie = "__Host-windfall"
	saidCookie    = "__Host-windfall-said" // what was done, for the next page

	idle    = 8 * time.Hour      // without a request, a session ends
	longest = 7 * 24 * time.Hour // and at the latest after this

	remembered = 10 * time.Second // how long a session is believed without reading its row
	seenEvery  = 5 * time.Minute  // how late the row knows of requests
)

// keys are the signing key of the table, read once.
type keys struct {
	mu  sync.Mutex
	key []byte
}

func (s *Site) loadKey(ctx context.Context) error {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if s.keys.key != nil {
		return nil
	}
	fresh := s.app.Random()
	key, err := s.accounts.SigningKey(ctx, fresh[:])
	if err == nil {
		s.keys.key = key
	}
	return err
}

// mac signs texts for a purpose.
func (s *Site) mac(purpose string, texts ...string) string {
	h := hmac.New(sha256.New, s.keys.key)
	h.Write([]byte(purpose))
	for _, text := range texts {
		h.Write([]byte{0})
		h.Write([]byte(text))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Hash is the form under which a random text is stored: a token, a session.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// sessions remembers for a few seconds what was read.
type sessions struct {
	mu   sync.Mutex
	read map[string]known
}

type known struct {
	session app.UserSession
	at      time.Time
}

const mostRemembered = 1000

func (c *sessions) get(hash string, now time.Time) (app.UserSession, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, found := c.read[hash]
	return k.session, found && now.Sub(k.at) < remembered && !now.Before(k.at)
}

func (c *sessions) keep(s app.UserSession, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read == nil || len(c.read) >= mostRemembered {
		c.read = map[string]known{}
	}
	c.read[s.Hash] = known{s, now}
}

func (c *sessions) forget(hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.read, hash)
}

// session finds the session of a request. One that is over has none. Its environment is that of the cookie, which all
// tabs of a browser have alike, and every warm function at once; that of the row is the last one that was chosen.
func (s *Site) session(ctx context.Context, r *http.Request, now time.Time) (app.UserSession, bool, error) {
	random, env, ok := s.readCookie(r)
	if !ok {
		return app.UserSession{}, false, nil
	}
	if known, ok := s.sessions.get(Hash(random), now); ok {
		known.Env = env
		return known, true, nil
	}
	found, ok, err := s.accounts.UserSession(ctx, Hash(random))
	found.Env = env
	if err != nil || !ok || now.Sub(found.SeenAt) >= idle || now.Sub(found.Since) >= longest {
		return found, false, err
	}
	if now.Sub(found.SeenAt) >= seenEvery {
		found.SeenAt = now
		if ok, err = s.accounts.SaveUserSession(ctx, found, found.Since.Add(longest)); err != nil || !ok {
			return found, false, err
		}
	}
	s.sessions.keep(found, now)
	return found, true, nil
}

// readCookie reads what names the session, and its environment. A cookie that is not signed here is none, and costs no
// request.
func (s *Site) readCookie(r *http.Request) (random string, env catalog.Env, ok bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", "", false
	}
	parts := strings.Split(c.Value, ".")
	if len(parts) != 3 || !equal(parts[2], s.mac("session", parts[0], parts[1])) {
		return "", "", false
	}
	return parts[0], catalog.Env(parts[1]), true
}

func (s *Site) cookie(random string, env catalog.Env) *http.Cookie {
	return hostCookie(sessionCookie, random+"."+string(env)+"."+s.mac("session", random, string(env)), longest)
}

// Begin starts a session of a user as they were read, and returns its cookie. Nobody's session is continued: each sign-in
// makes a new one.
func (s *Site) Begin(ctx context.Context, user app.User, env catalog.Env, now time.Time) (*http.Cookie, error) {
	return s.begin(ctx, app.UserSession{User: user.Email, Role: user.Role, Env: env}, user, now)
}

// BeginAs starts a session of nobody who is stored: of a local stack.
func (s *Site) BeginAs(ctx context.Context, name string, role app.Role, env catalog.Env, now time.Time) (*http.Cookie, error) {
	return s.begin(ctx, app.UserSession{User: name, Role: role, Env: env}, app.User{}, now)
}

func (s *Site) begin(ctx context.Context, session app.UserSession, of app.User, now time.Time) (*http.Cookie, error) {
	if err := s.loadKey(ctx); err != nil {
		return nil, err
	}
	bits := s.app.Random()
	random := base64.RawURLEncoding.EncodeToString(bits[:])
	session.Hash, session.Since, session.SeenAt = Hash(random), now, now
	begun, err := s.accounts.BeginUserSession(ctx, session, of, now.Add(longest))
	if err != nil {
		return nil, err
	}
	if !begun {
		return nil, Refuse(http.StatusConflict, "Your account was changed at this moment. Sign in again.")
	}
	return s.cookie(random, session.Env), nil
}

// Choose changes the environment of the request's session, in all tabs of its browser, and returns the cookie that says so.
func (s *Site) Choose(ctx context.Context, r *Request, env catalog.Env) (*http.Cookie, error) {
	changed := r.Session
	changed.Env, changed.SeenAt = env, r.Now
	found, err := s.accounts.SaveUserSession(ctx, changed, changed.Since.Add(longest))
	random, _, ok := s.readCookie(r.Request)
	if err == nil && (!found || !ok) {
		err = errForm // it has ended
	}
	if err != nil {
		return nil, err
	}
	s.sessions.keep(changed, r.Now)
	return s.cookie(random, env), nil
}

// End ends a session, here at once and elsewhere within seconds.
func (s *Site) End(ctx context.Context, hash string) error {
	s.sessions.forget(hash)
	return s.accounts.DeleteUserSession(ctx, hash)
}

func hostCookie(name, value string, kept time.Duration) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(kept.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// gone is a cookie that takes one away.
func gone(name string) *http.Cookie {
	c := hostCookie(name, "", 0)
	c.MaxAge = -1
	return c
}
