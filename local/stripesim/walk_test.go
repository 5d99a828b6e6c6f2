package stripesim_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// enough is how many random histories each property is tried on. More can be
// had with -rapid.checks=N; -short tries a tenth.
const enough = 1000

func TestMain(m *testing.M) {
	checks := flag.Lookup("rapid.checks").Value
	tries := func(n int) {
		if err := checks.Set(strconv.Itoa(n)); err != nil {
			panic(err)
		}
	}
	tries(enough)
	flag.Parse()
	if testing.Short() {
		tries(enough / 10)
	}
	os.Exit(m.Run())
}

// tried fails a property that fewer histories were tried on than it says.
func tried(t *testing.T, n int) {
	t.Helper()
	if t.Logf("%d histories", n); n < enough && !testing.Short() && !t.Failed() {
		t.Errorf("that is fewer than %d", enough)
	}
}

// step is one thing that happens in a random history. Its numbers are reduced
// to what makes sense when it is carried out.
type step struct {
	kind    string
	a, b, c int
}

var stepKinds = []string{"advance", "advance", "advance", "subscribe", "subscribe", "change", "change", "change", "quantity", "item", "balance", "card", "cancel", "pay", "usage", "coupon", "trial", "anchor", "add", "void", "schedule", "schedule"}

func history() *rapid.Generator[[]step] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			kind: rapid.SampledFrom(stepKinds).Draw(t, "kind"),
			a:    rapid.IntRange(0, 40).Draw(t, "a"), b: rapid.IntRange(0, 40).Draw(t, "b"), c: rapid.IntRange(0, 86399).Draw(t, "c"),
		}
	}), 3, 10)
}

func (s *stroll) price(n int) string { return s.prices[n%len(s.prices)] }

// try sends a request that may be refused, but must not break anything.
func (s *stroll) try(method, path, form string) {
	if status, body, _ := s.call(method, path, form); status >= 500 {
		s.t.Fatalf("%s %s %s: %d %v", method, path, form, status, body)
	}
}

var prorations = []string{"create_prorations", "always_invoice", "none"}

var behaviors = []string{"allow_incomplete", "error_if_incomplete", "default_incomplete", "pending_if_incomplete"}

// take carries a step out.
func (s *stroll) take(st step) {
	if st.kind == "advance" {
		s.move(s.sim.Now().AddDate(0, 0, st.a).Add(time.Duration(st.c) * time.Second))
		return
	}
	subs := s.get("/v1/subscriptions", "customer="+s.customer).list("data")
	switch st.kind {
	case "subscribe":
		if len(subs) < 2 {
			s.try("POST", "/v1/subscriptions", fmt.Sprintf("customer=%s&items[0][price]=%s&payment_behavior=%s", s.customer, s.price(st.a), behaviors[st.b%3]))
		}
		return
	case "item":
		s.try("POST", "/v1/invoiceitems", fmt.Sprintf("customer=%s&currency=usd&amount=%d", s.customer, 50*(st.a-10)))
		return
	case "balance":
		s.try("POST", "/v1/customers/"+s.customer+"/balance_transactions", fmt.Sprintf("currency=usd&amount=%d", 100*(st.a-30)))
		return
	case "card":
		card := []string{"pm_card_visa", "pm_card_chargeCustomerFail"}[st.a%2]
		pm := s.post("/v1/payment_methods/"+card+"/attach", "customer="+s.customer).str("id")
		s.post("/v1/customers/"+s.customer, "invoice_settings[default_payment_method]="+pm)
		return
	case "pay", "void":
		for _, inv := range s.get("/v1/invoices", "status=open&customer="+s.customer).list("data") {
			s.try("POST", "/v1/invoices/"+inv.str("id")+"/"+st.kind, "")
		}
		return
	}
	if len(subs) > 0 {
		s.takeOn(st, subs[st.b%len(subs)])
	}
}

// takeOn carries out a step on a subscription.
func (s *stroll) takeOn(st step, sub raw) {
	path, item := "/v1/subscriptions/"+sub.str("id"), sub.str("items.data.0.id")
	how := "&proration_behavior=" + prorations[st.c%3] + "&payment_behavior=" + behaviors[st.c/3%4]
	switch st.kind {
	case "change":
		s.try("POST", path, "items[0][id]="+item+"&items[0][price]="+s.price(st.a)+how)
	case "add":
		s.try("POST", path, "items[0][price]="+s.price(st.a)+how)
	case "quantity":
		s.try("POST", path, fmt.Sprintf("items[0][id]=%s&items[0][quantity]=%d%s", item, st.a%6, how))
	case "usage":
		s.try("POST", "/v1/subscription_items/"+item+"/usage_records", fmt.Sprintf("quantity=%d", st.a*10))
	case "coupon":
		s.try("POST", path, fmt.Sprintf("coupon=C%d", st.a%4))
	case "trial":
		s.try("POST", path, fmt.Sprintf("trial_end=%d&proration_behavior=%s", s.sim.Now().AddDate(0, 0, st.a+1).Unix(), prorations[st.c%3]))
	case "anchor":
		s.try("POST", path, "billing_cycle_anchor=now"+how)
	case "schedule":
		s.schedule(st, sub)
	case "cancel":
		if st.a%2 == 0 {
			s.try("POST", path, "cancel_at_period_end=true")
		} else {
			s.try("DELETE", path, fmt.Sprintf("prorate=%v&invoice_now=%v", st.c%2 == 0, st.c%3 == 0))
		}
	}
}

// schedule plans another price for the next period, or ends what was planned.
func (s *stroll) schedule(st step, sub raw) {
	if id := sub.str("schedule"); id != "" {
		s.try("POST", "/v1/subscription_schedules/"+id+[]string{"/release", "/cancel", "/release"}[st.c%3], "")
		return
	}
	status, plan, _ := s.call("POST", "/v1/subscription_schedules", "from_subscription="+sub.str("id"))
	if status != 200 {
		return
	}
	phases := "end_behavior=" + []string{"release", "cancel"}[st.b%2] + fmt.Sprintf("&phases[0][start_date]=%d&phases[0][end_date]=%d", plan.num("phases.0.start_date"), plan.num("phases.0.end_date"))
	for i, it := range plan.list("phases.0.items") {
		phases += fmt.Sprintf("&phases[0][items][%d][price]=%s", i, it.str("price"))
		if it.get("quantity") != nil {
			phases += fmt.Sprintf("&phases[0][items][%d][quantity]=%d", i, it.num("quantity"))
		}
	}
	phases += "&phases[1][iterations]=1&phases[1][items][0][price]=" + s.price(st.a) + "&phases[1][proration_behavior]=" + prorations[st.c%3]
	if st.c%5 == 0 {
		phases += "&phases[1][billing_cycle_anchor]=phase_start"
	}
	s.try("POST", "/v1/subscription_schedules/"+plan.str("id"), phases)
}

// close frees what a history used.
func (s *stroll) close() { _ = s.sim.Close() }
