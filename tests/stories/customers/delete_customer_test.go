package customers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A stripeLedger is the objects of one customer at Stripe.
type stripeLedger struct {
	w  *World
	id string // at Stripe
}

func ledgerAtStripe(w *World, customer string) stripeLedger {
	w.Helper()
	id, _ := w.Customer(customer)["stripe_id"].(string)
	return stripeLedger{w, id}
}

// invoices lists the total and the status of each invoice, oldest first: "2000
// paid".
func (l stripeLedger) invoices() []string {
	l.w.Helper()
	out := []string{}
	for _, in := range l.w.CallStripe("GET", "/v1/invoices", "limit=100&customer="+l.id)["data"].([]any) {
		out = append(out, fmt.Sprint(ValueAt(in, "total"), " ", ValueAt(in, "status")))
	}
	slices.Reverse(out)
	return out
}

// subscriptions lists their statuses.
func (l stripeLedger) subscriptions() []string {
	l.w.Helper()
	out := []string{}
	for _, sub := range l.w.CallStripe("GET", "/v1/subscriptions", "status=all&limit=100&customer="+l.id)["data"].([]any) {
		out = append(out, ValueAt(sub, "status").(string))
	}
	slices.Sort(out)
	return out
}

// A customer with a subscription, in any state, is not deleted without a flag.
func TestDeleteIsRefusedWhileSubscriptionsRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(w *World)
		names  []string
	}{
		"active":          {func(w *World) { w.CustomerWithCard("c", "pro") }, []string{"pro"}},
		"of two groups":   {func(w *World) { w.CustomerWithCard("c", "pro", "g1_pro") }, []string{"pro", "g1_pro"}},
		"an add-on alone": {func(w *World) { w.CustomerWithCard("c", "addon_words") }, []string{"addon_words"}},
		"shared": {func(w *World) {
			w.CustomerWithCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
		}, []string{"pro, addon_words"}},
		"cancelled, not over":     {func(w *World) { w.CustomerWithCard("c", "pro"); w.Cancel("c", "pro") }, []string{"pro"}},
		"with a change scheduled": {func(w *World) { w.CustomerWithCard("c", "premium"); w.Attach("c", "pro") }, []string{"premium, pro"}},
		"past due":                {func(w *World) { w.CustomerWithCard("c", "pro"); w.PutFailingCard("c"); w.AdvancePastRenewal(T1) }, []string{"pro"}},
		"in a trial":              {func(w *World) { w.Product("tried", "main", Price(20)).Trial(7); w.CustomerWithCard("c", "tried") }, []string{"tried"}},
		"by invoice":              {func(w *World) { w.Attach("c", "pro", JSON{"invoice_only": true}) }, []string{"pro"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			c.before(w)
			table, objects := w.Stack.Tables(), w.Stack.Objects()
			for _, flags := range []string{"", "?cancel=false", "?delete_in_stripe=false&cancel=0"} {
				a := w.DeleteCustomer("c", flags)
				w.Want("the refusal", []any{a.Status, a.Body["code"]}, []any{400, "customer_has_subscriptions"})
				for _, product := range append(c.names, "sub_", "cancel=true", "delete_in_stripe=true") {
					if !strings.Contains(a.Text, product) {
						t.Errorf("it does not name %q: %s", product, a.Text)
					}
				}
			}
			if w.Stack.Tables() != table || w.Stack.Objects() != objects {
				t.Error("a refusal changed something")
			}
			l := ledgerAtStripe(w, "c")
			w.RequireDeleted("c", "?cancel=true")
			w.Want("subscriptions", slices.Compact(l.subscriptions()), []string{"canceled"})
			before := l.invoices()
			w.Advance("2 months")
			w.Want("invoices two months later", l.invoices(), before)
			hasDeletedCharges(w, 0)
		})
	}
}

