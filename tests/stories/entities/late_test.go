package entities

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// leftBehind says that a deleted entity has left a row.
func leftBehind(w *World, id string) {
	w.Helper()
	for _, line := range strings.Split(w.Stack.Tables(), "\n") {
		if strings.Contains(line, "ENTITIES#") && strings.Contains(line, id) {
			w.Errorf("left behind: %.300s", line)
		}
	}
}

var everything = []string{"customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted", "invoice.created", "invoice.finalized", "invoice.paid", "checkout.session.completed"}

// What Stripe tells late of an entity that is gone changes nothing.
func TestENT32EventsOfADeletedEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "zed", "b")
	w.Attach("c", "desk_pro", Of("zed"))
	w.Attach("c", "desk", Of("zed"))
	w.WaitIdle()
	w.Want("a downgrade waits", its(w, "zed", "desk")["status"], "scheduled")
	refused(w, 400, "entity_in_use", "DELETE /v1/customers/c/entities/zed", nil)
	w.Post("/v1/billing.update", ofEntity("zed", "desk_pro", JSON{"cancel_action": "cancel_immediately"}))
	w.WaitIdle()
	w.DeleteSeat("zed")
	leftBehind(w, "zed")
	w.Redeliver(everything...)
	w.WaitIdle()
	leftBehind(w, "zed")
	w.AdvancePastRenewal(t1)
	leftBehind(w, "zed")
	w.Seat("c", "zed")
	w.Redeliver(everything...)
	w.WaitIdle()
	w.EntityHas("zed", "messages", 1100)
	w.Advance("50h")
	w.EntityHas("zed", "messages", 1100)
	w.HasProducts("c", "team active")
}

// A page that nobody pays is in the way until it is over.
func TestENT32APageOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Seat("c", "zed", "b")
	page := w.Post("/v1/billing.attach", ofEntity("zed", "desk"))["payment_url"].(string)
	w.Want("the same", w.Post("/v1/billing.attach", ofEntity("zed", "desk"))["payment_url"], page)
	w.Want("another", w.Post("/v1/billing.attach", ofEntity("b", "desk"))["payment_url"] != page, true)
	refused(w, 400, "entity_in_use", "DELETE /v1/customers/c/entities/zed", nil)
	w.Advance("25h")
	w.DeleteSeat("zed")
	leftBehind(w, "zed")
	w.Want("too late", w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}).Status != 200, true)
	leftBehind(w, "zed")
	w.HasProducts("c", "team_free active")
}

// giveBack refunds the last payment of customer c.
func giveBack(w *World) {
	w.Helper()
	all := w.Invoices("c")
	w.Post("/_local/invoices/"+all[len(all)-1].ID+"/refund", JSON{})
	w.WaitIdle()
}

// What was bought once for an entity is taken back of that entity; of one that is gone, nothing is.
func TestENT32Refunds(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("topup", "", OneTimePrice(7), Messages(50)).AddOn()
	w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true})
	w.Team("team", "zed", "b")
	for _, body := range []JSON{{}, Of("b"), Of("zed")} {
		w.Attach("c", "topup", body)
	}
	w.WaitIdle()
	w.EntityHas("zed", "messages", 1200)
	restore := w.Snapshot()
	giveBack(w)
	w.EntityHas("zed", "messages", 1150)
	w.EntityHas("b", "messages", 1200)
	w.CustomerHas("messages", 1300)
	restore()
	w.TrackOf("zed", "messages", 120)
	w.DeleteSeat("zed")
	leftBehind(w, "zed")
	giveBack(w)
	leftBehind(w, "zed")
	w.CustomerHas("messages", 1200)
	w.Seat("c", "zed")
	w.EntityHas("zed", "messages", 1150)
	w.Attach("c", "desk", Of("b"))
	w.Attach("c", "desk", Of("zed"))
	giveBack(w)
	w.EntityHas("zed", "messages", 1150)
	w.EntityHas("b", "messages", 1400)
	w.HasProducts("c", "desk active", "team active", "topup active", "topup active")
}

// Months of a year are billed for the entity that used them.
func TestENT33MonthsOfAYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("year_use", "years", Every("year", Price(100)), Every("month", Overage("messages", 10, 0.1, 1)))
	w.CustomerWithEmailAndCard("c")
	w.Seat("c", "a", "b")
	sold(w, "attach", ofEntity("a", "year_use"))
	sold(w, "attach", ofEntity("b", "year_use"))
	w.TrackOf("a", "messages", 60)
	w.TrackOf("b", "messages", 30)
	w.WaitIdle()
	w.AdvancePastRenewal(t1)
	w.Advance("3h")
	w.Billed("c", 10000, 10000, 400, 100)
	w.Want("of a", totals(w, Of("a")), []any{[]any{4.0, "a"}, []any{100.0, "a"}})
	w.Want("of b", totals(w, Of("b")), []any{[]any{1.0, "b"}, []any{100.0, "b"}})
	left(w, "a", "messages", 20, 0)
}

// The packs of an entity that was deleted are gone with it: their refund takes none of another entity
// that has its id, which paid for its own.
func TestENT40RefundOfADeletedEntity(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"refund", "dispute"} {
		w := New(t)
		w.TeamCatalog()
		w.Team("team", "a")
		w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true, "dispute_ends_access": true})
		w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
		packs := ofEntity("a", "topup", JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}})
		w.Post("/v1/billing.attach", packs)
		w.Advance("1h")
		w.DeleteSeat("a")
		w.Seat("c", "a")
		w.Advance("1h")
		w.Post("/v1/billing.attach", packs)
		w.WaitIdle()
		w.EntityHas("a", "messages", 1350)
		w.Post("/_local/invoices/"+w.Invoices("c")[1].ID+"/"+how, JSON{})
		w.WaitIdle()
		w.EntityHas("a", "messages", 1350)
		w.Post("/_local/invoices/"+w.Invoices("c")[2].ID+"/"+how, JSON{})
		w.WaitIdle()
		w.EntityHas("a", "messages", 1100)
		w.Billed("c", 2000, 900, 900)
	}
}
