package stripesim_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v76"

	"windfall/local/stripesim"
)

func TestAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	for _, header := range []string{"", "Bearer sk_test_other", "Bearer sk_live_sim", "Basic eDp5"} {
		status, body, head := w.call("GET", "/v1/customers", "", "Authorization", header)
		if status != 401 || body.str("error.type") != "invalid_request_error" || !strings.HasPrefix(head.Get("Request-Id"), "req_") {
			t.Errorf("%q: %d %v", header, status, body)
		}
	}
	if status, _, _ := w.call("GET", "/v1/customers", "", "Stripe-Version", "2025-03-31.basil"); status != 400 {
		t.Errorf("another version: %d", status)
	}
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	key := []string{"Idempotency-Key", "k"}
	_, first, _ := w.call("POST", "/v1/customers", "email=a@example.com", key...)
	_, second, head := w.call("POST", "/v1/customers", "email=a@example.com", key...)
	if !cmp.Equal(first, second) || head.Get("Idempotent-Replayed") != "true" {
		t.Errorf("replay %v, header %v", second, head)
	}
	status, body, _ := w.call("POST", "/v1/customers", "email=b@example.com", key...)
	if status != 400 || body.str("error.type") != "idempotency_error" {
		t.Errorf("other parameters: %d %v", status, body)
	}
	if status, _, _ = w.call("POST", "/v1/customers", "colour=red", "Idempotency-Key", "v"); status != 400 {
		t.Errorf("refused: %d", status)
	}
	if status, _, _ = w.call("POST", "/v1/customers", "name=x", "Idempotency-Key", "v"); status != 200 {
		t.Errorf("a refused request kept its key: %d", status)
	}
	w.to(start.Add(25 * time.Hour))
	if _, third, _ := w.call("POST", "/v1/customers", "email=a@example.com", key...); third.str("id") == first.str("id") {
		t.Error("the key was still known after a day")
	}
	if n := len(w.get("/v1/customers", "").list("data")); n != 3 {
		t.Errorf("%d customers", n)
	}
}

// Many at once with one key: one is carried out, the others are told to wait or
// get its answer.
func TestIdempotencyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if status, body, _ := w.call("POST", "/v1/customers", "email=a@example.com", "Idempotency-Key", "k"); status != 200 && body.str("error.code") != "idempotency_key_in_use" {
				t.Errorf("%d %v", status, body)
			}
		})
	}
	all.Wait()
	if n := len(w.get("/v1/customers", "").list("data")); n != 1 {
		t.Errorf("%d customers", n)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	var seen []string
	w.sim.Observe(func(method, path string) { seen = append(seen, method+" "+path) })
	fault := stripesim.FaultNone
	w.sim.SetFault(func(string, string, int) stripesim.Fault { return fault })
	try := func() error {
		_, err := w.api.Customers.New(&stripe.CustomerParams{Params: stripe.Params{IdempotencyKey: stripe.String("k")}, Email: stripe.String("a@example.com")})
		return err
	}
	for _, f := range []stripesim.Fault{stripesim.RefuseBefore, stripesim.LoseAnswer} {
		fault = f
		if err := try(); !errors.Is(err, stripesim.ErrConnection) {
			t.Errorf("fault %d: %v", f, err)
		}
	}
	for f, status := range map[stripesim.Fault]int{stripesim.Status500: 500, stripesim.Status429: 429} {
		fault = f
		var e *stripe.Error
		if err := try(); !errors.As(err, &e) || e.HTTPStatusCode != status {
			t.Errorf("fault %d: %v", f, err)
		}
	}
	w.sim.SetFault(nil)
	if err := try(); err != nil { // the answer that was lost
		t.Error(err)
	}
	if n := len(w.get("/v1/customers", "").list("data")); n != 1 || len(seen) != 6 {
		t.Errorf("%d customers, %d calls seen", n, len(seen))
	}
}

func TestOverTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	server := httptest.NewServer(w.sim)
	defer server.Close()
	b := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{URL: stripe.String(server.URL), MaxNetworkRetries: stripe.Int64(0), LeveledLogger: &stripe.LeveledLogger{}})
	get := func() error {
		return b.Call(http.MethodGet, "/v1/balance", "sk_test_sim", nil, &stripe.Balance{})
	}
	if err := get(); err != nil {
		t.Error(err)
	}
	w.sim.SetFault(func(string, string, int) stripesim.Fault { return stripesim.LoseAnswer })
	if err := get(); err == nil {
		t.Error("a lost answer arrived")
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.journal")
	open := func() *world {
		t.Helper()
		file = copied(t, file) // nothing is closed: what the dead process wrote is what there is
		sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(start), File: file, BaseURL: "http://sim.test"})
		if err != nil {
			t.Fatal(err)
		}
		return &world{t: t, sim: sim}
	}
	first := open()
	cus := first.customer("pm_card_visa")
	sub := first.subscribe(cus, "trial_period_days=3&items[0][price]="+first.price("1000", ""))
	first.to(start.AddDate(0, 0, 2))
	before := first.get("/v1/subscriptions/"+sub.str("id"), "")
	second := open()
	if !second.sim.Now().Equal(start.AddDate(0, 0, 2)) {
		t.Errorf("the clock is at %s", second.sim.Now())
	}
	if diff := cmp.Diff(before, second.get("/v1/subscriptions/"+sub.str("id"), "")); diff != "" {
		t.Errorf("after the restart:\n%s", diff)
	}
	second.to(start.AddDate(0, 0, 3).Add(time.Hour))
	if got := totals(second.invoices(cus)); len(got) != 2 || got[1] != 1000 {
		t.Errorf("invoices %v", got)
	}
	if id := second.customer(""); id == cus {
		t.Error("an id was given twice")
	}
	if err := second.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	third := open()
	if n := len(third.get("/v1/customers", "").list("data")); n != 0 || !third.sim.Now().Equal(start) {
		t.Errorf("after a reset: %d customers, %s", n, third.sim.Now())
	}
	for _, w := range []*world{first, second, third} {
		_ = w.sim.Close()
	}
}

// copied is a folder of its own with the file as it is at this moment.
func copied(t *testing.T, file string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(file))
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return to
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestPagesAndExpand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	var ids []string
	for range 5 {
		ids = append([]string{w.customer("")}, ids...) // newest first
	}
	one := w.get("/v1/customers", "limit=2")
	if one.str("data.0.id") != ids[0] || one.get("has_more") != true {
		t.Errorf("first page %v", one)
	}
	two := w.get("/v1/customers", "limit=10&starting_after="+ids[1])
	if len(two.list("data")) != 3 || two.get("has_more") != false || two.str("data.0.id") != ids[2] {
		t.Errorf("second page %v", two)
	}
	back := w.get("/v1/customers", "limit=2&ending_before="+ids[3])
	if back.str("data.0.id") != ids[1] || back.str("data.1.id") != ids[2] || back.get("has_more") != true {
		t.Errorf("page before %v", back)
	}
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	list := w.get("/v1/subscriptions", "expand[]=data.latest_invoice.payment_intent.latest_charge&expand[]=data.items.data.price.product&expand[]=data.customer")
	if list.str("data.0.latest_invoice.payment_intent.latest_charge.status") != "succeeded" || list.str("data.0.items.data.0.price.product.name") != "P1000" || list.str("data.0.customer.id") != cus {
		t.Errorf("expanded %v", list)
	}
}

// The same calls give the same ids and the same bytes.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	var runs []string
	for range 2 {
		w := newWorld(t, start)
		cus := w.customer("pm_card_visa")
		w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
		if err := w.sim.AdvanceTo(context.Background(), start.AddDate(0, 2, 0)); err != nil {
			t.Fatal(err)
		}
		_, body, _ := w.call("GET", "/v1/events", "limit=100")
		runs = append(runs, cmp.Diff(nil, body))
	}
	if runs[0] != runs[1] {
		t.Error("two runs differ")
	}
}
