package billing

import "windfall/shared/catalog"

// A seatTerm says how a change of the number of seats is billed.
type seatTerm struct {
	later    bool // on the next renewal instead of at once
	prorated bool // for the time left instead of the whole period
	credited bool // freed seats are credited for the time left, on the next renewal
}

// seatTermOf reads config.on_increase, which is bill_immediately unless said,
// and config.on_decrease, which is prorate_immediately unless said. With none
// a freed seat stays paid until the period ends and is taken again for free.
func seatTermOf(i catalog.Item) seatTerm {
	return seatTerm{
		later:    i.OnIncrease == "bill_next_cycle" || i.OnIncrease == "prorate_next_cycle",
		prorated: i.OnIncrease == "prorate_immediately" || i.OnIncrease == "prorate_next_cycle",
		credited: i.OnDecrease != "none" && i.OnDecrease != "no_prorations",
	}
}
