package dashboard_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// A cut is a line to Stripe that is down for some requests.
type cut struct{ paths atomic.Pointer[regexp.Regexp] }

func (c *cut) down(paths string) { c.paths.Store(regexp.MustCompile(paths)) }

func (c *cut) up() { c.paths.Store(nil) }

func (c *cut) between(inner http.RoundTripper) http.RoundTripper {
	return wire(func(r *http.Request) (*http.Response, error) {
		if p := c.paths.Load(); p != nil && p.MatchString(r.Method+" "+r.URL.Path) {
			return nil, errors.New("the line is down")
		}
		return inner.RoundTrip(r)
	})
}

type wire func(*http.Request) (*http.Response, error)

func (t wire) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func openCut(t *testing.T) (*world.World, *dashboard.Browser, *cut) {
	t.Helper()
	c := &cut{}
	w := world.With(t, stack.Options{Faults: stack.Faults{Stripe: c.between, Hurry: true}})
	w.StandardCatalog()
	return w, dashboard.Open(t, w.Stack.BaseURL, w.Stack), c
}

// A webhook that fails is seen, and processed again once what it needs is back.
func TestDASH75AFailedWebhook(t *testing.T) {
	t.Parallel()
	w, b, c := openCut(t)
	w.CustomerWithCard("c", "pro")
	if p := b.Get("/dashboard/activity").Titled("Activity"); !strings.Contains(p.Words(), "Nothing failed.") {
		t.Errorf("an empty list says %q", p.Words())
	}
	w.Advance("1h") // an event that met the purchase comes again; it would fail, too
	c.down("GET /v1/invoices/")
	w.AdvanceWithoutEvents(world.T1.Add(2 * time.Hour))
	w.Redeliver("invoice.paid")
	p := b.Get("/dashboard").Click("1 failed webhook")
	rows := p.Table("Failed webhooks")
	if len(rows) != 2 || rows[1][1] != "invoice.paid" || !strings.Contains(rows[1][4], "stripe_unavailable") {
		t.Fatalf("the failures are %v", rows)
	}
	if got := b.Get("/dashboard/activity").Press("Process again"); got.Status != http.StatusServiceUnavailable || !strings.HasPrefix(got.Alert(), "Stripe can't be reached right now.") {
		t.Errorf("while the line is down: %d %q", got.Status, got.Alert())
	}
	if rows := b.Get("/dashboard/activity").Table("Failed webhooks"); rows[1][3] != "2" {
		t.Errorf("after another try: %v", rows)
	}
	revenue := lastRevenue(b)
	c.up()
	other := b.Get("/dashboard/activity") // another tab
	b.Get("/dashboard/activity").Press("Process again").Said("Webhook processed.").Says("Nothing failed.")
	if got := lastRevenue(b); revenue != "$0.00" || got != "$20.00" {
		t.Errorf("the revenue of May was %s, and is %s", revenue, got)
	}
	if rows := b.Get("/dashboard/activity").Table("Dashboard actions"); len(rows) != 2 || rows[1][1] != "local" || rows[1][2] != "Process again" {
		t.Errorf("the actions are %v", rows)
	}
	other.Press("Process again").Refused(http.StatusNotFound, `The webhook event "`+rows[1][0]+`" is not among those that failed: it was processed meanwhile. Back to activity`)
}

// lastRevenue is the latest bar of the chart.
func lastRevenue(b *dashboard.Browser) string {
	rows := b.Get("/dashboard").Table("Revenue per month")
	return rows[len(rows)-1][1]
}

// A webhook that Stripe delivers again with success is no failure any more.
func TestDASH76AFailureEndsWithTheNextDelivery(t *testing.T) {
	t.Parallel()
	w, b, c := openCut(t)
	w.CustomerWithCard("c", "pro")
	w.Advance("1h") // an event that met the purchase comes again; it would be given up within the month
	c.down("GET /v1/invoices/")
	w.AdvanceTo(world.T1.Add(2 * time.Hour))
	if p := b.Get("/dashboard/activity"); strings.Contains(p.Words(), "Nothing failed.") {
		t.Error("nothing failed")
	}
	c.up()
	w.Advance("3d")
	b.Get("/dashboard/activity").Says("Nothing failed.")
	w.Billed("c", 2000, 2000)
}

