package world

// TeamCatalog sells plans of which each seat has messages of its own:
//
//	team_free $0   10 messages for each seat; what a customer has from the beginning
//	team      $20  5 seats, 100 messages for each seat, 1,000 for all
//	team_pro  $50  10 seats, 300 messages for each seat, 2,000 for all
//	team_seat $20  1 seat and $12 for each more, 50 messages for each
//	desk      $10  200 messages; for a seat alone
//	desk_pro  $30  500 messages; for a seat alone
func (w *World) TeamCatalog() { w.Helper(); w.cachedCatalog("team", w.teamProducts) }

func (w *World) teamProducts() {
	w.Helper()
	w.Feature("messages", "single_use")
	w.Feature("images", "single_use")
	w.Feature("seats", "continuous_use")
	w.Feature("dashboard", "boolean")
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "images", "credit_cost": 5}}})
	w.Product("team_free", "main", EachSeat(Messages(10))).Default()
	w.Product("team", "main", Price(20), Included("seats", 5), EachSeat(Messages(100)), Messages(1000))
	w.Product("team_pro", "main", Price(50), Included("seats", 10), EachSeat(Messages(300)), Messages(2000), EachSeat(BooleanFeature("dashboard")))
	w.Product("team_seat", "main", Price(20), Seats("seats", 1, 12, "prorate_immediately", "prorate_immediately"), EachSeat(Messages(50)))
	w.Product("team_credits", "main", Price(20), Included("seats", 5), EachSeat(Consumable("credits", 100)), Consumable("credits", 50))
	w.Product("desk", "desk", Price(10), Messages(200))
	w.Product("desk_pro", "desk", Price(30), Messages(500))
	w.Product("desk_use", "desk", Price(10), Overage("messages", 10, 0.1, 1))
	w.Product("desk_trial", "desk", Price(10), Messages(200)).Trial(7)
}

// EachSeat is what an item grants to each entity of seats.
func EachSeat(item JSON) JSON { return Merge(JSON{}, item, JSON{"entity_feature_id": "seats"}) }

// Included is a number of units that are held and cost nothing.
func Included(feature string, n int) JSON { return JSON{"feature_id": feature, "included_usage": n} }

// Seat makes an entity of seats.
func (w *World) Seat(customer string, ids ...string) {
	w.Helper()
	for _, id := range ids {
		w.Post("/v1/customers/"+customer+"/entities", JSON{"id": id, "name": "Seat " + id, "feature_id": "seats"})
	}
}

// Team is customer c with a card, a product and some seats.
func (w *World) Team(product string, seats ...string) {
	w.Helper()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", product)
	w.Seat("c", seats...)
	w.WaitIdle()
}

// Of names an entity in a call.
func Of(entity string) JSON { return JSON{"entity_id": entity} }

// EntityHas checks what an entity of customer c may use of a feature: its own, and what the customer
// has for all.
func (w *World) EntityHas(entity, feature string, balance any) {
	w.Helper()
	w.Want(entity+" has "+feature, w.Check("c", feature, Of(entity))["balance"], balance)
}

// CustomerHas checks what customer c may use of a feature with all entities.
func (w *World) CustomerHas(feature string, balance any) {
	w.Helper()
	w.Want("c has "+feature, w.Check("c", feature)["balance"], balance)
}

// TrackOf uses a feature as an entity of customer c.
func (w *World) TrackOf(entity, feature string, value any) JSON {
	w.Helper()
	return w.Post("/v1/track", JSON{"customer_id": "c", "entity_id": entity, "feature_id": feature, "value": value})
}

// DeleteSeat deletes an entity of customer c.
func (w *World) DeleteSeat(id string) {
	w.Helper()
	w.Call("DELETE", "/v1/customers/c/entities/"+id, nil)
}
