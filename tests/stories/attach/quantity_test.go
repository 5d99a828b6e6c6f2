package attach

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

func TestATT11TwoGroupsChangeApart(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_pro"}})
	w.HasProducts("c", "free active", "g1_pro active", "g2_pro active")
	w.Billed("c", 7000)
	w.HasBalance("c", "storage", true, 10)
	w.HasBalance("c", "words", true, 10)
	w.Attach("c", "g1_premium")
	w.HasProducts("c", "free active", "g1_premium active", "g2_pro active")
	w.Billed("c", 7000, 2000)
	w.Cancel("c", "g1_premium", Immediately())
	w.HasProducts("c", "free active", "g2_pro active")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 7000, 2000, 4000)
}

func TestATT19UpdatePrepaidQuantity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("team", "main", Price(20), Prepaid("seats", 12, 1, "month"))
	w.CustomerWithCard("c")
	w.Attach("c", "team", Quantity("seats", 2))
	w.Billed("c", 4400)
	w.Refused(400, "product_already_attached", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "team"}, Quantity("seats", 2)))
	w.Track("c", "seats", 2)
	w.Advance("15d")
	w.Want("code", w.Attach("c", "team", Quantity("seats", 4))["code"], "prepaid_quantity_updated")
	w.Billed("c", 4400, 1200)
	w.HasBalance("c", "seats", true, 2)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 4400, 1200, 6800)
}

func TestATT19QuantityDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 500))
	w.Advance("15d")
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.Billed("c", 7000, -1500)
	w.HasBalance("c", "messages", true, 200)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 7000, -1500, 4000)
}

// Used packs can't be refunded, nor bought again by going down and up. Below
// the usage the quantity goes at the renewal.
func TestATT19QuantityDownNeverBelowWhatIsUsed(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 500))
	w.Track("c", "messages", 250)
	down := func(n int) JSON {
		return Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, Quantity("messages", n))
	}
	message := w.Refused(400, "invalid_options", "/v1/attach", down(200))
	if !strings.Contains(message, "250") {
		t.Errorf("it does not say how many are used: %s", message)
	}
	w.Refused(400, "invalid_options", "/v1/attach/preview", down(200))
	w.HasBalance("c", "messages", true, 250)
	w.Billed("c", 7000)
	w.Attach("c", "pro_prepaid", Quantity("messages", 300))
	w.HasBalance("c", "messages", true, 50)
	w.AdvancePastRenewal(T1)
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.HasBalance("c", "messages", true, 200)
}

func TestATT19DeclinedQuantity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.PutFailingCard("c")
	w.Refused(402, "stripe_card_declined", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, Quantity("messages", 500)))
	w.HasBalance("c", "messages", true, 200)
	w.Billed("c", 4000)
}
