package entities

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// lock reserves units of a feature for an entity of customer c.
func lock(w *World, entity, id string, units int, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/balances.check", toEntity(entity, "messages", JSON{"required_balance": units, "lock": Merge(JSON{"enabled": true, "lock_id": id}, more...)}))
}

// 120 are reserved: the 100 of the entity, and 20 of what its customer has for all.
func TestENT25ALockOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	got := lock(w, "a", "l", 120)
	w.Want("whose", got["entity_id"], "a")
	w.Want("left", ValueAt(got, "balance.remaining"), 980)
	w.Want("the same again", ValueAt(lock(w, "a", "l", 120), "balance.remaining"), 980)
	w.Refused(409, "lock_exists", "/v1/balances.check", toEntity("b", "messages", JSON{"required_balance": 120, "lock": JSON{"enabled": true, "lock_id": "l"}}))
	w.EntityHas("b", "messages", 1080)
	w.CustomerHas("messages", 1080)
	w.Confirm("l", JSON{"override_value": 110})
	left(w, "a", "messages", 990, 110)
	left(w, "b", "messages", 1090, 10)
	w.HasEvents("c", 110.0)
	w.Want("not allowed", lock(w, "a", "m", 991)["allowed"], false)
	w.Want("allowed", lock(w, "b", "m", 1090)["allowed"], true)
	left(w, "a", "messages", 0, 1100)
	w.Release("m")
	left(w, "a", "messages", 990, 110)
	w.Post("/v1/balances.track", toEntity("a", "messages", JSON{"value": 30, "lock": JSON{"enabled": true, "lock_id": "n"}}))
	left(w, "a", "messages", 960, 140)
	w.Confirm("n", JSON{"override_value": 45}) // 15 more than were reserved
	left(w, "a", "messages", 945, 155)
	left(w, "b", "messages", 1045, 55)
}

// What is reserved in a month counts there, and takes nothing of the next; what nobody confirms
// comes back by itself.
func TestENT25ALockOverAReset(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.AdvanceTo(t1.Add(-time.Hour))
	lock(w, "a", "l", 150)
	lock(w, "a", "m", 150, JSON{"expires_at": t1.Add(2 * time.Hour).UnixMilli()})
	left(w, "a", "messages", 800, 300)
	w.AdvancePastRenewal(t1)
	left(w, "a", "messages", 1100, 0)
	w.Confirm("l")
	left(w, "a", "messages", 1100, 0)
	lock(w, "a", "n", 100, JSON{"expires_at": t1.Add(3 * time.Hour).UnixMilli()})
	left(w, "a", "messages", 1000, 100)
	w.AdvanceTo(t1.Add(3 * time.Hour))
	left(w, "a", "messages", 1100, 0)
}

// Plans change, the customer gets another id: what is reserved goes on.
func TestENT25ALockGoesOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Attach("c", "desk", Of("a"))
	lock(w, "a", "l", 250) // 200 of the desk and 50, or the other way round
	w.Attach("c", "team_pro")
	w.WaitIdle()
	w.Call("PATCH", "/v1/customers/c", JSON{"id": "d"})
	w.Call("PATCH", "/v1/customers/d", JSON{"id": "c"})
	w.Confirm("l")
	w.HasEvents("c", 250.0)
	w.Want("150 of the desk are used", sources(w, "a", "messages"), []any{[]any{50.0, "a"}, []any{300.0, "a"}, []any{2000.0, nil}})
	w.Refused(404, "lock_not_found", "/v1/balances.finalize", JSON{"lock_id": "z", "action": "confirm"})
}

// An entity of which units are reserved stays; one that is gone leaves its customer's part.
func TestENT25ADeletedEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	lock(w, "a", "l", 1)
	refused(w, 409, "entity_in_use", "DELETE /v1/customers/c/entities/a", nil)
	w.Release("l")
	w.TrackOf("a", "messages", 100)
	lock(w, "a", "m", 70) // of the customer's alone
	w.DeleteSeat("a")
	w.CustomerHas("messages", 1030)
	w.Confirm("m", JSON{"override_value": 60})
	w.CustomerHas("messages", 1040)
	w.Refused(404, "entity_not_found", "/v1/balances.check", toEntity("a", "messages", JSON{"lock": JSON{"enabled": true, "lock_id": "n"}}))
	made := w.Post("/v1/balances.check", toEntity("d", "messages", JSON{"entity_data": JSON{"feature_id": "seats"}, "lock": JSON{"enabled": true, "lock_id": "n"}}))
	w.Want("made with it", ValueAt(made, "balance.remaining"), 1039)
	w.RequireDeleted("c", "?cancel=true")
	w.Refused(404, "lock_not_found", "/v1/balances.finalize", JSON{"lock_id": "n", "action": "confirm"})
}

// Locks of credits: the entity's 100 pay for 20 images, then its customer's 50 for 10.
func TestENT25CreditsOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_credits", "a", "b")
	for n, allowed := range []bool{true, true, true, false} {
		got := w.Post("/v1/balances.check", toEntity("a", "images", JSON{"required_balance": 10, "lock": JSON{"enabled": true, "lock_id": fmt.Sprint(n)}}))
		w.Want(fmt.Sprint(n), got["allowed"], allowed)
	}
	left(w, "b", "credits", 100, 50)
	w.Confirm("2", JSON{"override_value": 4})
	left(w, "a", "credits", 30, 120)
}

