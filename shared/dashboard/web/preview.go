package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A ticket is what the form of a preview carries, signed: when it was decided, hashes of what was asked and of what
// was decided, and the name under which it is done once.
type ticket struct {
	At    time.Time
	Asked string // see asked
	Hash  string // see Decided.hash
	ID    string
}

// hash is equal for previews that show the same and for decisions that are the same.
func (d Decided) hash() string {
	text, err := json.Marshal([]any{d.Sentences, d.Lines, d.Total, d.Button, d.Decision})
	if err != nil {
		panic(fmt.Sprintf("a decision is always encodable: %v", err))
	}
	return short(text)
}

// asked is equal for requests that ask the same of a command: of its path, which names what it is about, with the same
// fields. The frame's own fields are no part of it.
func asked(r *Request) string {
	own := url.Values{}
	for _, f := range typed(r.Form) {
		own.Add(f.Name, f.Value)
	}
	return short([]byte(r.URL.RequestURI() + "\n" + own.Encode()))
}

func short(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// sign binds a ticket to the session, its environment and the path.
func (s *Site) sign(r *Request, t ticket) string {
	text := fmt.Sprintf("%d %s %s %s", t.At.UnixMilli(), t.Asked, t.Hash, t.ID)
	return base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + s.mac("preview", r.Session.Hash, string(r.Session.Env), r.URL.EscapedPath(), text)
}

// signed reads a ticket; ok is false for one that was not signed for this session and path.
func (s *Site) signed(r *Request, sent string) (t ticket, ok bool) {
	body, mac, _ := strings.Cut(sent, ".")
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !equal(mac, s.mac("preview", r.Session.Hash, string(r.Session.Env), r.URL.EscapedPath(), string(text))) {
		return t, false
	}
	parts := strings.Split(string(text), " ") // as sign wrote it
	ms, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) != 4 {
		return t, false
	}
	return ticket{At: time.UnixMilli(ms).UTC(), Asked: parts[1], Hash: parts[2], ID: parts[3]}, true
}
