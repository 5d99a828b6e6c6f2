package world

import "flag"

// StandardCatalog makes the features and products of most stories. Unless said
// otherwise prices and resets are monthly, the group is main, and a change of
// products resets consumable usage.
func (w *World) StandardCatalog() { w.Helper(); w.cachedCatalog("standard", w.standardProducts) }

func (w *World) standardProducts() {
	w.Helper()
	for _, id := range []string{"messages", "words", "storage", "action1", "action2"} {
		w.Feature(id, "single_use")
	}
	w.Feature("seats", "continuous_use")
	w.Feature("dashboard", "boolean")
	w.Feature("admin", "boolean")
	w.Product("free", "main", Messages(100)).Default()
	w.Product("pro", "main", Price(20), Messages(500), BooleanFeature("dashboard"))
	w.Product("premium", "main", Price(50), Messages(1000), BooleanFeature("dashboard"), BooleanFeature("admin"))
	w.Product("ultra", "main", Price(200), Messages(5000))
	w.Product("pro_use", "main", Price(20), Overage("messages", 100, 0.1, 1))
	w.Product("pro_prepaid", "main", Price(20), Prepaid("messages", 10, 100, "month"))
	w.Product("premium_prepaid", "main", Price(50), Prepaid("messages", 10, 100, "month"))
	w.Product("pro_seats", "main", Price(20), Seats("seats", 1, 12, "prorate_immediately", "prorate_immediately"))
	w.Product("premium_seats", "main", Price(50), Seats("seats", 1, 20, "prorate_immediately", "prorate_immediately"))
	w.Product("addon_words", "", Price(20), Consumable("words", 200)).AddOn()
	w.Product("booster", "", Messages(100)).AddOn()
	w.Product("bonus", "", Lifetime("messages", 100)).AddOn()
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
	w.Product("g1_starter", "g1", Price(10), Consumable("words", 10))
	w.Product("g1_pro", "g1", Price(30), Consumable("words", 10))
	w.Product("g1_premium", "g1", Price(50), Consumable("words", 100))
	w.Product("g2_free", "g2", Consumable("storage", 10))
	w.Product("g2_starter", "g2", Price(20), Consumable("storage", 10))
	w.Product("g2_pro", "g2", Price(40), Consumable("storage", 10))
}

// PlanChangeCatalog is StandardCatalog with more products to change between.
func (w *World) PlanChangeCatalog() { w.Helper(); w.cachedCatalog("changes", w.planChangeProducts) }

func (w *World) planChangeProducts() {
	w.Helper()
	w.standardProducts()
	w.Product("pro_year", "main", JSON{"price": 200, "interval": "year"}, Messages(500))
	w.Product("premium_use", "main", Price(50), Overage("messages", 500, 0.1, 1))
	w.Product("pro_words", "main", Price(20), Overage("words", 200, 0.05, 1))
	w.Product("premium_words", "main", Price(50), Overage("words", 1000, 0.05, 1))
	w.Product("g2_premium", "g2", Price(60), Consumable("storage", 10))
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7, JSON{"unique_fingerprint": true})
	w.Product("premium_trial", "main", Price(50), Messages(1000)).Trial(14)
	w.Product("pro_trial_nocard", "main", Price(20), Messages(500)).Trial(7, JSON{"card_required": false})
}

// Trial gives the product a trial of some days, with a card unless more says
// otherwise.
func (m MadeProduct) Trial(days int, more ...JSON) MadeProduct {
	trial := JSON{"length": days, "duration": "day", "unique_fingerprint": false, "card_required": true}
	return m.set(JSON{"free_trial": Merge(trial, more...)})
}

// Balances are the same with any number of shards: go test ./tests/stories/...
// -shards 3 runs every story with three.
var shards = flag.Int("shards", 0, "write shards of every feature that is consumed")

// Feature makes a feature; more is merged into the request.
func (w *World) Feature(id, kind string, more ...JSON) {
	w.Helper()
	if *shards > 1 && (kind == "single_use" || kind == "credit_system") {
		more = append([]JSON{{"write_shards": *shards}}, more...)
	}
	w.Post("/v1/features", Merge(JSON{"id": id, "name": id, "type": kind}, more...))
}

// A MadeProduct is a product that a story can change further.
type MadeProduct struct {
	w  *World
	id string
}

// Product makes a product of these items.
func (w *World) Product(id, group string, items ...JSON) MadeProduct {
	w.Helper()
	w.Post("/v1/products", JSON{"id": id, "name": id, "group": group, "items": items})
	return MadeProduct{w, id}
}

// Default gives the product to every new customer.
func (m MadeProduct) Default() MadeProduct { return m.set(JSON{"is_default": true}) }

// AddOn makes the product an add-on.
func (m MadeProduct) AddOn() MadeProduct { return m.set(JSON{"is_add_on": true}) }

func (m MadeProduct) set(change JSON) MadeProduct {
	m.w.Helper()
	m.w.Post("/v1/products/"+m.id, change)
	return m
}