// The balance that a lock reserves of is taken away: the lock ends as any other, and the entity can go.
func TestENT39ALockOfABalanceThatIsGone(t *testing.T) {
	t.Parallel()
	ends := map[string]func(w *World){
		"released":          func(w *World) { w.Release("l") },
		"confirmed":         func(w *World) { w.Confirm("l") },
		"confirmed in part": func(w *World) { w.Confirm("l", JSON{"override_value": 3}) },
		"expired":           func(w *World) { w.Advance("25h") },
	}
	for how, end := range ends {
		for product, items := range map[string][]JSON{"none": nil, "own": {Consumable("words", 5)}, "each": {EachSeat(Consumable("words", 5))}} {
			for _, whose := range []string{"a", ""} {
				w := New(t)
				w.TeamCatalog()
				w.Feature("words", "single_use")
				w.Product("more", "", append(items, Messages(1))...).AddOn()
				w.Team("team", "a")
				w.Attach("c", "more")
				gift := JSON{"customer_id": "c", "feature_id": "words", "balance_id": "gift"}
				if whose != "" {
					gift["entity_id"] = whose
				}
				w.Post("/v1/balances.create", Merge(JSON{"included_grant": 10}, gift))
				w.Post("/v1/balances.check", toEntity("a", "words", JSON{"required_balance": 8 + 2*len(items), "lock": JSON{"enabled": true, "lock_id": "l"}}))
				w.Post("/v1/balances.delete", gift)
				end(w)
				w.WaitIdle()
				what := fmt.Sprintf("%s, %s, of %q", how, product, whose)
				got := w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/a", nil)
				w.Want(what+": "+got.Text, got.Status, 200)
			}
		}
	}
}

// The same where it is the customer's plan that granted to each entity, and is over.
func TestENT39ALockOfAPlanThatIsOver(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"release", "confirm"} {
		w := New(t)
		w.TeamCatalog()
		w.Product("words", "", Price(5), EachSeat(Consumable("images", 10))).AddOn()
		w.Team("team", "a")
		w.Attach("c", "words")
		w.WaitIdle()
		w.Post("/v1/balances.check", toEntity("a", "images", JSON{"required_balance": 8, "lock": JSON{"enabled": true, "lock_id": "l"}}))
		w.Cancel("c", "words", Immediately())
		w.WaitIdle()
		w.Post("/v1/balances.finalize", JSON{"lock_id": "l", "action": how})
		w.WaitIdle()
		w.DeleteSeat("a")
	}
}

// What a lock reserved of the customer's for an entity that is gone takes the rest of the customer's: another
// entity that has the id keeps its own, and has none of its events.
func TestENT40ALockOfADeletedEntity(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		final    any
		between  func(w *World)
		customer float64 // of 1000
	}{
		"more":                    {80, func(*World) {}, 920},
		"more, and renamed":       {80, func(w *World) { w.Post("/v1/customers/c", JSON{"id": "d"}); w.Post("/v1/customers/d", JSON{"id": "c"}) }, 920},
		"as reserved":             {50, func(*World) {}, 950},
		"less":                    {20, func(*World) {}, 980},
		"deleted and made thrice": {80, func(w *World) { w.DeleteSeat("a"); w.Seat("c", "a"); w.DeleteSeat("a"); w.Seat("c", "a") }, 920},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.TeamCatalog()
			w.Team("team", "a", "b")
			w.TrackOf("a", "messages", 100)
			w.Post("/v1/balances.check", toEntity("a", "messages", JSON{"required_balance": 50, "lock": JSON{"enabled": true, "lock_id": "l"}}))
			w.Advance("1h")
			w.DeleteSeat("a")
			w.Advance("1h")
			w.Seat("c", "a")
			tt.between(w)
			w.Advance("1m")
			w.Confirm("l", JSON{"override_value": tt.final})
			w.WaitIdle()
			w.Want("its own", w.Post("/v1/balances.list", JSON{"customer_id": "c", "entity_id": "a"})["list"].([]any)[0].(JSON)["remaining"], 100)
			w.EntityHas("a", "messages", 100+tt.customer)
			w.Want("its events", w.Post("/v1/events.list", JSON{"customer_id": "c", "entity_id": "a"})["list"], []any{})
		})
	}
}

// A use of an entity beyond what was reserved for it is its own first, as long as it is the same.
func TestENT40ALockOfAnEntityThatIsThere(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team")
	w.Post("/v1/balances.check", toEntity("a", "messages", JSON{"entity_data": JSON{"feature_id": "seats"}, "required_balance": 50, "lock": JSON{"enabled": true, "lock_id": "l"}}))
	w.Confirm("l", JSON{"override_value": 80})
	w.WaitIdle()
	w.EntityHas("a", "messages", 1020)
	w.Want("its own", w.Post("/v1/balances.list", JSON{"customer_id": "c", "entity_id": "a"})["list"].([]any)[0].(JSON)["remaining"], 20)
	w.Want("its event", ValueAt(w.Post("/v1/events.list", JSON{"customer_id": "c", "entity_id": "a"}), "list.0.value"), 80)
}
