package stripesim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// ofSchedules are the events of schedules so far, without their prefix.
func (w *world) ofSchedules() string {
	var out []string
	for _, kind := range w.eventTypes() {
		if name, ok := strings.CutPrefix(kind, "subscription_schedule."); ok {
			out = append(out, name)
		}
	}
	return strings.Join(out, " ")
}

func TestScheduleEvents(t *testing.T) {
	t.Parallel()
	boundary, end := start.AddDate(0, 1, 0).Add(time.Hour), start.AddDate(0, 2, 0).Add(time.Hour)
	for name, c := range map[string]struct {
		then   func(w *world, cus, sub, schedule string)
		events string // after created and updated
		status string // of the schedule and the subscription
	}{
		"released by hand":    {func(w *world, _, _, schedule string) { w.post("/v1/subscription_schedules/"+schedule+"/release", "") }, "released", "released active"},
		"cancelled":           {func(w *world, _, _, schedule string) { w.post("/v1/subscription_schedules/"+schedule+"/cancel", "") }, "canceled", "canceled canceled"},
		"released at its end": {func(w *world, _, _, _ string) { w.to(end) }, "updated released", "released active"},
		"completed": {func(w *world, _, _, schedule string) {
			w.post("/v1/subscription_schedules/"+schedule, "end_behavior=cancel")
			w.to(end)
		}, "updated updated completed", "completed canceled"},
		"aborted, as nobody paid": {func(w *world, cus, _, _ string) {
			w.swapCard(cus, "pm_card_chargeCustomerFail")
			w.to(boundary.AddDate(0, 0, 20))
		}, "updated aborted", "canceled canceled"},
		"the subscription is deleted": {func(w *world, _, sub, _ string) { w.ok("DELETE", "/v1/subscriptions/"+sub, "") }, "canceled", "canceled canceled"},
		"the customer is deleted":     {func(w *world, cus, _, _ string) { w.ok("DELETE", "/v1/customers/"+cus, "") }, "canceled", "canceled canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus, sub, schedule := w.scheduled("phases[1][iterations]=1")
			if got := w.get("/v1/subscriptions/"+sub, "").str("schedule"); got != schedule {
				t.Errorf("the subscription names the schedule %q", got)
			}
			c.then(w, cus, sub, schedule)
			if got, want := w.ofSchedules(), "created updated "+c.events; got != want {
				t.Errorf("events %s, want %s", got, want)
			}
			if got := w.get("/v1/subscription_schedules/"+schedule, "").str("status") + " " + w.status(sub); got != c.status {
				t.Errorf("in the end %s, want %s", got, c.status)
			}
		})
	}
}

// Releasing leaves the subscription as it is: nothing is billed or credited.
func TestReleaseKeepsTheSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, sub, schedule := w.scheduled("phases[1][iterations]=1")
	w.to(start.AddDate(0, 0, 10))
	before := w.get("/v1/subscriptions/"+sub, "")
	released := w.post("/v1/subscription_schedules/"+schedule+"/release", "")
	after := w.get("/v1/subscriptions/"+sub, "")
	if released.get("subscription") != nil || released.str("released_subscription") != sub || released.num("released_at") != start.AddDate(0, 0, 10).Unix() || released.get("current_phase") != nil {
		t.Errorf("schedule %v", released)
	}
	if after.get("schedule") != nil {
		t.Errorf("still under %v", after.get("schedule"))
	}
	before["schedule"] = nil
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[2000 2000]" {
		t.Errorf("invoices %s: the downgrade must not happen", got)
	}
}

// Cancelling a schedule ends its subscription; by default with a credit for
// what is left and a last invoice.
func TestCancelledScheduleEndsTheSubscription(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{ // 11 of 31 days are left: 2000*11/31 = 709.7
		"":                                "[2000 -710] -710",
		"prorate=false":                   "[2000] 0",
		"prorate=false&invoice_now=false": "[2000] 0",
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus, sub, schedule := w.scheduled("phases[1][iterations]=1")
			w.to(start.AddDate(0, 0, 20))
			w.post("/v1/subscription_schedules/"+schedule+"/cancel", form)
			if got := fmt.Sprint(totals(w.invoices(cus)), w.get("/v1/customers/"+cus, "").num("balance")); w.status(sub) != "canceled" || got != want {
				t.Errorf("%s, %s, want %s", w.status(sub), got, want)
			}
		})
	}
}

func TestScheduleOfWhatIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	w.post("/v1/coupons", "id=TEN&percent_off=10&duration=forever")
	cus := w.customer("pm_card_visa")
	a, b := w.price("1000", ""), w.price("300", "")
	sub := w.subscribe(cus, fmt.Sprintf("coupon=TEN&items[0][price]=%s&items[1][price]=%s&items[1][quantity]=4", a, b))
	s := w.post("/v1/subscription_schedules", "from_subscription="+sub.str("id"))
	var items []string
	for _, it := range s.list("phases.0.items") {
		items = append(items, fmt.Sprint(it.str("price"), "x", it.num("quantity")))
	}
	if want := []string{a + "x1", b + "x4"}; !slices.Equal(items, want) || s.str("phases.0.coupon") != "TEN" || s.str("status") != "active" || s.str("end_behavior") != "release" || s.str("subscription") != sub.str("id") {
		t.Errorf("schedule %v", s)
	}
	if s.num("phases.0.start_date") != sub.num("current_period_start") || s.num("phases.0.end_date") != sub.num("current_period_end") || s.num("current_phase.end_date") != sub.num("current_period_end") {
		t.Errorf("phase %v of %v", s.list("phases"), sub)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[1980 1980]" { // (1000+4*300)*0.9
		t.Errorf("invoices %s", got)
	}
	if got := w.get("/v1/subscriptions/"+sub.str("id"), ""); got.get("schedule") != nil || got.str("status") != "active" {
		t.Errorf("after its only phase: %v", got)
	}
}

// A planned downgrade is replaced by another; the running phase is repeated as
// it is, so nothing is prorated.
func TestScheduledItemsAreReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, sub, schedule := w.scheduled("phases[1][iterations]=1")
	w.to(start.AddDate(0, 0, 10))
	s := w.get("/v1/subscription_schedules/"+schedule, "")
	w.post("/v1/subscription_schedules/"+schedule, fmt.Sprintf("end_behavior=release&proration_behavior=none&phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][items][0][quantity]=3&phases[1][items][1][price]=%s&phases[1][proration_behavior]=none&phases[1][iterations]=1&phases[1][metadata][plan]=team",
		s.num("phases.0.start_date"), s.num("phases.0.end_date"), s.str("phases.0.items.0.price"), w.price("500", ""), w.price("40", "")))
	if got := w.get("/v1/invoiceitems", "customer="+cus).list("data"); len(got) > 0 {
		t.Errorf("prorated: %v", got)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	now := w.get("/v1/subscriptions/"+sub, "")
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[2000 1540]" || now.str("metadata.plan") != "team" || len(now.list("items.data")) != 2 {
		t.Errorf("invoices %s, subscription %v", got, now)
	}
	if now.num("billing_cycle_anchor") != start.Unix() {
		t.Errorf("the anchor moved to %d", now.num("billing_cycle_anchor"))
	}
}

// A phase that begins with its own cycle: a year becomes a month when it ends,
// or within the year, at once and in full.
func TestPhaseStartIsTheAnchor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at   time.Time
		want string
	}{
		"when the year ends": {start.AddDate(1, 0, 0), "[36500 1000]"},
		"within the year":    {start.AddDate(0, 0, 73), "[36500 1000]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("36500", "recurring[interval]=year"))
			s := w.post("/v1/subscription_schedules", "from_subscription="+sub.str("id"))
			s = w.post("/v1/subscription_schedules/"+s.str("id"), fmt.Sprintf("end_behavior=release&proration_behavior=none&phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][billing_cycle_anchor]=phase_start&phases[1][proration_behavior]=none&phases[1][iterations]=1",
				s.num("phases.0.start_date"), c.at.Unix(), s.str("phases.0.items.0.price"), w.price("1000", "")))
			if got := s.str("phases.1.billing_cycle_anchor"); got != "phase_start" {
				t.Errorf("the phase says %q", got)
			}
			preview := w.get("/v1/invoices/upcoming", "subscription="+sub.str("id"))
			if preview.num("total") != 1000 || preview.num("created") != c.at.Unix() || preview.num("lines.data.0.period.start") != c.at.Unix() {
				t.Errorf("preview %v", preview)
			}
			w.to(c.at.Add(time.Hour))
			now := w.get("/v1/subscriptions/"+sub.str("id"), "")
			if now.num("billing_cycle_anchor") != c.at.Unix() || now.num("current_period_start") != c.at.Unix() || now.num("current_period_end") != c.at.AddDate(0, 1, 0).Unix() {
				t.Errorf("cycle %v", now)
			}
			if got := fmt.Sprint(totals(w.invoices(cus))); got != c.want {
				t.Errorf("invoices %s, want %s", got, c.want)
			}
			w.to(c.at.AddDate(0, 1, 0).Add(time.Hour))
			if got := w.get("/v1/subscription_schedules/"+s.str("id"), "").str("status"); got != "released" || w.status(sub.str("id")) != "active" {
				t.Errorf("at the end of its phase the schedule is %s", got)
			}
		})
	}
}