// What staff started at Stripe would charge a deleted customer as well, although
// it is nothing that is known here.
func TestDeleteMindsSubscriptionsThatStaffStarted(t *testing.T) {
	t.Parallel()
	start := func(w *World, more string) string {
		if at, later := strings.CutPrefix(more, "begins "); later {
			price := ValueAt(w.CallStripe("POST", "/v1/prices", "currency=usd&unit_amount=900&recurring[interval]=month&product_data[name]=X"), "id").(string)
			return ValueAt(w.CallStripe("POST", "/v1/subscription_schedules", "customer="+ledgerAtStripe(w, "c").id+"&start_date="+at+"&phases[0][iterations]=3&phases[0][items][0][price]="+price), "id").(string)
		}
		price := ValueAt(w.CallStripe("POST", "/v1/prices", "currency=usd&unit_amount=900&recurring[interval]=month&product_data[name]=X"), "id").(string)
		return ValueAt(w.CallStripe("POST", "/v1/subscriptions", "customer="+ledgerAtStripe(w, "c").id+"&items[0][price]="+price+more), "id").(string)
	}
	for name, c := range map[string]struct {
		before func(w *World)
		more   string // of the subscription
	}{
		"active":                  {func(w *World) { w.CustomerWithCard("c") }, ""},
		"in a trial":              {func(w *World) { w.CustomerWithCard("c") }, "&trial_period_days=7"},
		"unpaid yet":              {func(w *World) { w.CustomerWithCard("c"); w.PutFailingCard("c") }, "&payment_behavior=default_incomplete"},
		"by invoice":              {func(w *World) { w.CustomerWithCard("c") }, "&collection_method=send_invoice&days_until_due=30"},
		"beside a product's own":  {func(w *World) { w.CustomerWithCard("c", "pro") }, ""},
		"scheduled for later":     {func(w *World) { w.CustomerWithCard("c") }, fmt.Sprint("begins ", T0.AddDate(0, 0, 9).Unix())},
		"beside one that is over": {func(w *World) { w.CustomerWithCard("c", "pro"); w.Cancel("c", "pro", Immediately()) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			c.before(w)
			ids := []string{start(w, c.more), start(w, c.more)}
			table, objects := w.Stack.Tables(), w.Stack.Objects()
			for _, flags := range []string{"", "?cancel=false"} {
				a := w.DeleteCustomer("c", flags)
				w.Want("the refusal", []any{a.Status, a.Body["code"]}, []any{400, "customer_has_subscriptions"})
				for _, id := range ids {
					if !strings.Contains(a.Text, id) {
						t.Errorf("it does not name %s: %s", id, a.Text)
					}
				}
			}
			w.Unchanged(table, objects)
			l := ledgerAtStripe(w, "c")
			w.RequireDeleted("c", "?cancel=true")
			before := l.invoices()
			w.Advance("2 months")
			for _, status := range l.subscriptions() {
				if status != "canceled" && status != "incomplete_expired" {
					t.Errorf("a subscription is %s", status)
				}
			}
			w.Want("invoices two months later", len(l.invoices()), len(before))
			hasDeletedCharges(w, 0)
		})
	}
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	start(w, "")
	l := ledgerAtStripe(w, "c")
	w.RequireDeleted("c", "?delete_in_stripe=true")
	w.Want("deleted at Stripe as well", l.subscriptions(), []string{"canceled"})
}

func TestDeleteFlagsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	for _, flags := range []string{"?cancel=yes", "?cancel=", "?cancel", "?delete_in_stripe=maybe", "?delete_in_stripe=", "?cancel=2", "?cancel=true&cancel=false"} {
		a := w.DeleteCustomer("c", flags)
		field, _, _ := strings.Cut(strings.TrimPrefix(flags, "?"), "=")
		if a.Status != 400 || a.Body["code"] != "invalid_inputs" || !strings.Contains(a.Text, field) {
			t.Errorf("%s: %d %s", flags, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refusal changed something")
	}
	for _, flags := range []string{"?delete_in_stripe=true", "?delete_in_stripe=false", "?cancel=1&delete_in_stripe=0", ""} {
		w.Post("/v1/customers", JSON{"id": "d"})
		w.RequireDeleted("d", flags)
	}
}
