package growth

import (
	"fmt"
	"testing"
)

// A page of customers is read alone, however many there are.
func BenchmarkListOfCustomers(b *testing.B) {
	r := row{"customers in all; a page of 50 is listed", [3]int{100, 10_000, 100_000}, 1.2}
	r.measure(b, func(size int) func() {
		s := open(b)
		for i := range size {
			call(b, s, "POST", "/v1/customers", fmt.Sprintf(`{"id":"u%06d","email":"u%06d@x.io"}`, i, i))
		}
		return func() { call(b, s, "GET", "/v1/customers?limit=50", "") }
	})
}
