package stripesim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// scheduled is a subscription of 20 a month with a downgrade to 10 planned for
// its next period.
func (w *world) scheduled(last string) (customer, sub, schedule string) {
	w.t.Helper()
	customer = w.customer("pm_card_visa")
	sub, schedule = w.planned(customer, last)
	return customer, sub, schedule
}

// planned is the same for a customer who is there already.
func (w *world) planned(customer, last string) (sub, schedule string) {
	w.t.Helper()
	s := w.subscribe(customer, "items[0][price]="+w.price("2000", ""))
	sub = s.str("id")
	sched := w.post("/v1/subscription_schedules", "from_subscription="+sub)
	schedule = sched.str("id")
	w.post("/v1/subscription_schedules/"+schedule, fmt.Sprintf("end_behavior=release&proration_behavior=none&phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][proration_behavior]=none&%s",
		sched.num("phases.0.start_date"), sched.num("phases.0.end_date"), sched.str("phases.0.items.0.price"), w.price("1000", ""), last))
	return sub, schedule
}

func TestScheduledDowngrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, sub, schedule := w.scheduled("phases[1][iterations]=1")
	if got := w.get("/v1/invoices/upcoming", "subscription="+sub).num("total"); got != 1000 {
		t.Errorf("the preview does not see the downgrade: %d", got)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[2000 1000]" {
		t.Errorf("invoices %s", got)
	}
	if got := w.get("/v1/subscriptions/"+sub, "").str("schedule"); got != schedule {
		t.Errorf("schedule during its last phase: %q", got)
	}
	w.to(start.AddDate(0, 2, 0).Add(time.Hour))
	s := w.get("/v1/subscription_schedules/"+schedule, "")
	if s.str("status") != "released" || s.str("released_subscription") != sub || w.get("/v1/subscriptions/"+sub, "").get("schedule") != nil {
		t.Errorf("at its end %v", s)
	}
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[2000 1000 1000]" {
		t.Errorf("the subscription lives on: %s", got)
	}
}

func TestScheduleRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	_, sub, schedule := w.scheduled("phases[1][iterations]=1")
	path := "/v1/subscription_schedules/" + schedule
	for _, c := range []struct{ what, method, path, form, says string }{
		{"a second schedule", "POST", "/v1/subscription_schedules", "from_subscription=" + sub, "already attached to a schedule: `" + schedule + "`"},
		{"other parameters with from_subscription", "POST", "/v1/subscription_schedules", "end_behavior=cancel&from_subscription=" + sub, "if `from_subscription` is set"},
		{"cancel_at_period_end", "POST", "/v1/subscriptions/" + sub, "cancel_at_period_end=true", "managed by the subscription schedule `" + schedule + "`"},
		{"an end taken back", "POST", "/v1/subscriptions/" + sub, "cancel_at_period_end=false", "Please update the schedule instead"},
		{"cancel_at", "POST", "/v1/subscriptions/" + sub, fmt.Sprint("cancel_at=", start.AddDate(0, 0, 3).Unix()), "Please update the schedule instead"},
		{"phases without the current start", "POST", path, "phases[0][iterations]=1&phases[0][items][0][price]=" + w.price("1", ""), "start date"},
		{"phases with another start", "POST", path, "phases[0][start_date]=5&phases[0][iterations]=1&phases[0][items][0][price]=" + w.price("1", ""), "must start at"},
	} {
		if status, e := w.refused(c.method, c.path, c.form); status != 400 || !strings.Contains(e.str("message"), c.says) {
			t.Errorf("%s: %d %s", c.what, status, e.str("message"))
		}
	}
	w.post(path+"/release", "")
	for _, verb := range []string{"/release", "/cancel", ""} {
		if status, e := w.refused("POST", path+verb, ""); status != 400 || !strings.Contains(e.str("message"), "`released`") {
			t.Errorf("%s of a released schedule: %d %v", verb, status, e)
		}
	}
	if got := w.post("/v1/subscriptions/"+sub, "cancel_at_period_end=true"); got.get("cancel_at_period_end") != true {
		t.Error("a released subscription cannot be cancelled")
	}
}

func TestScheduleEndsSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	_, sub, schedule := w.scheduled("phases[1][iterations]=1")
	sched := w.post("/v1/subscription_schedules/"+schedule, "end_behavior=cancel")
	if got := w.get("/v1/subscriptions/"+sub, "").num("cancel_at"); got != sched.num("phases.1.end_date") {
		t.Errorf("cancel_at %d", got)
	}
	w.to(start.AddDate(0, 2, 0))
	if got := w.get("/v1/subscriptions/"+sub, "").str("status") + " " + w.get("/v1/subscription_schedules/"+schedule, "").str("status"); got != "canceled completed" {
		t.Errorf("at the end: %s", got)
	}
}

func TestOpenEndedPhaseStaysAttached(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	_, sub, schedule := w.scheduled("")
	w.to(start.AddDate(0, 5, 0))
	if got := w.get("/v1/subscriptions/"+sub, "").str("schedule"); got != schedule {
		t.Errorf("schedule %q", got)
	}
}

func TestScheduleOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	s := w.post("/v1/subscription_schedules", fmt.Sprintf("customer=%s&start_date=%d&phases[0][items][0][price]=%s&phases[0][iterations]=2&phases[1][items][0][price]=%s&phases[1][iterations]=1",
		cus, start.AddDate(0, 0, 5).Unix(), w.price("1000", ""), w.price("3000", "")))
	if s.str("status") != "not_started" {
		t.Errorf("status %s", s.str("status"))
	}
	w.to(start.AddDate(0, 2, 6))
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[1000 1000 3000]" {
		t.Errorf("invoices %s", got)
	}
	w.post("/v1/subscription_schedules/"+s.str("id")+"/cancel", "prorate=false&invoice_now=false")
	sub := w.get("/v1/subscriptions", "status=all&customer="+cus).str("data.0.status")
	if sub != "canceled" {
		t.Errorf("the subscription is %s", sub)
	}
}
