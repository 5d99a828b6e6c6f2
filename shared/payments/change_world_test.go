package payments_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// mid is the middle of the first month.
var mid = start.AddDate(0, 0, 15)

// changing is the operation that changes the subscription of an earlier one.
var changing = app.Ref{OperationID: "op_2", CustomerID: "ada", InternalID: "cus_int_ada", ProductIDs: []string{"max"}, CreatedAt: mid, Now: mid}

// priceStep creates a flat price of so many cents.
func priceStep(item string, cents int64, every money.Interval) billing.Step {
	p := &billing.NewPrice{ItemID: item, ProductID: strings.TrimPrefix(item, "pr_"), Name: item, Currency: "usd", Amount: money.Int(cents)}
	if every != "" {
		p.Cycle = money.Cycle{Interval: every}
	}
	return billing.Step{Name: "price_" + item, Price: p}
}

func line(item string, quantity int64) billing.PriceLine {
	return billing.PriceLine{ItemID: item, Quantity: quantity, Recurring: item != "pr_setup"}
}

// subscribed is a world in which Ada paid $20 and 3 seats for $5 each, half a
// month ago. The prices for changes are at Stripe.
func subscribed(t *testing.T) (*world, billing.Results) {
	t.Helper()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, seatsStep, setupStep, usagePrice, priceStep("pr_max", 5000, money.Month),
		priceStep("pr_year", 30000, money.Year), priceStep("pr_free", 0, money.Month),
		subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine, seatsLine}, Card: card}))
	w.goTo(mid)
	r.Invoice = nil
	return w, r
}

func (w *world) goTo(at time.Time) {
	w.Helper()
	if err := w.sim.AdvanceTo(w.Context(), at); err != nil {
		w.Fatal(err)
	}
}

// charged makes Ada's subscription charge another card.
func (w *world) charged(card string, r billing.Results) {
	w.Helper()
	id := w.must("POST", "/v1/payment_methods/"+card+"/attach", url.Values{"customer": {r.CustomerID}}).text("id")
	w.must("POST", "/v1/subscriptions/"+r.SubscriptionID, url.Values{"default_payment_method": {id}})
}

func changeStep(n billing.ChangeSubscription, r billing.Results) billing.Step {
	n.SubscriptionID = r.SubscriptionID
	if n.At.IsZero() {
		n.At = mid
	}
	return billing.Step{Name: "change", Change: &n}
}

func planStep(n billing.SetPlan, r billing.Results) billing.Step {
	n.SubscriptionID = r.SubscriptionID
	return billing.Step{Name: "plan", Plan: &n}
}

func endStep(n billing.EndSubscription, r billing.Results) billing.Step {
	n.SubscriptionID, n.At = r.SubscriptionID, mid
	return billing.Step{Name: "end", End: &n}
}

// upgrade takes Ada from $20 to $50, with the usage of 60 words on the same
// invoice.
func upgrade(usage bool) billing.ChangeSubscription {
	n := billing.ChangeSubscription{Remove: []billing.PriceLine{line("pr_base", 1)}, Add: []billing.PriceLine{line("pr_max", 1)}}
	if usage {
		n.Usage = []billing.NewUsage{words("usage_w")}
	}
	return n
}

// words is the usage of 60 words, for $6.
func words(name string) billing.NewUsage {
	return billing.NewUsage{Name: name, ItemID: "pr_words", Period: money.Period{Start: start, End: mid}, Amount: 600, Currency: "usd", Description: "Pro: words × 60"}
}

// plan prints everything of a subscription that a change may touch, without
// ids.
func (w *world) plan(r billing.Results) string {
	w.Helper()
	names := map[string]string{}
	for item, id := range r.Prices {
		names[id] = strings.TrimPrefix(item, "pr_")
	}
	sub := w.must("GET", "/v1/subscriptions/"+r.SubscriptionID, nil)
	out := []string{sub.text("status")}
	items := []string{}
	for _, v := range sub["items"].(map[string]any)["data"].([]any) {
		item := v.(map[string]any)
		items = append(items, fmt.Sprintf("%s×%v", names[item["price"].(map[string]any)["id"].(string)], item["quantity"]))
	}
	slices.Sort(items)
	out = append(out, items...)
	if sub["cancel_at_period_end"] == true {
		out = append(out, "ends")
	} else if sub["cancel_at"] != nil {
		out = append(out, "ends on a date")
	}
	if sub.text("collection_method") != "charge_automatically" {
		out = append(out, sub.text("collection_method"))
	}
	for _, item := range w.list("/v1/invoiceitems?pending=true&customer=" + r.CustomerID) {
		out = append(out, fmt.Sprintf("waits %v", item["amount"]))
	}
	if id := sub.text("schedule"); id != "" {
		schedule := w.must("GET", "/v1/subscription_schedules/"+id, nil)
		for _, v := range schedule["phases"].([]any) {
			phase := v.(map[string]any)
			out = append(out, "then")
			items := []string{}
			for _, v := range phase["items"].([]any) {
				item := v.(map[string]any)
				items = append(items, fmt.Sprintf("%s×%v", names[item["price"].(string)], item["quantity"]))
			}
			slices.Sort(items)
			out = append(out, items...)
			if phase["billing_cycle_anchor"] != nil {
				out = append(out, fmt.Sprint(phase["billing_cycle_anchor"]))
			}
			if terms, ok := phase["invoice_settings"].(map[string]any); ok {
				out = append(out, fmt.Sprintf("due in %v", terms["days_until_due"]))
			}
			if phase["proration_behavior"] != "none" {
				out = append(out, fmt.Sprint(phase["proration_behavior"]))
			}
			if phase["trial_end"] != nil {
				out = append(out, "trial")
			}
			if phase["coupon"] != nil {
				out = append(out, "coupon")
			}
		}
		out = append(out, "then "+schedule.text("end_behavior"))
	}
	return strings.Join(out, " ")
}

// lines returns the amounts on an invoice.
func (w *world) lines(invoice string) []int64 {
	w.Helper()
	var out []int64
	for _, l := range w.list("/v1/invoices/" + invoice + "/lines") {
		out = append(out, int64(l["amount"].(float64)))
	}
	slices.Sort(out)
	return out
}
