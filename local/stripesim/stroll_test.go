package stripesim_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"windfall/local/stripesim"
)

// stroll is a world with a customer, prices and coupons for histories.
type stroll struct {
	*world
	customer string
	prices   []string
	move     func(time.Time)
}

// shelf is the stock of thousands of histories, put there once: each begins
// with a copy.
var shelf struct {
	sync.Once
	customer string
	prices   []string
	account  stripesim.Snapshot
}

func newStroll(t *testing.T) *stroll {
	shelf.Do(func() {
		w := strollWorld(t)
		defer func() { _ = w.sim.Close() }()
		shelf.customer, shelf.prices = w.customer("pm_card_visa"), stockUp(w)
		shelf.account = w.sim.Snapshot()
	})
	w := strollWorld(t)
	if err := w.sim.Restore(shelf.account); err != nil {
		t.Fatal(err)
	}
	return &stroll{world: w, customer: shelf.customer, prices: shelf.prices, move: func(to time.Time) {
		if err := w.sim.AdvanceTo(context.Background(), to); err != nil {
			t.Fatal(err)
		}
	}}
}

// strollWorld is an empty account; the stroll closes it.
func strollWorld(t *testing.T) *world {
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(start), BaseURL: "http://sim.test", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, sim: sim}
}

func stockUp(w *world) (prices []string) {
	for _, amount := range []string{"1000", "3333", "0", "30", "4999"} {
		prices = append(prices, w.price(amount, ""))
	}
	prices = append(prices,
		w.price("12000", "recurring[interval]=year"),
		w.post("/v1/prices", tiers+"graduated").str("id"),
		w.post("/v1/prices", "currency=usd&unit_amount_decimal=0.7&product_data[name]=U&recurring[interval]=month&recurring[usage_type]=metered").str("id"))
	w.post("/v1/coupons", "id=C0&percent_off=33.3&duration=repeating&duration_in_months=2")
	w.post("/v1/coupons", "id=C1&amount_off=777&currency=usd&duration=once")
	w.post("/v1/coupons", "id=C2&percent_off=100&duration=once")
	w.post("/v1/coupons", "id=C3&amount_off=250&currency=usd&duration=forever")
	return prices
}
