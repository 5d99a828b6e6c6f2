package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// A reaper kills the process of a request right after every fourth write of the crowd.
// Other requests go on, as on other machines. The first writes wait for each other,
// so that all of them were decided before any was made.
type reaper struct {
	inner  http.RoundTripper
	on     atomic.Bool
	writes atomic.Int64
	deaths atomic.Int64
	ready  chan struct{} // closed once so many writes are decided
}

const together = 40

func (r *reaper) RoundTrip(req *http.Request) (*http.Response, error) {
	if !r.on.Load() || !strings.HasSuffix(req.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		return r.inner.RoundTrip(req)
	}
	n := r.writes.Add(1)
	if n == together {
		close(r.ready)
	}
	select {
	case <-r.ready:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	res, err := r.inner.RoundTrip(req)
	if n%4 == 0 {
		r.deaths.Add(1)
		panic(errDead)
	}
	return res, err
}

// 200 customers use a code for ten at once, in every way that there is, while
// processes die after their writes: ten have it, each once, and the count says so.
func TestACrowdUsesACodeWhileProcessesDie(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		reward JSON
		path   string
		body   JSON
	}{
		"redeemed":  {JSON{"type": "free_product", "free_product_id": "booster"}, "/v1/rewards/redeem", JSON{"code": "TEN"}},
		"given":     {JSON{"type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true}}, "/v1/customers/{id}/coupons/crowd", JSON{"promo_code": "TEN"}},
		"purchased": {JSON{"type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true}}, "/v1/attach", JSON{"product_id": "pro", "promo_code": "TEN", "invoice": true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &reaper{ready: make(chan struct{})}
			w := With(t, stack.Options{Faults: stack.Faults{Hurry: true, DynamoDB: func(inner http.RoundTripper) http.RoundTripper { r.inner = inner; return r }}})
			smallCatalog(w)
			w.Post("/v1/rewards", Merge(JSON{"id": "crowd", "name": "crowd", "promo_codes": []JSON{{"code": "TEN", "max_redemptions": 10, "max_redemptions_per_customer": 1}}}, way.reward))
			for n := range crowd {
				w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", n), "email": "c@x.io"})
			}
			has := useAtOnce(w, r, way.path, way.body)
			w.Advance("10m") // what nobody asked for again is finished
			w.Want("customers who have it", has, 10)
			w.Want("uses of the code", w.Get("/v1/rewards/crowd/promo_codes/TEN")["times_redeemed"], 10.0)
			w.Want("uses of the reward", w.Get("/v1/rewards/crowd")["times_redeemed"], 10.0)
			if died := r.deaths.Load(); died < together/4 {
				t.Errorf("%d processes died, which proves nothing", died)
			}
		})
	}
}

const crowd = 200

// useAtOnce has every customer ask twice at once, each time until there is an answer,
// and returns how many of them have it. The request of a process that died is free
// for another one a little later.
func useAtOnce(w *World, r *reaper, path string, body JSON) int {
	w.Helper()
	var answers [2 * crowd]Answer
	final := func(a Answer) bool { return a.Status != 0 && a.Status != 409 && a.Status < 500 }
	for range 10 {
		r.on.Store(true)
		var wait sync.WaitGroup
		for n := range answers {
			if final(answers[n]) {
				continue
			}
			ask, at := Merge(JSON{}, body), strings.ReplaceAll(path, "{id}", customerOf(n))
			if at == path {
				ask["customer_id"] = customerOf(n)
			}
			wait.Go(func() {
				for try := 0; try < 10 && !final(answers[n]); try++ {
					answers[n] = w.Do(w.Stack.Key, "POST", at, ask, IdempotencyKey(fmt.Sprint(n)))
				}
			})
		}
		wait.Wait()
		r.on.Store(false)
		w.Advance("2m")
	}
	has := map[string]bool{}
	for n, a := range answers {
		if has[customerOf(n)] = has[customerOf(n)] || a.Status == 200; !final(a) {
			w.Errorf("%s has no answer: %d %s", customerOf(n), a.Status, a.Text)
		}
	}
	count := 0
	for _, yes := range has {
		if yes {
			count++
		}
	}
	return count
}

func customerOf(n int) string { return fmt.Sprint("c", n/2) }
