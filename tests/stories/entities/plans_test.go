package entities

import (
	"testing"

	. "windfall/tests/world"
)

// Half of April is left: 15 for the rest of the dearer plan, less what is left of the other.
// What was used starts anew, as each item says.
func TestENT08Upgrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.TrackOf("a", "messages", 70)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("c", "team_pro")
	w.EntityHas("a", "messages", 2300) // read with the customer, whatever has followed yet
	w.WaitIdle()
	w.Billed("c", 2000, 1500)
	w.CustomerHas("seats", 8)
	w.EntityHas("a", "messages", 2300)
	w.CustomerHas("messages", 2600)
	w.Want("a switch for each", w.Check("c", "dashboard", Of("b"))["allowed"], true)
	w.Want("none of the customer's", w.Check("c", "dashboard")["allowed"], true)
	w.TrackOf("a", "messages", 290)
	w.EntityHas("a", "messages", 2010)
	w.AdvancePastRenewal(t1)
	w.Billed("c", 2000, 1500, 5000)
	w.CustomerHas("messages", 2600)
}

// Usage goes over where the item keeps it: 30 of the 50 that each seat has.
func TestENT08UpgradeKeepsUsage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	keeps := func(n int) JSON { return EachSeat(Merge(Messages(n), JSON{"reset_usage_when_enabled": false})) }
	w.Product("small", "main", Price(10), Included("seats", 3), keeps(50))
	w.Product("large", "main", Price(30), Included("seats", 6), keeps(200))
	w.Team("small", "a", "b")
	w.TrackOf("a", "messages", 30)
	w.Attach("c", "large")
	w.WaitIdle()
	w.EntityHas("a", "messages", 170)
	w.EntityHas("b", "messages", 200)
	w.CustomerHas("seats", 4)
}

// The same product goes on with other items: what was used stays used, and what was given by hand.
func TestENT08AnotherVersion(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.TrackOf("a", "messages", 70)
	w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "entity_id": "b", "balance": 130}}})
	w.Post("/v1/products/team", JSON{"items": []JSON{Price(20), Included("seats", 5), EachSeat(Messages(150)), Messages(1000)}})
	w.EntityHas("a", "messages", 1030)
	w.Attach("c", "team")
	w.EntityHas("a", "messages", 1080)
	w.WaitIdle()
	w.EntityHas("a", "messages", 1080)
	w.EntityHas("b", "messages", 1180)
	w.Billed("c", 2000)
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 1150)
	w.EntityHas("b", "messages", 1150)
}

// The dearer plan goes on to the end of its period, and the other begins with a clean sheet.
func TestENT09Downgrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_pro", "a", "b")
	w.TrackOf("a", "messages", 200)
	w.Attach("c", "team")
	w.WaitIdle()
	w.EntityHas("a", "messages", 2100)
	w.Seat("c", "d")
	w.AdvancePastRenewal(t1)
	w.Billed("c", 5000, 2000)
	w.EntityHas("a", "messages", 1100)
	w.EntityHas("d", "messages", 1100)
	w.CustomerHas("seats", 2)
	w.Want("no switch", w.Check("c", "dashboard", Of("a"))["allowed"], false)
}

func TestENT09Cancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.TrackOf("a", "messages", 20)
	w.Cancel("c", "team")
	w.EntityHas("a", "messages", 1080)
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 10) // of the free plan that follows
	w.CustomerHas("messages", 20)
	w.TrackOf("b", "messages", 4)
	w.EntityHas("b", "messages", 6)
	w.Attach("c", "team")
	w.WaitIdle()
	w.CustomerHas("seats", 3) // the two that there are count again
	w.Cancel("c", "team", Immediately())
	w.WaitIdle()
	w.EntityHas("b", "messages", 10)
	w.DeleteSeat("b")
	w.CustomerHas("messages", 10)
}

func TestENT10AFailedPaymentStopsTheEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.TrackOf("a", "messages", 20)
	w.PutFailingCard("c")
	w.AdvancePastRenewal(t1)
	w.HasProducts("c", "team past_due")
	w.Want("allowed", w.Check("c", "messages", Of("a"))["allowed"], false)
	w.TrackOf("a", "messages", 5)
	w.PutGoodCard("c")
	w.Advance("96h")
	w.HasProducts("c", "team active")
	w.EntityHas("a", "messages", 1100)
	w.CustomerHas("seats", 4)
	w.TrackOf("a", "messages", 5)
	w.EntityHas("a", "messages", 1095)
}

// Each seat's own subscription; the customer's plan goes on beside it.
func TestENT11AProductOfOneEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Attach("c", "desk", Of("a"))
	w.Attach("c", "desk", Of("b"))
	w.WaitIdle()
	w.Billed("c", 2000, 1000, 1000)
	w.HasSubscriptions("c", 3)
	w.EntityHas("a", "messages", 1300)
	w.CustomerHas("messages", 1600)
	w.TrackOf("a", "messages", 310)
	w.EntityHas("a", "messages", 990)
	w.EntityHas("b", "messages", 1290)
	w.Want("whose it is", ValueAt(w.CustomerProduct("c", "desk"), "entity_id") != nil, true)
	w.Want("the customer's", w.CustomerProduct("c", "team")["entity_id"], nil)
	w.Want("held by the seat", w.Check("c", "", Of("a"), JSON{"feature_id": nil, "product_id": "desk"})["allowed"], true)
	w.Want("and not by the customer", w.Check("c", "", JSON{"feature_id": nil, "product_id": "desk"})["allowed"], false)
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 1300)
	w.CustomerHas("messages", 1600)
	w.Billed("c", 2000, 1000, 1000, 2000, 1000, 1000)
}

// Groups, changes and ends are of the entity alone.
func TestENT12ChangesOfAnEntitysProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Attach("c", "desk", Of("a"))
	w.Attach("c", "desk_pro", Of("b"))
	w.Attach("c", "desk") // and the customer has one for all
	w.WaitIdle()
	w.Billed("c", 2000, 1000, 3000, 1000)
	w.EntityHas("a", "messages", 1500)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("c", "desk_pro", Of("a"))
	w.WaitIdle()
	w.Billed("c", 2000, 1000, 3000, 1000, 1000)
	w.EntityHas("a", "messages", 1800)
	w.EntityHas("b", "messages", 1800)
	refused(w, 400, "product_already_attached", "POST /v1/attach", JSON{"customer_id": "c", "product_id": "desk_pro", "entity_id": "a"})
	w.Attach("c", "desk", Of("a")) // with the end of the period
	w.Cancel("c", "desk_pro", Of("b"))
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 1500)
	w.EntityHas("b", "messages", 1300)
	w.HasProducts("c", "desk active", "desk active", "team active")
	w.Cancel("c", "desk", Of("a"), Immediately())
	w.WaitIdle()
	w.HasProducts("c", "desk active", "team active")
	w.EntityHas("a", "messages", 1300)
	refused(w, 404, "product_not_found", "POST /v1/cancel", JSON{"customer_id": "c", "product_id": "desk", "entity_id": "b"})
}

// A trial is once for each entity.
func TestENT12TrialsOfEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Attach("c", "desk_trial", Of("a"))
	w.Attach("c", "desk_trial", Of("b"))
	w.WaitIdle()
	w.Billed("c", 2000, 0, 0)
	w.EntityHas("a", "messages", 1300)
	w.Cancel("c", "desk_trial", Of("a"), Immediately())
	w.WaitIdle()
	w.Attach("c", "desk_trial", Of("a"))
	w.WaitIdle()
	w.Billed("c", 2000, 0, 0, 1000)
	w.Want("trials of the customer", w.Customer("c", "trials_used")["trials_used"], []any{})
	w.Advance("169h")
	w.Billed("c", 2000, 0, 0, 1000, 1000)
}

