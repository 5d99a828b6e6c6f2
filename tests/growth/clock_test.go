package growth

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/stack"
)

// A company is a stack whose customers pay 20 a month, on one day.
type company struct {
	b     *testing.B
	stack *stack.Stack
	clock *control.Control
	size  int
	start time.Time
	month int // how many were moved
}

func openCompany(b *testing.B, o stack.Options) *company {
	b.Helper()
	debug.SetGCPercent(400) // these two as local has them
	o.Events = stack.WebhookEvents
	o.Clock = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	s, err := stack.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	c := &company{b: b, stack: s, clock: control.New(s, nil), start: o.Clock}
	s.Control(c.clock)
	c.post("/v1/features", `{"id":"messages","name":"Messages","type":"single_use"}`)
	c.post("/v1/products", `{"id":"pro","name":"Pro","items":[{"price":20,"interval":"month"},{"feature_id":"messages","included_usage":500,"interval":"month"}]}`)
	return c
}

func (c *company) post(path, body string) {
	c.b.Helper()
	if status, text, err := c.stack.Call(c.b.Context(), "POST", path, []byte(body)); err != nil || status != http.StatusOK {
		c.b.Fatalf("POST %s: %d %s %v", path, status, text, err)
	}
}

// sell brings the company to so many customers.
func (c *company) sell(size int) {
	c.b.Helper()
	for ; c.size < size; c.size++ {
		id := fmt.Sprintf("user_%05d", c.size)
		c.post("/v1/customers", `{"id":"`+id+`"}`)
		c.post("/_local/customers/"+id+"/payment_method", `{"payment_method":"pm_card_visa"}`)
		c.post("/v1/attach", `{"customer_id":"`+id+`","product_id":"pro"}`)
	}
	c.quiet()
}

func (c *company) quiet() {
	if err := c.stack.Quiet(c.b.Context()); err != nil {
		c.b.Fatal(err)
	}
}

// pass moves the clock by months, and returns the processor time of each customer's
// month in ms.
func (c *company) pass(months int) float64 {
	c.b.Helper()
	from := cpu()
	c.month += months
	if err := c.clock.AdvanceTo(c.b.Context(), c.start.AddDate(0, c.month, 0).Add(2*time.Hour)); err != nil {
		c.b.Fatal(err)
	}
	return float64(cpu()-from) / 1e6 / float64(c.size*months)
}

func (c *company) close() {
	if err := c.stack.Close(); err != nil {
		c.b.Fatal(err)
	}
}

// heap is what is kept after a collection.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// compare says a row of three figures; all must be below most, and the later ones not
// above the first by more than the row allows.
func (r row) compare(b *testing.B, unit string, most float64, figures [3]float64) {
	b.Helper()
	text := ""
	for i, f := range figures {
		text += fmt.Sprintf("  %9d: %8.2f %s", r.sizes[i], f, unit)
		if most > 0 && f > most {
			b.Errorf("%s: %.2f %s at %d, the most is %.0f", r.grows, f, unit, r.sizes[i], most)
		}
	}
	r.say(b, text, max(figures[1], figures[2])/figures[0])
}

// BenchmarkClockAndCustomers: a customer's month costs the same beside many others.
func BenchmarkClockAndCustomers(b *testing.B) {
	r := row{"the clock: a month of a customer beside others", [3]int{60, 200, 600}, 1.3}
	var took [3]float64
	for i, size := range r.sizes {
		c := openCompany(b, stack.Options{})
		c.sell(size)
		for range 3 {
			if t := c.pass(1); took[i] == 0 || t < took[i] {
				took[i] = t
			}
		}
		c.close()
	}
	r.compare(b, "ms", 0, took)
}

