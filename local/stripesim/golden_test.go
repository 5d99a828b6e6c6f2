package stripesim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// golden is a case with published numbers, or with numbers worked out by hand
// from Stripe's rules. It runs through the HTTP API with the clock.
type golden struct {
	name   string
	source string
	start  time.Time
	run    func(w *world, is func(what string, want, got any))
}

func runGolden(t *testing.T, cases []golden) {
	t.Helper()
	for _, g := range cases {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			at := g.start
			if at.IsZero() {
				at = start
			}
			if t.Logf("source: %s", g.source); !strings.HasPrefix(g.source, "https://") {
				t.Error("the source has no address")
			}
			g.run(newWorld(t, at), func(what string, want, got any) {
				t.Helper()
				t.Logf("%-40s expected %v, got %v", what, want, got)
				if fmt.Sprint(want) != fmt.Sprint(got) {
					t.Errorf("%s: expected %v, got %v", what, want, got)
				}
			})
		})
	}
}

func date(y int, m time.Month, d, hour int) time.Time {
	return time.Date(y, m, d, hour, 0, 0, 0, time.UTC)
}

func dayOf(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02") }

func amountsOf(lines []raw) []int64 {
	var out []int64
	for _, l := range lines {
		out = append(out, l.num("amount"))
	}
	return out
}

func totals(invoices []raw) []int64 {
	var out []int64
	for _, i := range invoices {
		out = append(out, i.num("total"))
	}
	return out
}

const (
	prorationsPage = "https://docs.stripe.com/billing/subscriptions/prorations"
	updatePage     = "https://docs.stripe.com/api/subscriptions/update"
	cyclePage      = "https://docs.stripe.com/billing/subscriptions/billing-cycle"

	// What others wrote down while they worked with Stripe's test clocks.
	clockNotes   = "https://github.com/stream-labs/sl-payments-assignment/blob/548cabe9be5a600a89cd24ed3e58699d8d49f197/JEFFREY_NOTES.md"
	failureNotes = "https://github.com/nto300002/keikakun_app/blob/a36b203109e72edc23867fc97abfdbe2b5daad3e/md_files_design_note/task/todo/bug_fix/stripe/test/stripe_test_clock_cli_manual.md"
)

func TestGoldenPublished(t *testing.T) {
	t.Parallel()
	runGolden(t, []golden{
		{"G1 half a period left, 10 to 20", prorationsPage, date(2026, 1, 1, 0), goldenHalf},
		{"G2 upcoming invoice of the documents", prorationsPage, time.Unix(1596749288, 0), goldenUpcoming},
		{"G4 500 off over 1000 and 2000", prorationsPage, start, goldenAllocation},
		{"G7 100 to 200 in May without proration", updatePage, date(2025, 5, 1, 0), goldenMayNone},
		{"G7 100 to 200 at exactly half of May", updatePage, date(2025, 5, 1, 0), func(w *world, is func(string, any, any)) { goldenMay(w, is, date(2025, 5, 16, 12), 25000) }},
		{"G9 anchored on 31 January", cyclePage, date(2023, 1, 31, 0), func(w *world, is func(string, any, any)) {
			goldenAnchor(w, is, []string{"2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31"})
		}},
		{"G9 anchored on 31 January of a leap year", cyclePage, date(2024, 1, 31, 0), func(w *world, is func(string, any, any)) {
			goldenAnchor(w, is, []string{"2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"})
		}},
		{"G9 anchored on 2 September", cyclePage, date(2024, 9, 2, 0), func(w *world, is func(string, any, any)) {
			goldenAnchor(w, is, []string{"2024-09-02", "2024-10-02", "2024-11-02", "2024-12-02", "2025-01-02"})
		}},
		{"G11 a trial moves the billing date", cyclePage, date(2025, 6, 23, 0), goldenTrialMoves},
		{"G13 a clock moves two intervals at most", clockNotes, time.Unix(1732320000, 0), goldenClock},
		{"T1 a tax of 15 % on 0.43 and 4.84, each line rounded", taxRounding, start, goldenTaxLines},
		{"T2 a tax of 10 % in or on 600 euros", taxInOrOn, start, goldenTaxInOrOn},
		{"G15 a renewal that fails", failureNotes, time.Unix(1782105600, 0), goldenRenewalFails},
	})
}

func goldenHalf(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.to(date(2026, 1, 16, 12)) // 15.5 of 31 days
	w.post("/v1/subscriptions/"+sub.str("id"), "items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("2000", ""))
	items := w.get("/v1/invoiceitems", "customer="+cus).list("data") // newest first
	is("unused time", -500, items[1].num("amount"))
	is("remaining time", 1000, items[0].num("amount"))
	is("both prorations", "true true", fmt.Sprint(items[0].get("proration"), items[1].get("proration")))
	is("nothing is discountable", "false false", fmt.Sprint(items[0].get("discountable"), items[1].get("discountable")))
	next := w.get("/v1/invoices/upcoming", "customer="+cus)
	is("next invoice", 2500, next.num("total"))
}

func goldenUpcoming(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	is("period end", 1599427688, sub.num("current_period_end"))
	inv := w.get("/v1/invoices/upcoming", fmt.Sprintf("customer=%s&subscription=%s&subscription_items[0][id]=%s&subscription_items[0][price]=%s&subscription_proration_date=1598982148",
		cus, sub.str("id"), sub.str("items.data.0.id"), w.price("3252", "")))
	is("lines", []int64{-166, 541, 3252}, amountsOf(inv.list("lines.data")))
	is("total", 3627, inv.num("total"))
	is("next period ends", 1602019688, inv.num("lines.data.2.period.end"))
	is("next payment attempt", 1599431288, inv.num("next_payment_attempt"))
	is("proration period", "1598982148 1599427688", fmt.Sprint(inv.num("lines.data.0.period.start"), " ", inv.num("lines.data.0.period.end")))
}

func goldenAllocation(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=FIVE&amount_off=500&currency=usd&duration=forever")
	sub := w.subscribe(cus, "coupon=FIVE&items[0][price]="+w.price("1000", "")+"&items[1][price]="+w.price("2000", ""))
	inv := w.get("/v1/invoices/"+sub.str("latest_invoice"), "")
	is("first line", 166, inv.num("lines.data.0.discount_amounts.0.amount"))
	is("second line", 334, inv.num("lines.data.1.discount_amounts.0.amount"))
	is("total", 2500, inv.num("total"))
	is("paid", 2500, inv.num("amount_paid"))
}

func goldenMayNone(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("10000", ""))
	w.to(date(2025, 5, 15, 0))
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=none&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("20000", ""))
	w.to(date(2025, 6, 1, 1))
	is("invoices on 1 May and 1 June", []int64{10000, 20000}, totals(w.invoices(cus)))
}

