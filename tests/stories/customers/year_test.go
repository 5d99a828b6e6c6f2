package customers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/tests/world"
)

// TestAYearOfOneCustomer follows one customer from signing up to leaving, and
// checks every invoice with its lines, and every entry of the history.
func TestAYearOfOneCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	date := func(month time.Month, day int) time.Time { return time.Date(2027, month, day, 0, 0, 0, 0, time.UTC) }

	w.Post("/v1/customers", JSON{"id": "c"})
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)

	w.PutGoodCard("c")
	w.Attach("c", "pro_trial")
	w.HasProducts("c", "pro_trial trialing")
	w.AdvancePastRenewal(date(time.April, 8)) // the trial is over
	w.HasProducts("c", "pro_trial active")

	w.AdvanceTo(date(time.April, 23)) // 15 of 30 days are left
	w.Attach("c", "premium")
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
	w.AdvancePastRenewal(date(time.May, 8))

	w.AdvanceTo(date(time.May, 20))
	w.Attach("c", "addon_words")
	w.HasBalance("c", "words", true, 200)
	w.AdvancePastRenewal(date(time.June, 8))
	w.AdvancePastRenewal(date(time.June, 20))

	w.AdvanceTo(date(time.June, 25))
	w.Attach("c", "pro") // cheaper: it waits
	w.HasProducts("c", "addon_words active", "premium active", "pro scheduled")
	w.AdvancePastRenewal(date(time.July, 8))
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.AdvancePastRenewal(date(time.July, 20))

	w.AdvanceTo(date(time.July, 25))
	w.PutFailingCard("c")
	w.AdvancePastRenewal(date(time.August, 8))
	w.HasProducts("c", "addon_words active", "pro past_due")
	w.HasBalance("c", "messages", false, 0)
	w.AdvanceTo(date(time.August, 10))
	w.PutGoodCard("c")
	for _, in := range w.Invoices("c") {
		if in.Status == "open" {
			w.Post("/_local/invoices/"+in.ID+"/pay", nil)
		}
	}
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "messages", true, 500)

	w.AdvanceTo(date(time.August, 25))
	w.Cancel("c", "addon_words")
	w.Cancel("c", "pro")
	w.HasProducts("c", "addon_words active", "free scheduled", "pro active")
	w.AdvancePastRenewal(date(time.September, 8))
	w.HasProducts("c", "addon_words active", "free active")
	w.AdvancePastRenewal(date(time.September, 20))
	w.HasProducts("c", "free active")
	w.AdvanceTo(T0.AddDate(1, 0, 0))
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.HasBalance("c", "words", false, 0)

	if diff := cmp.Diff(strings.TrimSpace(invoicesOfTheYear), invoiceStatement(w, "c")); diff != "" {
		t.Errorf("invoices (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.TrimSpace(auditOfTheYear), auditLines(w, "c")); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

const invoicesOfTheYear = `
2027-04-01 0.00 paid
    0.00 Trial period for pro_trial
2027-04-08 20.00 paid
    20.00 1 × pro_trial (at $20.00 / month)
2027-04-23 15.00 paid
    -10.00 Unused time on pro_trial after 23 Apr 2027
    25.00 Remaining time on premium after 23 Apr 2027
2027-05-08 50.00 paid
    50.00 1 × premium (at $50.00 / month)
2027-05-20 20.00 paid
    20.00 1 × addon_words (at $20.00 / month)
2027-06-08 50.00 paid
    50.00 1 × premium (at $50.00 / month)
2027-06-20 20.00 paid
    20.00 1 × addon_words (at $20.00 / month)
2027-07-08 20.00 paid
    20.00 1 × pro (at $20.00 / month)
2027-07-20 20.00 paid
    20.00 1 × addon_words (at $20.00 / month)
2027-08-08 20.00 paid
    20.00 1 × pro (at $20.00 / month)
2027-08-20 20.00 paid
    20.00 1 × addon_words (at $20.00 / month)
`

const auditOfTheYear = `
2027-04-01 am_sk_test_loc create: defaults, starts free. A new customer gets the default product of every group.
2027-04-01 am_sk_test_loc link_stripe: stripe_customer. The customer was made known to Stripe.
2027-04-01 am_sk_test_loc attach: main_is_free, starts pro_trial, ends free. The card on file is charged and the product starts at once.
2027-04-08 stripe follow: subscription_active. The subscription is active at Stripe.
2027-04-23 am_sk_test_loc attach: upgrade, starts premium, ends pro_trial; 15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00. A more expensive product starts at once; the time left is charged and credited.
2027-05-08 stripe follow: subscription_active. The subscription is active at Stripe.
2027-05-20 am_sk_test_loc attach: add_on, starts addon_words. The card on file is charged and the product starts at once.
2027-06-08 stripe follow: subscription_active. The subscription is active at Stripe.
2027-06-20 stripe follow: subscription_active. The subscription is active at Stripe.
2027-06-25 am_sk_test_loc attach: downgrade, schedules pro. A product that is not more expensive begins when the paid period ends.
2027-07-08 stripe follow: subscription_active, starts pro, ends premium. The subscription is active at Stripe.
2027-07-20 stripe follow: subscription_active. The subscription is active at Stripe.
2027-08-08 stripe follow: subscription_active. The subscription is active at Stripe.
2027-08-08 stripe follow: subscription_past_due. The subscription is past_due at Stripe.
2027-08-10 stripe follow: subscription_active. The subscription is active at Stripe.
2027-08-20 stripe follow: subscription_active. The subscription is active at Stripe.
2027-08-25 am_sk_test_loc cancel: cancel_end_of_cycle. A cancelled product is used to the end of the period that is paid.
2027-08-25 am_sk_test_loc cancel: cancel_end_of_cycle, schedules free. A cancelled product is used to the end of the period that is paid.
2027-09-08 stripe follow: subscription_canceled, ends pro. The subscription is canceled at Stripe.
2027-09-08 schedule close: dates, starts free. The day has come on which this was to begin or to end.
2027-09-20 stripe follow: subscription_canceled, ends addon_words. The subscription is canceled at Stripe.
`

// invoiceStatement prints a customer's invoices, with their lines.
func invoiceStatement(w *World, customer string) string {
	var out []string
	list := w.Do(w.Stack.Key, "GET", "/_local/customers/"+customer+"/invoices", nil)
	for _, in := range ParseJSON(w.T, []byte(`{"all":`+list.Text+`}`))["all"].([]any) {
		out = append(out, fmt.Sprintf("%s %s %s", dateAt(in, "created"), dollars(ValueAt(in, "total")), ValueAt(in, "status")))
		for _, l := range ValueAt(in, "lines.data").([]any) {
			out = append(out, fmt.Sprintf("    %s %s", dollars(ValueAt(l, "amount")), ValueAt(l, "description")))
		}
	}
	return strings.Join(out, "\n")
}

func dollars(cents any) string { return fmt.Sprintf("%.2f", cents.(float64)/100) }

func dateAt(v any, path string) string {
	return time.Unix(int64(ValueAt(v, path).(float64)), 0).UTC().Format(time.DateOnly)
}

// auditLines prints a customer's history.
func auditLines(w *World, customer string) string {
	entries, err := w.Stack.Audit(w.Context(), customer)
	if err != nil {
		w.Fatal(err)
	}
	var out []string
	for _, a := range entries {
		line := fmt.Sprintf("%s %s %s: %s", a.At.Format(time.DateOnly), a.Actor, a.Action, a.Rule)
		for _, part := range []struct {
			word string
			ids  []string
		}{{"starts", a.Started}, {"ends", a.Ended}, {"schedules", a.Scheduled}, {"drops", a.Dropped}} {
			if len(part.ids) > 0 {
				line += fmt.Sprintf(", %s %s", part.word, strings.Join(part.ids, " "))
			}
		}
		if a.Sum != "" {
			line += "; " + a.Sum
		}
		out = append(out, line+". "+a.Why)
	}
	return strings.Join(out, "\n")
}
