package usage

import (
	"slices"
	"sync"
	"testing"
	"time"

	. "windfall/tests/world"
)

// t1 is when the first period of a story's subscription ends; its invoice is
// final an hour later.
var t1 = T0.AddDate(0, 1, 0)

func TestCHK18OverageBillPacks(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("packs", "main", Price(20), Overage("messages", 100, 1, 10))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "packs")
	w.Track("c", "messages", 155)
	w.HasBalance("c", "messages", true, -55)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2600)
	w.HasBalance("c", "messages", true, 100)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 2600, 2000)
}

func TestCHK19OverageBillSimple(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		used  int
		total int64
	}{{1000, 11000}, {50, 2000}, {100, 2000}, {101, 2010}} {
		w := New(t)
		w.StandardCatalog()
		w.CustomerWithEmailAndCard("c")
		w.Attach("c", "pro_use")
		w.Track("c", "messages", c.used)
		w.AdvanceTo(t1.Add(2 * time.Hour))
		w.Billed("c", 2000, c.total)
		w.HasBalance("c", "messages", true, 100)
	}
}

// Tiers are filled in order on the units billed, each in whole packs, and the
// line is rounded to cents once.
func TestOverageThroughTiers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("tiers", "main", Price(5), Merge(Overage("words", 10, 0, 10), JSON{"price": nil,
		"tiers": []JSON{{"to": 25, "amount": 1.115}, {"to": 100, "amount": 0.5}, {"to": "inf", "amount": 0.1}}}))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "tiers")
	w.Track("c", "words", 131.5) // 121.5 over: 130 billed, 25 + 75 + 30
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 500, 500+279+375+30) // 2.7875 + 3.75 + 0.30 = 6.8375
}

// The draft stays open for an hour. Usage in that hour belongs to the new
// period, and resets the row before the webhook comes.
func TestOverageSurvivesUseBeforeTheWebhook(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_use")
	w.Track("c", "messages", 150)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(t1.Add(time.Minute))
	w.Track("c", "messages", 130)
	w.HasBalance("c", "messages", true, -30)
	w.Redeliver("invoice.created")
	w.Redeliver("invoice.created", "invoice.updated")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasBalance("c", "messages", true, -30)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2500)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 2500, 2300)
}

// A webhook that comes after the draft is final bills on the next invoice.
func TestOverageOfALateWebhookIsBilledOnTheNextInvoice(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_use")
	w.Track("c", "messages", 150)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(t1.AddDate(0, 0, 5))
	w.Track("c", "messages", 110)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Redeliver("invoice.created", "invoice.finalized", "invoice.paid")
	w.Billed("c", 2000, 2000)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 2000, 2600) // 5 of April and 1 of May
	w.HasBalance("c", "messages", true, 100)
}

// Concurrent usage across the boundary, webhooks doubled and shuffled: every
// unit is in exactly one of the two bills.
func TestOverageIsExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("all_paid", "main", Price(20), Overage("messages", 0, 0.01, 1))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "all_paid")
	crowd := func() {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 10 {
					w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 1})
				}
			})
		}
		all.Wait()
	}
	crowd()
	w.Post("/_local/delivery", JSON{"mode": "duplicate"})
	var all sync.WaitGroup
	all.Go(func() { w.AdvanceTo(t1) })
	all.Go(crowd)
	all.Wait()
	crowd()
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.WaitIdle()
	var sum int64
	for _, i := range w.Invoices("c") {
		sum += i.Total
	}
	if want := int64(3*2000 + 240); sum != want {
		t.Errorf("240 units were billed as %v: %d in all, want %d", w.Invoices("c"), sum, want)
	}
}

func TestTrialOverageIsNotCharged(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/products", JSON{"id": "try", "name": "try", "group": "main", "items": []JSON{Price(20), Overage("messages", 100, 0.1, 1)},
		"free_trial": JSON{"length": 7, "duration": "day", "unique_fingerprint": false, "card_required": true}})
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "try")
	w.Track("c", "messages", 150)
	end := T0.AddDate(0, 0, 7)
	w.AdvanceTo(end.Add(2 * time.Hour))
	w.Billed("c", 0, 2000)
	w.HasBalance("c", "messages", true, 100)
	w.Track("c", "messages", 120)
	w.AdvanceTo(end.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 0, 2000, 2200)
}

