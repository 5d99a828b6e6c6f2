package stripesim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// retryAfter are the waits between the tries of a delivery, by the simulated
// clock; the last one repeats until three days are over.
//
// assumption: Stripe only says "up to three days with an exponential back off"
// (https://docs.stripe.com/webhooks).
var retryAfter = []int64{5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 12 * 3600}

const retryFor = 3 * 24 * 3600

// parcel is one event for one endpoint, ready to be sent.
type parcel struct {
	event, endpoint string
	url, secret     string
	body            []byte
}

// offer brings an event to the endpoints; to all that want its type when there
// is none left waiting for it.
func (s *Sim) offer(ctx context.Context, id string) []int {
	var statuses []int
	for _, p := range s.parcels(id) {
		status := s.courier.send(ctx, p)
		s.record(p, status)
		statuses = append(statuses, status)
	}
	return statuses
}

func (s *Sim) parcels(id string) []parcel {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := find[*object.Event](s.begin(), id)
	if !ok {
		return nil
	}
	body, err := object.Encode(e)
	if err != nil {
		return nil
	}
	var pretty bytes.Buffer
	_ = json.Indent(&pretty, body, "", "  ")
	var out []parcel
	for _, w := range store.Rows[*object.WebhookEndpoint](s.store) {
		waiting := slices.Contains(e.State.Waiting, w.ID)
		if waiting || len(e.State.Waiting) == 0 && wants(w, e.Type) {
			out = append(out, parcel{event: id, endpoint: w.ID, url: w.URL, secret: w.Secret, body: pretty.Bytes()})
		}
	}
	return out
}

// send is the HTTP status, or 0 when nobody answered. The signature carries
// the wall clock, because receivers compare it with theirs; the simulated time
// is in the event.
func (c *courier) send(ctx context.Context, p parcel) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(p.body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
	r.Header.Set("Stripe-Signature", Sign(p.body, p.secret, time.Now()))
	resp, err := c.client.Do(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Sign is the Stripe-Signature header for a body.
//
// https://docs.stripe.com/webhooks#verify-manually
func Sign(body []byte, secret string, at time.Time) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return fmt.Sprintf("t=%s,v1=%s", stamp, hex.EncodeToString(mac.Sum(nil)))
}

// record notes a try and plans the next one when it failed.
func (s *Sim) record(p parcel, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	if _, ok := find[*object.Event](t, p.event); !ok {
		return
	}
	e := edit[*object.Event](t, p.event)
	e.State.Deliveries = append(slices.Clone(e.State.Deliveries), object.Delivery{Endpoint: p.endpoint, Status: status, At: t.now})
	if status >= 200 && status < 300 {
		e.State.Waiting = slices.DeleteFunc(slices.Clone(e.State.Waiting), func(id string) bool { return id == p.endpoint })
		e.PendingWebhooks = int64(len(e.State.Waiting))
	}
	e.State.NextTry = nextTry(e, t.now)
	if err := t.commit(); err != nil { // after a restart the event is sent again
		s.log.Error("a delivery is not remembered", "event", p.event, "cause", err)
	}
}

func nextTry(e *object.Event, now int64) int64 {
	if len(e.State.Waiting) == 0 {
		return 0
	}
	tries := 0
	for _, d := range e.State.Deliveries {
		if d.Endpoint == e.State.Waiting[0] {
			tries++
		}
	}
	wait := retryAfter[min(max(tries-1, 0), len(retryAfter)-1)]
	if now+wait > e.Created+retryFor {
		return 0
	}
	return now + wait
}
