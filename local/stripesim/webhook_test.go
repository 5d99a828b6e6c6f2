package stripesim_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/local/stripesim"
)

// receiver is a webhook endpoint in process. It calls back into the API while
// it handles an event, as real ones do.
type receiver struct {
	t      *testing.T
	mu     sync.Mutex
	sim    *stripesim.Sim
	secret string
	answer int
	got    []stripe.Event

	onEvent func(kind string) // what the endpoint does besides
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	e, err := webhook.ConstructEvent(body, req.Header.Get("Stripe-Signature"), r.secret)
	if err != nil {
		r.t.Errorf("signature: %v", err)
	}
	if _, err := connect(r.sim).Events.Get(e.ID, nil); err != nil {
		r.t.Errorf("call back: %v", err)
	}
	if r.onEvent != nil {
		r.onEvent(string(e.Type))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, e)
	return &http.Response{StatusCode: r.answer, Body: http.NoBody, Header: http.Header{}, Request: req}, nil
}

func (r *receiver) types() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, e := range r.got {
		out = append(out, string(e.Type))
	}
	return out
}

func (r *receiver) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = nil
}

func newHooked(t *testing.T) (*world, *receiver) {
	t.Helper()
	r := &receiver{t: t, answer: http.StatusOK}
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(start), BaseURL: "http://sim.test", Client: &http.Client{Transport: r}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	r.sim = sim
	w := &world{t: t, sim: sim, api: connect(sim)}
	r.secret = w.post("/v1/webhook_endpoints", "url=http://app.test/hook&enabled_events[]=*").str("secret")
	return w, r
}

func (w *world) quiet() {
	w.t.Helper()
	if err := w.sim.Quiet(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func TestWebhooksAreSignedAndOrdered(t *testing.T) {
	t.Parallel()
	w, r := newHooked(t)
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.quiet()
	if want := w.eventTypes(); !slices.Equal(r.types(), want) {
		t.Errorf("delivered %v\nwant %v", r.types(), want)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	last := r.got[len(r.got)-1]
	if last.APIVersion != "2023-10-16" || last.Created != start.AddDate(0, 1, 0).Add(time.Hour).Unix() || last.Type != "invoice.payment_succeeded" {
		t.Errorf("last event %s %s %d", last.Type, last.APIVersion, last.Created)
	}
	for _, e := range w.sim.Events() {
		if len(e.Deliveries) != 1 || e.Deliveries[0].Status != 200 {
			t.Errorf("%s: deliveries %v", e.Type, e.Deliveries)
		}
	}
}

func TestDeliveryModes(t *testing.T) {
	t.Parallel()
	w, r := newHooked(t)
	ctx := context.Background()
	set := func(mode string, seed int64) {
		t.Helper()
		if err := w.sim.SetDelivery(ctx, mode, seed); err != nil {
			t.Fatal(err)
		}
	}
	set("hold", 0)
	cus := w.customer("pm_card_visa")
	w.quiet()
	if got := r.types(); len(got) != 0 {
		t.Errorf("held, but delivered %v", got)
	}
	set("immediate", 0)
	if got := strings.Join(r.types(), " "); got != "payment_method.attached customer.created" {
		t.Errorf("flushed %s", got)
	}
	r.clear()
	set("duplicate", 0)
	w.post("/v1/customers/"+cus, "name=Ada")
	w.quiet()
	if got := strings.Join(r.types(), " "); got != "customer.updated customer.updated" {
		t.Errorf("duplicated %s", got)
	}
	orders := map[string]bool{}
	for seed := range int64(3) {
		set("shuffle", seed)
		r.clear()
		w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
		w.quiet()
		orders[strings.Join(r.types(), " ")] = true
	}
	if len(orders) < 2 {
		t.Errorf("shuffled orders %v", orders)
	}
}

func TestDeliverAgain(t *testing.T) {
	t.Parallel()
	w, _ := newHooked(t)
	ctx := context.Background()
	if err := w.sim.SetDelivery(ctx, "pigeon", 0); err == nil {
		t.Error("an unknown mode was accepted")
	}
	w.customer("pm_card_visa")
	w.quiet()
	ids := []string{w.sim.Events()[0].ID, w.sim.Events()[1].ID}
	if got := w.sim.Deliver(ctx, ids, true); !slices.Equal(got, []int{200, 200}) {
		t.Errorf("delivered again: %v", got)
	}
}

func TestDeliveryIsRetried(t *testing.T) {
	t.Parallel()
	w, r := newHooked(t)
	r.answer = http.StatusInternalServerError
	w.customer("")
	w.quiet()
	if at, ok := w.sim.NextDue(); !ok || !at.Equal(start.Add(5*time.Minute)) {
		t.Errorf("next try %v %v", at, ok)
	}
	w.to(start.Add(time.Hour))
	r.answer = http.StatusOK
	w.to(start.Add(24 * time.Hour))
	var got []string
	for _, d := range w.sim.Events()[0].Deliveries {
		got = append(got, fmt.Sprint(d.Status, " ", d.At.Sub(start)))
	}
	if want := []string{"500 0s", "500 5m0s", "500 35m0s", "200 2h35m0s"}; !slices.Equal(got, want) {
		t.Errorf("deliveries %v, want %v", got, want)
	}
}

func TestInvoiceWaitsForItsWebhook(t *testing.T) {
	t.Parallel()
	w, r := newHooked(t)
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.quiet()
	r.answer = http.StatusInternalServerError
	renewal := start.AddDate(0, 1, 0)
	w.to(renewal.Add(10 * time.Hour))
	if got := w.invoices(cus)[1].str("status"); got != "draft" {
		t.Errorf("while invoice.created is refused: %s", got)
	}
	w.to(renewal.Add(73 * time.Hour))
	if got := w.invoices(cus)[1].str("status"); got != "paid" {
		t.Errorf("after 72 hours: %s", got)
	}
}