func TestPrepaidPacksAreRenewed(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 250)) // 3 packs of 100
	w.HasBalance("c", "messages", true, 300)
	w.Track("c", "messages", 290)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 5000, 5000)
	w.HasBalance("c", "messages", true, 300)
	w.Track("c", "messages", 20)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 5000, 5000, 5000)
	w.HasBalance("c", "messages", true, 300)
}

// Each usage price has a Stripe product of its own, created once, so that a
// coupon can be restricted to it.
func TestUsagePricesHaveProductsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("two", "main", Price(20), Overage("messages", 0, 1, 1), Overage("words", 0, 2, 1))
	for _, c := range []string{"a", "b"} {
		w.CustomerWithEmailAndCard(c)
		w.Attach(c, "two")
		w.Track(c, "messages", 3)
		w.Track(c, "words", 4)
	}
	w.AdvanceTo(t1.Add(2 * time.Hour))
	products := map[string][]string{}
	for _, c := range []string{"a", "b"} {
		w.Billed(c, 2000, 3100)
		_, text, err := w.Stack.Stripe("GET", "/v1/invoices/"+w.Invoices(c)[1].ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range ValueAt(ParseJSON(t, text), "lines.data").([]any) {
			if ValueAt(line, "type") == "invoiceitem" {
				products[c] = append(products[c], ValueAt(line, "price.product").(string))
			}
		}
		slices.Sort(products[c])
	}
	if !slices.Equal(products["a"], products["b"]) || len(slices.Compact(products["a"])) != 2 {
		t.Errorf("got products %v", products)
	}
}

// The end of a subscription bills the usage until then: at the end of the
// period, and at an immediate end.
func TestFinalOverageIsBilledWhenASubscriptionEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *World, subscription string){
		"at the end of the period": func(w *World, id string) {
			w.Post("/_local/subscriptions/"+id, JSON{"cancel_at_period_end": true})
		},
		"at once": func(w *World, id string) { w.Call("DELETE", "/_local/subscriptions/"+id, nil) },
	} {
		w := New(t)
		w.StandardCatalog()
		w.CustomerWithEmailAndCard("c")
		w.Attach("c", "pro_use")
		w.Track("c", "messages", 500) // 400 over
		end(w, w.Invoices("c")[0].Subscription)
		w.AdvanceTo(t1.Add(2 * time.Hour))
		w.Billed("c", 2000, 4000)
		w.Redeliver("customer.subscription.deleted", "customer.subscription.updated")
		w.AdvanceTo(t1.AddDate(0, 0, 3))
		w.Billed("c", 2000, 4000)
		if got := w.Invoices("c")[1].Status; got != "paid" {
			t.Errorf("%s: the last invoice is %s", name, got)
		}
		w.HasProducts("c", "free active")
		w.HasBalance("c", "messages", true, 100)
	}
}

// A customer whose card fails still owes the usage; a subscription that ends
// without overage makes no invoice.
func TestFinalOverageOfARefusedCardStaysOpen(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for _, c := range []string{"c", "d"} {
		w.CustomerWithEmailAndCard(c)
		w.Attach(c, "pro_use")
	}
	w.Track("c", "messages", 500)
	w.PutFailingCard("c")
	for _, c := range []string{"c", "d"} {
		w.Call("DELETE", "/_local/subscriptions/"+w.Invoices(c)[0].Subscription, nil)
	}
	w.Advance("3h")
	w.Billed("c", 2000, 4000)
	w.Billed("d", 2000)
	if got := w.Invoices("c")[1].Status; got != "open" {
		t.Errorf("the last invoice is %s, want open", got)
	}
}

// The end of a period and a change of plan may be at the very same moment: then
// both close usage that ends there, and each is billed.
func TestUPGUseInTheMomentOfARenewalIsBilled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use") // 100 messages included, 0.10 each beyond
	w.Track("c", "messages", 122)
	w.AdvanceTo(T1)
	w.Track("c", "messages", 109)
	w.Attach("c", "premium")
	w.Billed("c", 2000, 2000+220, 5000-2000+90)
}
