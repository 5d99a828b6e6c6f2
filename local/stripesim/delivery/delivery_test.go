package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/object"
)

// account is an outbox of events for two endpoints.
type account struct {
	mu     sync.Mutex
	events map[string]*object.Event
	now    int64
}

var endpoints = []*object.WebhookEndpoint{
	{ID: "we_all", Status: "enabled", EnabledEvents: []string{"*"}, URL: "http://all.test/", Secret: "whsec_all"},
	{ID: "we_paid", Status: "enabled", EnabledEvents: []string{"invoice.paid"}, URL: "http://paid.test/", Secret: "whsec_paid"},
	{ID: "we_off", Status: "disabled", EnabledEvents: []string{"*"}, URL: "http://off.test/", Secret: "whsec_off"},
}

// newAccount has the events e0, e1 … of the given types.
func newAccount(kinds ...string) (*account, []*object.Event) {
	a := &account{events: map[string]*object.Event{}}
	var all []*object.Event
	for i, kind := range kinds {
		e := &object.Event{ID: fmt.Sprint("e", i), Object: "event", Type: kind, APIVersion: "2023-10-16"}
		for _, w := range endpoints {
			if delivery.Subscribes(w, kind) {
				e.State.Waiting = append(e.State.Waiting, w.ID)
			}
		}
		a.events[e.ID] = e
		all = append(all, e)
	}
	return a, all
}

func (a *account) Parcels(event string) []delivery.Parcel {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.events[event]; ok {
		return delivery.Pack(e, endpoints, nil)
	}
	return nil
}

func (a *account) Record(p delivery.Parcel, status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delivery.Note(a.events[p.Event], p, status, a.now)
}

// network answers for the endpoints and notes "host event" of each request.
type network struct {
	t      *testing.T
	mu     sync.Mutex
	got    []string
	status map[string]int // by host, 200 for the others
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	secret := "whsec_" + r.URL.Host[:len(r.URL.Host)-len(".test")]
	e, err := webhook.ConstructEvent(body, r.Header.Get("Stripe-Signature"), secret)
	if err != nil {
		n.t.Errorf("signature for %s: %v", r.URL.Host, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.got = append(n.got, r.URL.Host+" "+e.ID)
	status, ok := n.status[r.URL.Host]
	switch {
	case !ok:
		status = http.StatusOK
	case status == 0:
		return nil, errors.New("no answer")
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func quiet(t *testing.T, c *delivery.Courier) {
	t.Helper()
	if err := c.Quiet(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestEventsReachTheirSubscribersSigned(t *testing.T) {
	t.Parallel()
	a, all := newAccount("invoice.paid", "customer.created")
	n := &network{t: t, status: map[string]int{"paid.test": 500}}
	c := delivery.New(a, &http.Client{Transport: n}, 1)
	c.Accept(all)
	quiet(t, c)
	if want := []string{"all.test e0", "paid.test e0", "all.test e1"}; !slices.Equal(n.got, want) {
		t.Errorf("sent %v, want %v", n.got, want)
	}
	if e := all[0]; e.PendingWebhooks != 1 || !slices.Equal(e.State.Waiting, []string{"we_paid"}) || e.State.NextTry != 300 {
		t.Errorf("a refused event: %d pending, %+v", e.PendingWebhooks, e.State)
	}
	if e := all[1]; e.PendingWebhooks != 0 || e.State.NextTry != 0 {
		t.Errorf("an accepted event: %+v", e.State)
	}
	// the refused endpoint alone is tried again; an accepted event goes to all
	if got := c.Deliver(context.Background(), []string{"e0", "e1", "none"}, false); !slices.Equal(got, []int{500, 200, 0}) {
		t.Errorf("statuses %v", got)
	}
	if want := []string{"paid.test e0", "all.test e1"}; !slices.Equal(n.got[3:], want) {
		t.Errorf("sent again %v, want %v", n.got[3:], want)
	}
}

func TestStateKeepsWhatIsHeld(t *testing.T) {
	t.Parallel()
	a, all := newAccount("customer.created", "customer.updated")
	n := &network{t: t}
	c := delivery.New(a, &http.Client{Transport: n}, 1)
	c.SetMode(context.Background(), delivery.Hold, 0)
	c.Accept(all[:1])
	was := c.State()
	c.Accept(all[1:])
	c.Restore(was, 1)
	quiet(t, c)
	if len(n.got) != 0 {
		t.Errorf("held, but sent %v", n.got)
	}
	c.Flush(context.Background())
	if want := []string{"all.test e0"}; !slices.Equal(n.got, want) {
		t.Errorf("sent %v, want %v", n.got, want)
	}
}

// Retries wait 5 and 30 minutes, 2, 5 and 10 hours, then 12 hours, and end after
// three days.
func TestRetriesEndAfterThreeDays(t *testing.T) {
	t.Parallel()
	a, all := newAccount("customer.created")
	c := delivery.New(a, &http.Client{Transport: &network{t: t, status: map[string]int{"all.test": 0}}}, 1)
	var waits []time.Duration
	for a.now == 0 || all[0].State.NextTry != 0 {
		c.Deliver(context.Background(), []string{"e0"}, false)
		if next := all[0].State.NextTry; next != 0 {
			waits = append(waits, time.Duration(next-a.now)*time.Second)
			a.now = next
		}
	}
	const h = time.Hour
	if want := []time.Duration{5 * time.Minute, 30 * time.Minute, 2 * h, 5 * h, 10 * h, 12 * h, 12 * h, 12 * h, 12 * h}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	if last := all[0].State.Deliveries; last[len(last)-1].Status != 0 {
		t.Errorf("the last try is %+v", last)
	}
}
