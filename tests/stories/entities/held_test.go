package entities

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// inUse checks how many seats of customer c count.
func inUse(w *World, what string, n int) {
	w.Helper()
	w.WaitIdle()
	b, _ := w.Post("/v1/balances.check", JSON{"customer_id": "c", "feature_id": "seats", "required_balance": 0})["balance"].(JSON)
	w.Want(what, b["usage"], n)
}

// manySeats makes n entities of c.
func manySeats(w *World, n int) {
	w.Helper()
	var list []JSON
	for i := range n {
		list = append(list, JSON{"id": fmt.Sprint("s", i), "feature_id": "seats"})
	}
	w.Post("/v1/customers/c/entities", list)
	w.WaitIdle()
}

func plan(id string, more ...JSON) JSON {
	return Merge(JSON{"customer_id": "c", "plan_id": id}, more...)
}

// endings are the ways in which an add-on ends, at once or with its period.
var endings = map[string]func(w *World, id string) float64{
	"at once": func(w *World, id string) float64 {
		preview, _ := sold(w, "update", plan(id, JSON{"cancel_action": "cancel_immediately"}))
		due, _ := preview["total"].(float64)
		return due
	},
	"with its period": func(w *World, id string) float64 {
		w.Post("/v1/billing.update", plan(id, JSON{"cancel_action": "cancel_end_of_cycle"}))
		return 0
	},
	"in the first dialect": func(w *World, id string) float64 {
		w.Cancel("c", id, Immediately())
		return 0
	},
}

// Twenty seats under an add-on of fifty, which ends: they are in use, and the plan charges 19 of them.
func TestENT38SeatsOfAnAddOnThatEnds(t *testing.T) {
	t.Parallel()
	for how, end := range endings {
		for _, unlimited := range []bool{false, true} {
			for _, tracked := range []bool{false, true} {
				w := New(t)
				w.TeamCatalog()
				w.Team("team_seat")
				grants := Included("seats", 50)
				if unlimited {
					grants = JSON{"feature_id": "seats", "included_usage": "inf"}
				}
				w.Product("more", "", Price(5), grants).AddOn()
				w.Attach("c", "more")
				if tracked {
					w.Track("c", "seats", 20)
				} else {
					manySeats(w, 20)
				}
				what := fmt.Sprintf("%s, unlimited %v, tracked %v: ", how, unlimited, tracked)
				inUse(w, what+"before", 20)
				before := total(w)
				due := end(w, "more")
				w.WaitIdle()
				inUse(w, what+"ended", 20)
				charged := total(w) - before
				if how == "at once" {
					w.Want(what+"the preview has it", due, float64(charged)/100)
				}
				if how != "with its period" {
					credit := map[string]int{"at once": 500}[how] // the add-on's
					w.Want(what+"charged for April", charged, 19*1200-credit)
				}
				before = total(w)
				w.AdvancePastRenewal(t1)
				w.Want(what+"May", total(w)-before, 2000+19*1200)
				inUse(w, what+"in May", 20)
				w.Attach("c", "team_pro")
				inUse(w, what+"of ten included, at most", 10)
				if !tracked {
					w.Attach("c", "team_seat") // from the next period on
					w.WaitIdle()
					before = total(w)
					w.AdvancePastRenewal(t1.AddDate(0, 1, 0))
					inUse(w, what+"all entities again", 20)
					w.Want(what+"June", total(w)-before, 2000+19*1200)
				}
			}
		}
	}
}

// The add-on's period ends within one of the plan's: its seats cost the plan's price for the days that are left of that.
func TestENT38SeatsOfAnAddOnThatEndsBetween(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat")
	w.Product("more", "", Price(5), Included("seats", 50)).AddOn()
	w.Advance("240h")
	w.Attach("c", "more")
	manySeats(w, 20)
	w.Post("/v1/billing.update", plan("more", JSON{"cancel_action": "cancel_end_of_cycle"}))
	w.AdvancePastRenewal(t1)
	before := total(w)
	w.AdvanceTo(t1.AddDate(0, 0, 10))
	w.WaitIdle()
	inUse(w, "ended", 20)
	w.Want("charged, 21 of 31 days", total(w)-before, 15445) // 19 × 12.00 × 21 ÷ 31
	before = total(w)
	w.AdvancePastRenewal(t1.AddDate(0, 1, 0))
	w.Want("June", total(w)-before, 2000+19*1200)
}

// Eight seats of a plan and an add-on of five: what has no room where the plan leaves counts when it is back.
func TestENT38SeatsOfAPlanThatComesBack(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat")
	w.Product("more", "", Price(5), Included("seats", 5)).AddOn()
	w.Product("solo", "main", Price(10), Messages(5))
	w.Attach("c", "more")
	manySeats(w, 8)
	sold(w, "attach", plan("solo", JSON{"plan_schedule": "immediate"}))
	inUse(w, "of five", 5)
	preview, _ := sold(w, "attach", plan("team_seat", JSON{"plan_schedule": "immediate"}))
	inUse(w, "of all", 8)
	w.Want("two of them are the plan's to charge, and ten more for it", preview["total"], 34)
}

// A balance of seats of which some are in use is not taken away, be it limited or not.
func TestENT38UnlimitedBalanceInUse(t *testing.T) {
	t.Parallel()
	for _, product := range []string{"team_seat", "team_free", "team"} {
		w := New(t)
		w.TeamCatalog()
		w.CustomerWithEmailAndCard("c")
		if product != "team_free" { // which everybody has
			w.Attach("c", product)
		}
		given := JSON{"customer_id": "c", "feature_id": "seats", "balance_id": "u"}
		w.Post("/v1/balances.create", Merge(JSON{"unlimited": true}, given))
		w.Seat("c", "a", "b", "d")
		inUse(w, product, 3)
		w.Refused(409, "balance_in_use", "/v1/balances.delete", given)
		w.Attach("c", "team_pro") // what holds them goes on
		inUse(w, product+", then another plan", 3)
		w.DeleteSeat("a")
		w.DeleteSeat("b")
		w.DeleteSeat("d")
		inUse(w, product+", given back", 0)
		w.Post("/v1/balances.delete", given)
	}
}
