package billing

import (
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// seatsCost is what it costs to go from some paid units to others for a share
// ShareOf a period; below 0 for fewer. For a whole period it is the difference of
// two prices, so that steps add up to the price of all of them.
func seatsCost(i catalog.Item, from, to money.Decimal, left money.PeriodShare) money.Amount {
	was, will := money.Packs(from, i.Pack()), money.Packs(to, i.Pack())
	if left.Left == left.Of {
		return i.Charge(will, money.DefaultCurrency) - i.Charge(was, money.DefaultCurrency)
	}
	return left.ShareOf(i.MajorPrice(will).Sub(i.MajorPrice(was)), money.DefaultCurrency)
}