// The same length from another day: the cycle begins with the phase, and what
// is left of the old period is credited when the phase says so.
func TestPhaseStartWithinAPeriod(t *testing.T) {
	t.Parallel()
	for behavior, want := range map[string]string{"none": "[6200]", "create_prorations": "[-2100 6200]", "always_invoice": "[-2100 6200]"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("3100", ""))
			s := w.post("/v1/subscription_schedules", "from_subscription="+sub.str("id"))
			at := start.AddDate(0, 0, 10) // 21 of 31 days are left
			w.post("/v1/subscription_schedules/"+s.str("id"), fmt.Sprintf("proration_behavior=none&phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][billing_cycle_anchor]=phase_start&phases[1][iterations]=1&phases[1][proration_behavior]=%s",
				s.num("phases.0.start_date"), at.Unix(), s.str("phases.0.items.0.price"), w.price("6200", ""), behavior))
			w.to(at.Add(time.Hour))
			if got := fmt.Sprint(amountsOf(w.invoices(cus)[1].list("lines.data"))); got != want {
				t.Errorf("lines %s, want %s", got, want)
			}
			if got := w.get("/v1/subscriptions/"+sub.str("id"), ""); got.num("billing_cycle_anchor") != at.Unix() {
				t.Errorf("anchor %d", got.num("billing_cycle_anchor"))
			}
		})
	}
}

// At the end of a short month the two anchors part: the old one returns to the
// 31st, the new one stays on the 28th.
func TestPhaseStartAfterAShortMonth(t *testing.T) {
	t.Parallel()
	for anchor, want := range map[string]string{"automatic": "2026-03-31", "phase_start": "2026-03-28"} {
		t.Run(anchor, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, date(2026, 1, 31, 0))
			sub := w.subscribe(w.customer("pm_card_visa"), "items[0][price]="+w.price("2000", "")).str("id")
			s := w.post("/v1/subscription_schedules", "from_subscription="+sub)
			w.post("/v1/subscription_schedules/"+s.str("id"), fmt.Sprintf("phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][iterations]=1&phases[1][proration_behavior]=none&phases[1][billing_cycle_anchor]=%s",
				s.num("phases.0.start_date"), s.num("phases.0.end_date"), s.str("phases.0.items.0.price"), w.price("1000", ""), anchor))
			w.to(date(2026, 2, 28, 1))
			if got := dayOf(w.get("/v1/subscriptions/"+sub, "").num("current_period_end")); got != want {
				t.Errorf("the period ends on %s, want %s", got, want)
			}
		})
	}
}

// On a test clock, too, a preview is of the renewal and not of the moment.
func TestPreviewOfAScheduleOnAClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	_, cus := w.onClock(start.Unix())
	sub, _ := w.planned(cus, "phases[1][iterations]=1")
	next := w.get("/v1/invoices/upcoming", "subscription="+sub)
	if at := start.AddDate(0, 1, 0).Unix(); next.num("total") != 1000 || next.num("created") != at || next.num("lines.data.0.period.start") != at {
		t.Errorf("preview %v", next)
	}
}

// A subscription that was to end is taken over by its schedule, which can take
// the end back.
func TestScheduleOfWhatWasToEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	w.post("/v1/subscriptions/"+sub, "cancel_at_period_end=true")
	s := w.post("/v1/subscription_schedules", "from_subscription="+sub)
	if got := w.get("/v1/subscriptions/"+sub, ""); s.str("end_behavior") != "cancel" || got.num("cancel_at") != start.AddDate(0, 1, 0).Unix() {
		t.Errorf("schedule %v, subscription %v", s, got)
	}
	w.post("/v1/subscription_schedules/"+s.str("id")+"/release", "")
	if got := w.get("/v1/subscriptions/"+sub, ""); got.get("cancel_at") != nil || got.get("cancel_at_period_end") != false {
		t.Errorf("released: %v", got)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := fmt.Sprint(totals(w.invoices(cus))); got != "[1000 1000]" {
		t.Errorf("invoices %s", got)
	}
}
