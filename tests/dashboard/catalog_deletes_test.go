package dashboard_test

import (
	"net/http"
	"testing"

	"windfall/shared/app"
	. "windfall/tests/world"
)

// What is deleted says before what follows; what is in use is refused with the reason, and viewers can delete nothing.
func TestDASH68DeletionsInTheCatalog(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten", "promo_codes": []JSON{{"code": "TEN"}}}))
	w.Post("/v1/reward_programs", JSON{"id": "p", "when": "customer_creation", "internal_reward_id": "ten", "received_by": "all"})
	b.Try("/dashboard/products/rewards/ten/delete").Refused(http.StatusBadRequest, "p")
	b.Try("/dashboard/products/features/messages/delete").Refused(http.StatusBadRequest, "messages")
	b.Try("/dashboard/products/products/nothing/delete").Refused(http.StatusNotFound, "nothing")

	w.CustomerWithCard("ada", "pro")
	b.Try("/dashboard/products/products/pro/delete").Refused(http.StatusBadRequest, "Customers have or had pro, so it can't be deleted. Archive it instead").Click("Edit pro").Titled("Edit product")

	viewer := userOf(t, w, "vera@example.com", app.Viewer)
	if p := viewer.Get("/dashboard/products/referral-programs/p/delete").Says("Redemptions that wait for a purchase are closed."); p.Has("button", "Delete p") {
		t.Error("a viewer may delete")
	}
	b.Get("/dashboard/products?tab=referral-programs").Click("p").Click("Delete referral program").Press("Delete p").Said("Referral program deleted.")
	b.Get("/dashboard/products/rewards/ten").Click("Delete reward").Says("Nobody can use its codes any more").Press("Delete Ten").Said("Reward deleted.")
	w.Want("code", b.Get("/dashboard/codes").Row("Codes", "TEN")["Status"], "Reward deleted")
	b.Get("/dashboard/products/products/ultra/edit").Click("Delete product").Press("Delete ultra").Said("Product deleted.")
	w.Post("/v1/features", JSON{"id": "unused", "name": "Unused", "type": "boolean"})
	b.Get("/dashboard/products?tab=features").Click("Unused").Click("Delete feature").Press("Delete Unused").Said("Feature deleted.")
	b.Try("/dashboard/products/rewards/ten").Refused(http.StatusNotFound, "ten").Click("Back to rewards").Says("No rewards yet.")
}
