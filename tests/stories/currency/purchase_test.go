// Package currency has the stories of customers who pay in other currencies than the
// environment's.
package currency

import (
	"testing"

	. "windfall/tests/world"
)

// shop sells in dollars, euros, yen and dinars: a smaller and a larger plan with messages,
// packs of words and seats; and a plan in dollars alone.
func shop(w *World) {
	w.Helper()
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Feature("seats", "continuous_use")
	all := func(eur, jpy, kwd float64) JSON { return JSON{"eur": eur, "jpy": jpy, "kwd": kwd} }
	w.Product("pro", "main", In(Price(20), all(18, 2000, 6.15)), Messages(100))
	w.Product("premium", "main", In(Price(50), all(45, 5000, 15.3)), Messages(500))
	w.Product("use", "use", In(Price(20), all(18, 2000, 6.15)), In(Overage("messages", 100, 0.1, 1), all(0.09, 0.5, 0.0015)))
	w.Product("packs", "packs", In(Prepaid("words", 10, 100, "month"), all(9, 1100, 3.07)))
	w.Product("team", "team", In(Price(20), all(18, 2000, 6.15)), In(Seats("seats", 0, 5, "prorate_immediately", "prorate"), all(4.5, 555, 1.53)))
	w.Product("trial", "trial", In(Price(20), all(18, 2000, 6.15))).Trial(7)
	w.Product("local", "local", Price(20), Messages(100))
}

// paysIn makes a customer with a card who pays in a currency.
func paysIn(w *World, customer, currency string) {
	w.Helper()
	w.Post("/v1/customers", JSON{"id": customer, "currency": currency})
	w.PutGoodCard(customer)
}

func currencies(w *World, customer string) (all []any) {
	w.Helper()
	for _, i := range w.Customer(customer, "invoices")["invoices"].([]any) {
		all = append(all, ValueAt(i, "currency"))
	}
	return all
}

func TestCUR01Purchase(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"})
	w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["currency"]}, []any{18, "eur"})
	w.Attach("c", "pro")
	w.Billed("c", 1800)
	w.Want("currency of the customer", w.Customer("c")["currency"], "eur")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1800, 1800)
	w.Want("currencies of invoices", currencies(w, "c"), []any{"eur", "eur"})
	w.Want("shown to the customer", ValueAt(w.CustomerProduct("c", "pro"), "items.0.price"), 18)
}

func TestCUR01PurchaseOnAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	w.Want("before", w.Post("/v1/customers", JSON{"id": "c"})["currency"], nil)
	page := w.Attach("c", "pro", JSON{"currency": "eur"})["checkout_url"].(string)
	w.Want("a page is no purchase", w.Customer("c")["currency"], nil)
	w.Pay(page)
	w.WaitIdle()
	w.Billed("c", 1800)
	w.Want("after", w.Customer("c")["currency"], "eur")
	w.Attach("c", "premium")
	w.Billed("c", 1800, 2700)
}

func TestCUR02UpgradeAndDowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Attach("c", "pro")
	w.Advance("15d")
	w.Attach("c", "premium")
	w.Billed("c", 1800, 1350) // 15/30 × (45 − 18)
	w.AdvancePastRenewal(T1)
	w.Attach("c", "pro")
	w.AdvancePastRenewal(T2)
	w.Billed("c", 1800, 1350, 4500, 1800)
	w.HasProducts("c", "pro active")
	w.HasSubscriptions("c", 1)
}

func TestCUR03Cancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Attach("c", "pro")
	w.Advance("10d")
	w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
	w.Billed("c", 1800, -1200) // 20/30 × 18
	paysIn(w, "d", "eur")
	w.Attach("d", "pro")
	w.Cancel("d", "pro")
	w.AdvancePastRenewal(T1.AddDate(0, 0, 10))
	w.Billed("d", 1800)
	w.HasProducts("d")
}

func TestCUR04Overage(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Attach("c", "use")
	w.Track("c", "messages", 151)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1800, 2259) // 51 × 0.09 + 18
}

func TestCUR05PacksAndSeats(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Attach("c", "packs", Quantity("words", 300))
	w.Billed("c", 2700)
	w.Advance("15d")
	w.Attach("c", "packs", Quantity("words", 500))
	w.Billed("c", 2700, 900) // 15/30 × 2 × 9
	paysIn(w, "d", "eur")
	w.Attach("d", "team")
	w.Advance("10d")
	w.Track("d", "seats", 3)
	w.Billed("d", 1800, 900) // 20/30 × 3 × 4.50
	w.AdvancePastRenewal(T1.AddDate(0, 0, 15))
	w.Billed("d", 1800, 900, 3150)
}

func TestCUR06Trial(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Attach("c", "trial")
	w.Billed("c", 0)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.Billed("c", 0, 1800)
	w.Want("currencies of invoices", currencies(w, "c"), []any{"eur", "eur"})
}