// BenchmarkClockAndMonths: a month costs the same after many others.
func BenchmarkClockAndMonths(b *testing.B) {
	r := row{"the clock: a month of a customer after others", [3]int{3, 12, 36}, 1.3}
	c := openCompany(b, stack.Options{})
	defer c.close()
	c.sell(40)
	var took [3]float64
	for i, months := range r.sizes {
		c.pass(months - c.month - 2)
		for range 2 {
			if t := c.pass(1); took[i] == 0 || t < took[i] {
				took[i] = t
			}
		}
	}
	r.compare(b, "ms", 0, took)
}

// Bytes are counted, so a limit holds on any machine. The first hundred customers also
// have what every stack keeps, such as the newest rows as they are.
const (
	mostOfCustomer = 6_000
	mostOfMonth    = 2_200
)

// BenchmarkHeapOfCustomers counts the bytes kept of each further paying customer.
func BenchmarkHeapOfCustomers(b *testing.B) {
	r := row{"the stack in memory: a paying customer", [3]int{500, 1000, 3000}, 1.3}
	c := openCompany(b, stack.Options{})
	defer c.close()
	c.sell(200)
	var kept [3]float64
	for i, size := range r.sizes {
		before, had := heap(), c.size
		c.sell(size)
		kept[i] = float64(heap()-before) / float64(size-had)
	}
	r.compare(b, "bytes", mostOfCustomer, kept)
	runtime.KeepAlive(c)
}

// BenchmarkHeapOfMonths counts the bytes kept of each month of a customer: invoice,
// payment, events, history.
func BenchmarkHeapOfMonths(b *testing.B) {
	r := row{"the stack in memory: a month of a customer", [3]int{10, 14, 22}, 1.3}
	c := openCompany(b, stack.Options{})
	defer c.close()
	c.sell(100)
	c.pass(6) // from here on as many events are forgotten as are made
	var kept [3]float64
	for i, months := range r.sizes {
		before, had := heap(), c.month
		c.pass(months - had)
		kept[i] = float64(heap()-before) / float64(c.size*(months-had))
	}
	r.compare(b, "bytes", mostOfMonth, kept)
	runtime.KeepAlive(c)
}

// BenchmarkJournals: files on disk stay within a few times of what lives in them,
// however much was written.
func BenchmarkJournals(b *testing.B) {
	const most = 5 // times of what lives; files below a megabyte are left alone
	// They grow until they are compacted, so that three moments differ: what counts is the height.
	r := row{"the files after months, by those of a restart", [3]int{2, 8, 16}, most}
	var times [3]float64
	for i, months := range r.sizes {
		dir := b.TempDir()
		c := openCompany(b, stack.Options{Dir: dir})
		c.sell(40)
		c.pass(months)
		long := bytesIn(b, dir)
		live := len(c.stack.Tables()) + len(c.stack.Objects())
		c.close()
		times[i] = float64(long) / float64(live+1<<20)
	}
	r.compare(b, "times", most, times)
}

func bytesIn(b *testing.B, dir string) (n int64) {
	b.Helper()
	err := filepath.Walk(dir, func(_ string, f os.FileInfo, err error) error {
		if err == nil && !f.IsDir() {
			n += f.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkTwoYears moves 1,000 customers through 24 months and prints what it takes:
// COMPANY=1000x24 go test ./tests/growth -run '^$' -bench TwoYears -benchtime 1x. Without
// COMPANY it is a small one.
func BenchmarkTwoYears(b *testing.B) {
	size, months := 50, 6
	if text := os.Getenv("COMPANY"); text != "" {
		if _, err := fmt.Sscanf(text, "%dx%d", &size, &months); err != nil {
			b.Fatal(err)
		}
	}
	c := openCompany(b, stack.Options{})
	defer c.close()
	empty := heap()
	c.sell(size)
	sold, began := heap(), time.Now()
	per := c.pass(months)
	fmt.Printf("%s customers, %d months: %.0f s, %.2f ms of processor time for each month of a customer; %d bytes kept of a customer and %d of its month, %d MB in all\n",
		strconv.Itoa(size), months, time.Since(began).Seconds(), per, (sold-empty)/size, (heap()-sold)/(size*months), heap()>>20)
	runtime.KeepAlive(c)
}