func goldenMay(w *world, is func(string, any, any), at time.Time, want int64) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("10000", ""))
	w.to(at)
	w.post("/v1/subscriptions/"+sub.str("id"), "items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("20000", ""))
	w.to(date(2025, 6, 1, 1))
	is("invoices on 1 May and 1 June", []int64{10000, want}, totals(w.invoices(cus)))
}

func goldenAnchor(w *world, is func(string, any, any), want []string) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	var got []string
	for range want {
		s := w.get("/v1/subscriptions/"+sub.str("id"), "")
		got = append(got, dayOf(s.num("current_period_start")))
		w.to(time.Unix(s.num("current_period_end"), 0))
	}
	is("periods begin", want, got)
}

func goldenTrialMoves(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	is("next bill before", "2025-07-23", dayOf(sub.num("current_period_end")))
	w.to(date(2025, 7, 15, 0))
	w.post("/v1/subscriptions/"+sub.str("id"), fmt.Sprint("proration_behavior=none&trial_end=", date(2025, 8, 1, 0).Unix()))
	is("a zero invoice on 15 July", []int64{1000, 0}, totals(w.invoices(cus)))
	w.to(date(2025, 7, 24, 0))
	is("nothing on 23 July", []int64{1000, 0}, totals(w.invoices(cus)))
	w.to(date(2025, 8, 1, 1))
	is("a full cycle on 1 August", []int64{1000, 0, 1000}, totals(w.invoices(cus)))
	s := w.get("/v1/subscriptions/"+sub.str("id"), "")
	is("anchor and next bill", "2025-08-01 2025-09-01", dayOf(s.num("billing_cycle_anchor"))+" "+dayOf(s.num("current_period_end")))
}

