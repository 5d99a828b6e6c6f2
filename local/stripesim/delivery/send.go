package delivery

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// Deliver sends events now: in this order, or all at once. The statuses come in
// the order of the ids; 0 means no answer, no such event, or no endpoint for it.
func (c *Courier) Deliver(ctx context.Context, ids []string, parallel bool) []int {
	statuses := make([]int, len(ids))
	one := func(i int) {
		if got := c.offer(ctx, ids[i]); len(got) > 0 {
			statuses[i] = got[len(got)-1]
		}
	}
	if !parallel {
		for i := range ids {
			one(i)
		}
		return statuses
	}
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() { one(i) })
	}
	all.Wait()
	return statuses
}

// offer sends an event to its endpoints.
func (c *Courier) offer(ctx context.Context, id string) []int {
	var statuses []int
	for _, p := range c.box.Parcels(id) {
		status := c.send(ctx, p)
		c.box.Record(p, status)
		statuses = append(statuses, status)
	}
	return statuses
}

// send is the HTTP status, or 0 without an answer. The signature carries the
// wall clock, because receivers compare it with theirs; the simulated time is
// in the event.
func (c *Courier) send(ctx context.Context, p Parcel) int {
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
