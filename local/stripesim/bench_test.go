package stripesim_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"windfall/local/stripesim"
)

// BenchmarkTwoYears lives through 24 months of 100 customers: 2,500 invoices
// with their charges and events. The promise is ten seconds; what counts is the
// time of the processor, because other programs may be running.
func BenchmarkTwoYears(b *testing.B) {
	for b.Loop() {
		began := processor()
		twoYears(b, 100, 24)
		took := processor() - began
		b.ReportMetric(took.Seconds(), "cpu-s/op")
		if took > 10*time.Second {
			b.Errorf("24 months of 100 customers took %s", took)
		}
	}
}

func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A shorter one is part of every test run, for its counts.
func TestTwoYears(t *testing.T) {
	t.Parallel()
	twoYears(t, 10, 24)
}

func twoYears(tb testing.TB, customers, months int) {
	tb.Helper()
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(start)})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = sim.Close() }()
	w := &world{t: &testing.T{}, sim: sim}
	price := w.price("2000", "")
	for i := range customers {
		cus := w.customer("pm_card_visa")
		w.subscribe(cus, fmt.Sprintf("items[0][price]=%s&items[0][quantity]=%d", price, i%5+1))
	}
	if err := sim.AdvanceTo(context.Background(), start.AddDate(0, months, 0).Add(2*time.Hour)); err != nil {
		tb.Fatal(err)
	}
	paid := 0
	for _, e := range sim.Events() {
		if e.Type == "invoice.paid" {
			paid++
		}
	}
	if paid != customers*(months+1) {
		tb.Fatalf("%d invoices were paid, not %d", paid, customers*(months+1))
	}
}
