package dashboard_test

import (
	"net/http"
	"testing"

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

// What is wrong with a reward is said at its field, and what was typed stays.
func TestDASH51ARewardThatCanNeverPayOut(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	form := b.Get("/dashboard/products/rewards/new").Form("New reward")
	form.Fill("Name", "Free").Choose("Type", "Free product")
	p := form.Press("Create").Refused(http.StatusUnprocessableEntity, "Create an add-on product first.")
	if p.Form("New reward").Value("Name") != "Free" {
		t.Error("what was typed is gone")
	}
}

// totals are those of a customer's invoices at Stripe, in cents, oldest first.
func totals(w *World, customer string) (all []int64) {
	w.Helper()
	for _, i := range w.Invoices(customer) {
		all = append(all, i.Total)
	}
	return all
}
