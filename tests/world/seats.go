package world

import "testing"

// CustomerWithSeats makes a world in which customer c has a card and holds team,
// a product with seats.
func CustomerWithSeats(t *testing.T, price float64, onIncrease, onDecrease string) *World {
	t.Helper()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("team", "main", Price(20), Seats("seats", 1, price, onIncrease, onDecrease))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "team")
	w.Billed("c", 2000)
	return w
}

// NothingUnbilled checks that every bill of a customer's seats is finished.
func (w *World) NothingUnbilled(customer string) {
	w.Helper()
	s, _, err := w.Stack.Customer(w.Context(), customer)
	if err != nil || len(s.Operations) > 0 || len(s.Balances["seats"].Closed) > 0 {
		w.Errorf("left over: %v %v %v", s.Operations, s.Balances["seats"].Closed, err)
	}
}