// Use beyond 10 costs ten cents, and is billed with the seat's own renewal, and with its end.
func TestENT17UseBeyondTheAllowance(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Seat("c", "a", "b")
	w.Attach("c", "desk_use", Of("a"))
	w.Attach("c", "desk_use", Of("b"))
	w.TrackOf("a", "messages", 60) // 10 of the plan, 10 of the desk, 40 beyond
	w.TrackOf("b", "messages", 25)
	w.WaitIdle()
	w.AdvancePastRenewal(t1)
	w.Billed("c", 1000, 1000, 1400, 1050)
	w.TrackOf("a", "messages", 30)
	refused(w, 400, "entity_in_use", "DELETE /v1/customers/c/entities/a", nil)
	w.Cancel("c", "desk_use", Of("a"), Immediately())
	w.WaitIdle()
	w.Billed("c", 1000, 1000, 1400, 1050, 100)
	w.DeleteSeat("a")
	w.NothingUnbilled("c")
}

// Nothing else is attached to any entity by then.
func TestENT17TheLastUseOfTheOnlyProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Seat("c", "a")
	w.Attach("c", "desk_use", Of("a"))
	w.TrackOf("a", "messages", 60)
	w.Cancel("c", "desk_use", Of("a"), Immediately())
	w.WaitIdle()
	w.Billed("c", 1000, 400)
	w.DeleteSeat("a")
}

// A preview for an entity that the attach makes tells of its seat, too: $12 for half a month.
func TestENT13APreviewTellsOfTheSeat(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	body := JSON{"customer_id": "c", "product_id": "desk", "entity_id": "b", "entity_data": JSON{"feature_id": "seats"}}
	before := w.Stack.Tables()
	w.Want("due", ValueAt(w.Post("/v1/attach/preview", body), "due_today.total"), 16)
	w.Want("nothing is made", w.Stack.Tables(), before)
	w.Stack.HoldStream(true) // which bills the seat
	if a := w.Do(w.Stack.Key, "POST", "/v1/attach", body); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Text)
	}
	w.Stack.HoldStream(false)
	w.WaitIdle()
	w.Billed("c", 2000, 1000, 600)
	w.CustomerWithCard("full", "team")
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		w.Seat("full", id)
	}
	refused(w, 400, "insufficient_balance", "POST /v1/attach/preview", Merge(body, JSON{"customer_id": "full", "entity_id": "6"}))
}

// Bought on a page, at once and in another group of another entity.
func TestENT11OnAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Seat("c", "a", "b")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "desk", "entity_id": "a"})
	w.Want("due", ValueAt(preview, "due_today.total"), 10)
	first := w.Attach("c", "desk", Of("a"))["checkout_url"]
	second := w.Attach("c", "desk_pro", Of("b"))["checkout_url"]
	w.Want("the same page again", w.Attach("c", "desk", Of("a"))["checkout_url"], first)
	refused(w, 400, "entity_in_use", "DELETE /v1/customers/c/entities/a", nil)
	w.Pay(first.(string))
	w.Pay(second.(string))
	w.EntityHas("a", "messages", 210)
	w.EntityHas("b", "messages", 510)
	w.Billed("c", 1000, 3000)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	preview = w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "desk_pro", "entity_id": "a"})
	w.Want("due for half a month", ValueAt(preview, "due_today.total"), 10)
	w.Attach("c", "desk_pro", Of("a"))
	w.WaitIdle()
	w.Billed("c", 1000, 3000, 1000)
}

func TestENT18RenamedAndDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Attach("c", "desk", Of("a"))
	w.TrackOf("a", "messages", 50)
	w.Call("PATCH", "/v1/customers/c", JSON{"id": "d"})
	w.Want("kept", w.Check("d", "messages", Of("a"))["balance"], 1250)
	w.Want("and its seats", w.Check("d", "seats")["balance"], 3)
	refused(w, 404, "entity_not_found", "POST /v1/check", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "messages"})
	w.Call("PATCH", "/v1/customers/d", JSON{"id": "c"})
	w.RequireDeleted("c", "?cancel=true")
	refused(w, 404, "entity_not_found", "POST /v1/check", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "messages"})
	w.Post("/v1/customers", JSON{"id": "c"})
	refused(w, 404, "entity_not_found", "GET /v1/customers/c/entities/a", nil)
	w.Seat("c", "a")
	w.EntityHas("a", "messages", 10)
}
