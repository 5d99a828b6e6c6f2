package growth

import (
	"fmt"
	"strings"
	"testing"

	"windfall/local/stack"
)

// The bodies of the calls that an application makes all day.
var hotCalls = map[string]string{
	"check": `{"customer_id":"%s","feature_id":"messages"}`,
	"track": `{"customer_id":"%s","feature_id":"messages","value":0.001}`,
}

// hot measures check and track of one customer of a stack that prepare fills.
func hot(b *testing.B, r row, prepare func(b *testing.B, s *stack.Stack, size int) (customer string)) {
	stacks, customers := map[int]*stack.Stack{}, map[int]string{}
	for _, size := range r.sizes {
		stacks[size] = open(b)
		customers[size] = prepare(b, stacks[size], size)
		if err := stacks[size].Quiet(b.Context()); err != nil {
			b.Fatal(err)
		}
		stacks[size].HoldStream(true) // filing an event is a call of its own
	}
	for _, name := range []string{"check", "track"} {
		b.Run(name, func(b *testing.B) {
			of := r
			of.grows = name + ", by " + r.grows
			of.measure(b, func(size int) func() {
				body := fmt.Sprintf(hotCalls[name], customers[size])
				return func() { call(b, stacks[size], "POST", "/v1/"+name, body) }
			})
		})
	}
}

// BenchmarkCallsByFeatures: each feature is a row of its own, and a call reads one of them.
// A product has at most 50 items.
func BenchmarkCallsByFeatures(b *testing.B) {
	hot(b, row{"features held", [3]int{10, 100, 1000}, 1.2}, func(b *testing.B, s *stack.Stack, size int) string {
		call(b, s, "POST", "/v1/customers", `{"id":"c"}`)
		for n := 0; n < size-1; n += atMost {
			var items []string
			for i := n; i < min(n+atMost, size-1); i++ {
				call(b, s, "POST", "/v1/features", fmt.Sprintf(`{"id":"f%04d","type":"single_use"}`, i))
				items = append(items, fmt.Sprintf(`{"feature_id":"f%04d","included_usage":1000,"interval":"month"}`, i))
			}
			call(b, s, "POST", "/v1/products", fmt.Sprintf(`{"id":"p%04d","is_add_on":true,"items":[%s]}`, n, strings.Join(items, ",")))
			call(b, s, "POST", "/v1/attach", fmt.Sprintf(`{"customer_id":"c","product_id":"p%04d"}`, n))
		}
		return "c"
	})
}

// atMost is how many items one product of a customer has here.
const atMost = 50

// BenchmarkCallsByCustomers: the table holds more customers, the call is of one in their midst.
func BenchmarkCallsByCustomers(b *testing.B) {
	hot(b, row{"customers", [3]int{100, 1000, 10_000}, 1.2}, func(b *testing.B, s *stack.Stack, size int) string {
		for i := range size {
			call(b, s, "POST", "/v1/customers", fmt.Sprintf(`{"id":"c%05d"}`, i))
		}
		return fmt.Sprintf("c%05d", size/2)
	})
}

// BenchmarkCallsByHistory: the customer has tracked so often before, and each event is filed.
func BenchmarkCallsByHistory(b *testing.B) {
	hot(b, row{"events before", [3]int{10, 1000, 10_000}, 1.2}, func(b *testing.B, s *stack.Stack, size int) string {
		call(b, s, "POST", "/v1/customers", `{"id":"c"}`)
		body := fmt.Sprintf(hotCalls["track"], "c")
		for range size {
			call(b, s, "POST", "/v1/track", body)
		}
		return "c"
	})
}