// onClock is a customer with a card who lives on a new test clock.
func (w *world) onClock(frozen int64) (clock, customer string) {
	w.t.Helper()
	clock = w.post("/v1/test_helpers/test_clocks", fmt.Sprint("frozen_time=", frozen)).str("id")
	customer = w.post("/v1/customers", "test_clock="+clock+"&payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa").str("id")
	return clock, customer
}

func (w *world) advance(clock string, to int64) {
	w.t.Helper()
	got := w.post("/v1/test_helpers/test_clocks/"+clock+"/advance", fmt.Sprint("frozen_time=", to))
	if got.str("status") != "advancing" {
		w.t.Errorf("advance answered the status %s", got.str("status"))
	}
	if err := w.sim.Quiet(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func goldenClock(w *world, is func(string, any, any)) {
	clock, cus := w.onClock(1732320000)
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	status, e := w.refused("POST", "/v1/test_helpers/test_clocks/"+clock+"/advance", "frozen_time=1737590401")
	is("one second too far", "400 invalid_request_error", fmt.Sprint(status, " ", e.str("type")))
	_, limit, _ := strings.Cut(e.str("message"), "advance it ")
	limit, _, _ = strings.Cut(limit, ".")
	is("the error names the limit", "up to 1737590400 (2025-01-23 00:00:00 UTC)", limit)
	w.advance(clock, 1737590400)
	got := w.get("/v1/test_helpers/test_clocks/"+clock, "")
	is("two intervals", "ready 1737590400", fmt.Sprint(got.str("status"), " ", got.num("frozen_time")))
}

// A trial of one day with a card that is declined when it ends.
func goldenRenewalFails(w *world, is func(string, any, any)) {
	clock, cus := w.onClock(1782105600)
	bad := w.swapCard(cus, "pm_card_chargeCustomerFail")
	sub := w.subscribe(cus, "trial_period_days=1&default_payment_method="+bad+"&items[0][price]="+w.price("6000", ""))
	w.advance(clock, 1782192000)
	inv := w.invoices(cus)[1]
	is("at the end of the trial", "draft 0 1782195600", fmt.Sprint(inv.str("status"), " ", inv.num("attempt_count"), " ", inv.num("next_payment_attempt")))
	before := len(w.sim.Events())
	w.advance(clock, 1782199200)
	inv = w.invoices(cus)[1]
	is("two hours later", "open true 1", fmt.Sprint(inv.str("status"), " ", inv.get("attempted"), " ", inv.num("attempt_count")))
	is("due, and why", "6000 subscription_cycle", fmt.Sprint(inv.num("amount_due"), " ", inv.str("billing_reason")))
	is("the subscription", "past_due", w.status(sub.str("id")))
	var types []string
	for _, e := range w.sim.Events()[before:] {
		types = append(types, e.Type)
	}
	slices.Sort(types) // the source does not tell the order
	is("events of the two hours", "[charge.failed customer.subscription.updated invoice.finalized invoice.payment_failed invoice.updated payment_intent.created payment_intent.payment_failed test_helpers.test_clock.advancing test_helpers.test_clock.ready]", types)
}
