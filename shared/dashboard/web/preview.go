package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A ticket is what the form of a preview carries, signed: when it was decided, a hash of what was decided, and
// the name under which it is done once.
type ticket struct {
	At   time.Time
	Hash string
	ID   string
}

// hash is equal for previews that show the same and for decisions that are the same.
func (d Decided) hash() string {
	text, err := json.Marshal([]any{d.Sentences, d.Lines, d.Total, d.Button, d.Decision})
	if err != nil {
		panic(fmt.Sprintf("a decision is always encodable: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// sign binds a ticket to the session, its environment and the path.
func (s *Site) sign(r *Request, t ticket) string {
	text := fmt.Sprintf("%d %s %s", t.At.UnixMilli(), t.Hash, t.ID)
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
	if err != nil || len(parts) != 3 {
		return t, false
	}
	return ticket{At: time.UnixMilli(ms).UTC(), Hash: parts[1], ID: parts[2]}, true
}
