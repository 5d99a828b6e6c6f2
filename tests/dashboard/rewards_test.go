package dashboard_test

import (
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A percentage for some months: made in the dashboard, and taken off each invoice of them.
func TestDASH50APercentageForMonths(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	b.Get("/dashboard/products?tab=rewards").Says("No rewards yet.").Click("+ Reward").Titled("New reward").Form("New reward").
		Fill("Name", "Summer Sale").Choose("Type", "Percentage discount").Fill("Discount value", "20").Choose("Duration", "Months").Fill("Number of months", "3").
		Fill("Promo code", "summer20").Press("Create").Said("Reward created.")
	list := b.Get("/dashboard/products?tab=rewards")
	row := list.Row("Rewards", "Summer Sale")
	for column, want := range map[string]string{"ID": "summer_sale", "Type": "Percentage discount", "Value": "20 %", "Duration": "3 months", "Codes": "SUMMER20"} {
		w.Want(column, row[column], want)
	}
	list.Click("Summer Sale").Titled("Summer Sale").Says("Takes 20 % off every invoice for 3 months.")

	w.CustomerWithCard("c")
	w.Attach("c", "pro", JSON{"reward": "SUMMER20"})
	w.AdvanceTo(T3)
	w.Want("invoices", totals(w, "c"), []int64{1600, 1600, 1600, 2000})
}

// An amount off one invoice.
func TestDASH51AFixedAmountOnce(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	newReward(b).Fill("Name", "Welcome").Fill("ID", "welcome").Choose("Type", "Fixed discount").Fill("Discount value", "5.50").Choose("Duration", "One off").
		Fill("Promo code", "HI").Check("First-time customers only").Fill("Maximum redemptions", "1").Press("Create").Said("Reward created.")
	row := b.Get("/dashboard/products?tab=rewards").Row("Rewards", "Welcome")
	w.Want("row", []any{row["ID"], row["Type"], row["Value"], row["Duration"], row["Codes"]}, []any{"welcome", "Fixed discount", "$5.50", "One off", "HI"})
	b.Get("/dashboard/products/rewards/welcome").Says("Takes $5.50 off the next invoice.", "All codes and customers together may use it once.")
	w.CustomerWithCard("c")
	w.CustomerWithCard("d")
	w.Attach("c", "pro", JSON{"reward": "HI"})
	w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "reward": "HI"})
	w.AdvanceTo(T1)
	w.Want("invoices", totals(w, "c"), []int64{1450, 2000})
	w.Want("code", b.Get("/dashboard/codes").Row("Codes", "HI")["Status"], "Used up")
}

// What one invoice does not use rolls over to the next.
func TestDASH52CreditsRollOver(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	newReward(b).Fill("Name", "Gift card").Choose("Type", "Fixed discount").Fill("Discount value", "30").Check("Rollover credits to the next invoice").Fill("Promo code", "CARD").Press("Create").Said("Reward created.")
	b.Get("/dashboard/products/rewards/gift_card").Says("Gives $30.00 of credit, which pays invoices until it is used up.", "Invoice credits")
	w.CustomerWithCard("c")
	w.Attach("c", "pro", JSON{"reward": "CARD"})
	w.AdvanceTo(T2)
	w.Want("charged", charged(w, "c"), []float64{0, 10, 20})
}

// A reward for some prices lowers those alone, forever.
func TestDASH53APercentageOffOnePrice(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.Post("/v1/features", JSON{"id": "seats", "name": "Seats", "type": "single_use"})
	w.Post("/v1/products", JSON{"id": "team", "name": "Team", "items": []JSON{{"price": 20, "interval": "month"}, Prepaid("seats", 10, 1, "month")}})
	newReward(b).Fill("Name", "Half seats").Choose("Type", "Percentage discount").Fill("Discount value", "50").Choose("Duration", "Forever").
		Choose("Applies to", "Selected products and prices").Check("Team: Seats").Fill("Promo code", "HALF").Press("Create").Said("Reward created.")
	b.Get("/dashboard/products/rewards/half_seats").Says("Takes 50 % off Team: Seats, on every invoice, forever.")
	w.CustomerWithCard("c")
	w.Attach("c", "team", Quantity("seats", 3), JSON{"reward": "HALF"})
	w.AdvanceTo(T2)
	w.Want("invoices", totals(w, "c"), []int64{3500, 3500, 3500})
}

// An add-on is given for good.
func TestDASH54AFreeProduct(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	newReward(b).Fill("Name", "Bonus").Choose("Type", "Free product").Choose("Free product", "bonus").Fill("Promo code", "BONUS").Press("Create").Said("Reward created.")
	b.Get("/dashboard/products/rewards/bonus").Says("Gives bonus free of charge.")
	w.CustomerWithCard("c", "pro")
	w.Want("applied", w.Post("/v1/rewards/redeem", JSON{"code": "BONUS", "customer_id": "c"})["applied"], true)
	w.AdvanceTo(T1)
	w.Want("invoices", totals(w, "c"), []int64{2000, 2000})
}

// totals are those of a customer's invoices at Stripe, in cents, oldest first.
func totals(w *World, customer string) (all []int64) {
	w.Helper()
	for _, i := range w.Invoices(customer) {
		all = append(all, i.Total)
	}
	return all
}

// newReward is the form of a new reward, as one comes to it.
func newReward(b *dashboard.Browser) *dashboard.Form {
	return b.Get("/dashboard/products?tab=rewards").Click("+ Reward").Form("New reward")
}

// charged is what the card paid of each invoice, oldest first.
func charged(w *World, customer string) (all []float64) {
	w.Helper()
	for _, i := range w.Invoices(customer) {
		all = append(all, ValueAt(w.CallStripe("GET", "/v1/invoices/"+i.ID, ""), "amount_due").(float64)/100)
	}
	return all
}
