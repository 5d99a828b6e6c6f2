package growth

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/dynamodb"
	"windfall/local/stack"
)

// How a call's cost may grow with the number of changes in a customer's life: not.
const longLife = 1.20

// The last products that have ended are among the rows of who has changed.
var lives = [3]int{0, 200, 1000}

// BenchmarkLongLife measures calls of a customer who has changed between products that
// often. What has ended is among the customer's rows only as long as a rule may ask for it.
func BenchmarkLongLife(b *testing.B) {
	for _, of := range []struct {
		name string
		call func(c *changer)
	}{
		{"customer get", func(c *changer) { c.do("GET", "/v1/customers/ada", "") }},
		{"check", func(c *changer) { c.do("POST", "/v1/check", `{"customer_id":"ada","feature_id":"messages"}`) }},
		{"track", func(c *changer) {
			c.do("POST", "/v1/track", `{"customer_id":"ada","feature_id":"messages","value":1}`)
		}},
		{"attach, free product", func(c *changer) { c.change() }},
		{"attach, paid, card on file, and its end", func(c *changer) {
			c.do("POST", "/v1/attach", `{"customer_id":"ada","product_id":"pro"}`)
			c.do("POST", "/v1/cancel", `{"customer_id":"ada","product_id":"pro","cancel_immediately":true}`)
			c.quiet() // with what Stripe tells of it
		}},
	} {
		b.Run(of.name, func(b *testing.B) {
			row{"product changes, " + of.name, lives, longLife}.measure(b, func(size int) func() {
				c := aged(b, size)
				return func() { of.call(c) }
			})
		})
	}
}

// BenchmarkLongLifeCounted counts what is read of such a customer, and what a change
// between free products writes.
func BenchmarkLongLifeCounted(b *testing.B) {
	var rows, reads, writes [3]float64
	for i, size := range lives {
		c := aged(b, max(size, 10)) // a life of some changes has its last ended products, too
		state, found, err := c.stack.Customer(b.Context(), "ada")
		if err != nil || !found {
			b.Fatal(found, err)
		}
		rows[i] = float64(len(state.Products))
		reads[i] = c.counted(func() { c.do("GET", "/v1/customers/ada", "") }).Read
		writes[i] = c.counted(c.change).Write
	}
	for name, n := range map[string][3]float64{"rows of products": rows, "read units of get": reads, "write units of attach": writes} {
		row{"product changes, " + name, lives, 1}.say(b, fmt.Sprintf("  %v", n), max(n[1], n[2])/n[0])
	}
}

// A changer is a customer who changes between free products.
type changer struct {
	b       *testing.B
	stack   *stack.Stack
	changes int
}

// aged is a customer "ada" with a card, after some changes on one day.
func aged(b *testing.B, changes int) *changer {
	b.Helper()
	s, err := stack.Open(stack.Options{Clock: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	s.Control(control.New(s, nil))
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	c := &changer{b: b, stack: s}
	c.do("POST", "/v1/features", `{"id":"messages","type":"single_use"}`)
	for _, id := range []string{"a", "b"} {
		c.do("POST", "/v1/products", `{"id":"`+id+`","name":"`+id+`","group":"main","items":[{"feature_id":"messages","included_usage":1e12,"interval":"month"}]}`)
	}
	c.do("POST", "/v1/products", `{"id":"pro","name":"Pro","group":"paid","items":[{"price":20,"interval":"month"}]}`)
	c.do("POST", "/v1/customers", `{"id":"ada"}`)
	c.do("POST", "/_local/customers/ada/payment_method", `{"payment_method":"pm_card_visa"}`)
	for range changes + 1 { // the first one is no change
		c.change()
	}
	c.quiet()
	return c
}

func (c *changer) quiet() {
	if err := c.stack.Quiet(c.b.Context()); err != nil {
		c.b.Fatal(err)
	}
}

func (c *changer) change() {
	c.changes++
	c.do("POST", "/v1/attach", `{"customer_id":"ada","product_id":"`+string("ab"[c.changes%2])+`"}`)
}

func (c *changer) do(method, path, body string) {
	c.b.Helper()
	if status, text, err := c.stack.Call(c.b.Context(), method, path, []byte(body)); err != nil || status != http.StatusOK {
		c.b.Fatalf("%s %s: %d %s %v", method, path, status, text, err)
	}
}

// counted is how many units a call takes.
func (c *changer) counted(call func()) dynamodb.Capacity {
	var mu sync.Mutex
	var sum dynamodb.Capacity
	c.stack.DB.Observe(func(_ dynamodb.Call, used dynamodb.Capacity) {
		mu.Lock()
		defer mu.Unlock()
		sum.Read, sum.Write = sum.Read+used.Read, sum.Write+used.Write
	})
	call()
	c.stack.DB.Observe(nil)
	return sum
}