// An operation whose process died is seen after a minute, and finished from here.
func TestDASH77AnUnfinishedOperation(t *testing.T) {
	t.Parallel()
	w, b, c := openCut(t)
	w.CustomerWithCard("c")
	c.down("POST /v1/subscriptions")
	if got := w.Do(w.Stack.Key, "POST", "/v1/attach", world.JSON{"customer_id": "c", "product_id": "pro"}).Status; got != http.StatusServiceUnavailable {
		t.Fatalf("attach: %d", got)
	}
	b.Get("/dashboard/activity").Says("No operation is unfinished.")
	w.Advance("2 min")
	p := b.Get("/dashboard").Click("1 unfinished operation")
	if rows := p.Table("Unfinished operations"); len(rows) != 2 || rows[1][1] != "Attach pro" {
		t.Fatalf("unfinished: %v", rows)
	}
	if got := p.Press("Finish now"); got.Status != http.StatusServiceUnavailable {
		t.Errorf("while the line is down: %d %q", got.Status, got.Alert())
	}
	c.up()
	b.Get("/dashboard/activity").Press("Finish now").Said("Operation finished.").Says("No operation is unfinished.")
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000)
}

// An invoice that is not what was computed is listed until a person has seen it.
func TestDASH80AnInvoiceThatDiffers(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.AllowInvoiceMismatch()
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	item := world.ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), world.JSON{"proration_behavior": "none", "items": []world.JSON{{"id": item, "quantity": 2}}})
	w.AdvancePastRenewal(world.T1)
	p := b.Get("/dashboard").Click("1 invoice that differs")
	rows := p.Table("Invoices that differ")
	if len(rows) != 2 || !strings.Contains(rows[1][3], "40.00") || !strings.Contains(rows[1][3], "20.00") {
		t.Fatalf("the list is %v", rows)
	}
	p.Press("Seen").Said("Marked as seen.").Says("Every invoice is as it was computed.")
	b.Get("/dashboard").Says("Nothing needs attention.")
}

// A product whose payment failed is counted and listed until it is paid.
func TestDASH81PastDue(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/products/pro", world.JSON{"name": "Pro plan"})
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/customers/c", world.JSON{"name": "Cleo"})
	w.PutFailingCard("c")
	w.AdvancePastRenewal(world.T1)
	p := b.Get("/dashboard").Click("1 past-due product")
	if rows := p.Table("Past due"); len(rows) != 2 || rows[1][0] != "Cleo" || rows[1][1] != "Pro plan" || rows[1][2] != "1 May 2027" {
		t.Errorf("past due: %v", rows)
	}
	w.PutGoodCard("c")
	w.Advance("7d") // Stripe tries again
	b.Get("/dashboard").Says("Nothing needs attention.")
	b.Get("/dashboard/activity?list=past-due").Says("No product is past due.")
}

// Every list of Activity takes few requests, and an unknown one is not there.
func TestDASH82ListsOfActivity(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	for _, list := range []string{"", "?list=failed", "?list=unfinished", "?list=differs", "?list=past-due", "?list=actions"} {
		b.Get("/dashboard/activity" + list)
		if p := b.Get("/dashboard/activity" + list); p.Requests > dashboard.MaxRequests {
			t.Errorf("%s: %d requests", list, p.Requests)
		}
	}
	b.Try("/dashboard/activity?list=nothing").Refused(http.StatusNotFound, "There is no list “nothing” in Activity. Back to activity")
	if p := b.Try("/dashboard/activity?list=failed&cursor=xyz"); p.Status != http.StatusBadRequest || !strings.HasPrefix(p.Alert(), "This page of the list is not there any more.") {
		t.Errorf("a cursor of nobody's: %d %q", p.Status, p.Alert())
	}
}
