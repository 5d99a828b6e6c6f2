package stripesim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
)

// remembered is the answer to a request that carried an Idempotency-Key. It is
// kept for 24 hours of simulated time.
//
// https://docs.stripe.com/api/idempotent_requests
type remembered struct {
	Name    string `json:"name"`
	Print   string `json:"print"` // fingerprint of method, path and parameters; in files of earlier versions a longer one
	Status  int    `json:"status"`
	Request string `json:"request"`
	Body    told   `json:"body"`
	Created int64  `json:"created"`
}

// told is the body of an answer. It is stored as the JSON it is; files of earlier
// versions have it in base64.
type told []byte

// MarshalJSON implements json.Marshaler.
func (b told) MarshalJSON() ([]byte, error) {
	if json.Valid(b) {
		return b, nil
	}
	return json.Marshal([]byte(b))
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *told) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, (*[]byte)(b))
	}
	*b = bytes.Clone(text)
	return nil
}

func (*remembered) Kind() string       { return "idempotency_key" }
func (r *remembered) Key() string      { return r.Name }
func (*remembered) Owner() string      { return "" }
func (r *remembered) Copy() object.Row { c := *r; return &c }
func (*remembered) Hidden() any        { return nil }
func (r *remembered) Made() int64      { return r.Created }

const rememberedFor = 24 * 3600

// once runs a request, or repeats the answer that its key already got.
func (s *Sim) once(key, request string, run func(*remembered) answer) answer {
	if len(key) > 255 {
		return errorAnswer(invalid("", "Idempotency-Key is too long: %d characters, 255 allowed.", len(key)))
	}
	sum := sha256.Sum256([]byte(request))
	print := hex.EncodeToString(sum[:8])
	old, busy := s.claim(key)
	switch {
	case busy:
		return errorAnswer(newError(http.StatusConflict, "idempotency_error", "idempotency_key_in_use", "",
			"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): "+key+". Please try again later."))
	case old != nil && !strings.HasPrefix(old.Print, print):
		return errorAnswer(newError(http.StatusBadRequest, "idempotency_error", "", "",
			"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '"+key+"' if you meant to execute a different request."))
	case old != nil:
		return answer{status: old.Status, body: old.Body, header: http.Header{
			"Content-Type": {"application/json"}, "Idempotent-Replayed": {"true"}, "Original-Request": {old.Request}, "Request-Id": {old.Request},
		}}
	}
	defer s.release(key)
	return run(&remembered{Name: key, Print: print})
}

// isRemembered tells which answers a key repeats.
//
// assumption: requests that were refused because of their parameters leave the
// key free; everything that was executed, declines included, is repeated.
func isRemembered(status int) bool {
	return status < 400 || status == http.StatusPaymentRequired
}

// claim is the remembered answer, or marks the key as being worked on.
func (s *Sim) claim(key string) (old *remembered, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := find[*remembered](s.begin(), key); ok && s.clock.Now().Unix() < r.Created+rememberedFor {
		return r, false
	}
	if s.working[key] {
		return nil, true
	}
	s.working[key] = true
	return nil, false
}

func (s *Sim) release(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.working, key)
}

// remember puts the answer into the change that it tells of: both are kept or
// neither is. Where a request has no key, r is nil.
func (t *tx) remember(r *remembered, a answer) {
	if r == nil || !isRemembered(a.status) {
		return
	}
	r.Status, r.Body, r.Request, r.Created = a.status, a.body, t.s.requestID(), t.s.clock.Now().Unix()
	t.put(r)
}
