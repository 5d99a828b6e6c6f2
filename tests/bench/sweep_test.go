package bench

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"windfall/local/dynamodb"
	"windfall/local/stack"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
)

// downgrades is the number of customers due in one run of the schedule.
const downgrades = 100_000

// BenchmarkSweep lets one run of close_periods carry out all downgrades that
// are due at one moment: trials end and the free product begins. It reports the
// requests and write units for each, and the balance between shards: when half
// is done, the progress of the slowest shard as a share of an even one.
func BenchmarkSweep(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := open(b, stack.Options{})
		post(b, s, "/v1/products", `{"id":"try","name":"Try","items":[{"price":20,"interval":"month"},{"feature_id":"messages","included_usage":500,"interval":"month"}],`+
			`"free_trial":{"length":7,"duration":"day","card_required":false,"unique_fingerprint":false}}`)
		post(b, s, "/v1/products/try", `{"is_default":true}`)
		trials(b, s)
		served := &served{}
		s.DB.Observe(served.count)
		b.StartTimer()
		if err := s.Due(b.Context(), t0.AddDate(0, 0, 7).Add(time.Minute)); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.DB.Observe(nil)
		served.report(b)
		b.StartTimer()
	}
	b.ReportMetric(downgrades/(b.Elapsed().Seconds()/float64(b.N)), "downgrades/s")
}

// trials stores the customers.
func trials(b *testing.B, s *stack.Stack) {
	b.Helper()
	store := dynamo.New(database(s.DB.Transport()), s.Template.Table.Name, "usd", time.Now, nil)
	cat, err := store.Catalog(b.Context(), catalog.Sandbox, true)
	if err != nil {
		b.Fatal(err)
	}
	const writers = 4
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := w; i < downgrades; i += writers {
				id := fmt.Sprintf("user_%06d", i)
				done := billing.NewCustomerOf(cat, billing.CreateCustomer{ID: id, InternalID: "cus_" + id, Now: t0})
				writes := []app.Write{app.SaveCustomer{Customer: done.Customer}}
				for _, cp := range done.Products {
					writes = append(writes, app.SaveCustomerProduct{Key: id, Product: cp})
				}
				for _, balance := range done.Balances {
					writes = append(writes, app.SaveBalance{Key: id, Balance: balance, Now: t0})
				}
				if err := store.Commit(b.Context(), catalog.Sandbox, writes...); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// A served counts the requests of a sweep to the database. The database calls
// it for one request at a time.
type served struct {
	requests int
	writes   float64
	saves    [dynamo.Shards]int // customers that were saved
	half     [dynamo.Shards]int // the same when half was done
	all      int
}

func (c *served) count(call dynamodb.Call, used dynamodb.Capacity) {
	c.requests++
	c.writes += used.Write
	if call.Operation != "TransactWriteItems" || call.Code != "" {
		return
	}
	id := strings.TrimPrefix(call.Keys[0].Partition, "sandbox#CUS#")
	c.saves[dynamo.ShardOf(id)]++
	if c.all++; c.all == downgrades/2 {
		c.half = c.saves
	}
}

func (c *served) report(b *testing.B) {
	b.Helper()
	if c.all != downgrades {
		b.Fatalf("%d of %d downgrades were saved", c.all, downgrades)
	}
	b.ReportMetric(float64(c.requests)/downgrades, "requests/downgrade")
	b.ReportMetric(c.writes/downgrades, "WCU/downgrade")
	b.ReportMetric(float64(slices.Min(c.half[:]))*dynamo.Shards/(downgrades/2), "least-shard-at-half")
}
