package dashboard_test

import (
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Whatever happens to a customer's products, by whomever, the list names those that the customer has: after each
// step of a life with purchases, changes, ends, renewals, failed payments, changes at Stripe, and another id.
func TestDASH48TheListNamesWhatIsHeld(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.PlanChangeCatalog()
	id := "ada"
	w.Post("/v1/customers", JSON{"id": id, "name": "Ada", "email": "ada@example.com"})
	w.PutGoodCard(id)
	check := func(step string) {
		t.Helper()
		w.WaitIdle()
		var want []string
		for _, p := range w.Get("/v1/customers/" + id)["products"].([]any) {
			name := ValueAt(p, "id").(string)
			switch ValueAt(p, "status") {
			case "scheduled":
				want = append(want, name+" (scheduled)")
			case "expired":
			default:
				want = append(want, name)
			}
		}
		got := strings.Split(b.Get("/dashboard/customers").Row("Customers", "Ada")["Products"], ", ")
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the list has %q, the customer %q", step, got, want)
		}
	}
	month := T0
	next := func() { month = month.AddDate(0, 1, 0); w.AdvancePastRenewal(month) }
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"created", func() {}},
		{"bought", func() { w.Attach(id, "pro") }},
		{"an add-on", func() { w.Attach(id, "addon_words") }},
		{"upgraded", func() { w.Attach(id, "premium") }},
		{"downgraded", func() { w.Attach(id, "pro") }},
		{"downgraded, later", next},
		{"cancelled", func() { w.Cancel(id, "pro") }},
		{"resumed", func() { w.Attach(id, "pro") }},
		{"cancelled again", func() { w.Cancel(id, "pro") }},
		{"ended", next},
		{"the add-on ended at once", func() { w.Cancel(id, "addon_words", Immediately()) }},
		{"bought again", func() { w.Attach(id, "pro_use") }},
		{"not paid", func() { w.PutFailingCard(id); next() }},
		{"another id", func() { w.Post("/v1/customers/"+id, JSON{"id": "hopper"}); id = "hopper" }},
		{"ended at Stripe", func() { w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription(id), "") }},
	} {
		step.do()
		check(step.name)
	}
}
