package growth

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/dynamodb"
	"windfall/local/stack"
)

var scratchT0 = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

func heapNow() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func env(name string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return def
}

var urls []string
var calls = map[string]int{}

type counted struct{ next http.RoundTripper }

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	urls = append(urls, r.Method+" "+regexp.MustCompile("_[a-zA-Z0-9]{10,}").ReplaceAllString(r.URL.Path, "_X")+"?"+regexp.MustCompile("[a-zA-Z0-9]{16,}").ReplaceAllString(r.URL.RawQuery, ""))
	return c.next.RoundTrip(r)
}

func BenchmarkScratch(b *testing.B) {
	n, months := env("N", 200), env("M", 12)
	for b.Loop() {
		s, err := stack.Open(stack.Options{Clock: scratchT0, Faults: stack.Faults{Stripe: func(n http.RoundTripper) http.RoundTripper { return counted{n} }}})
		if err != nil {
			b.Fatal(err)
		}
		c := control.New(s, nil)
		s.Control(c)
		post := func(path, body string) {
			status, text, err := s.Call(b.Context(), "POST", path, []byte(body))
			if err != nil || status != http.StatusOK {
				b.Fatalf("%s %d %s %v", path, status, text, err)
			}
		}
		post("/v1/features", `{"id":"messages","name":"Messages","type":"single_use"}`)
		post("/v1/products", `{"id":"pro","name":"Pro","items":[{"price":20,"interval":"month"},{"feature_id":"messages","included_usage":500,"interval":"month"}]}`)
		h0 := heapNow()
		c0 := cpu()
		for i := range n {
			if os.Getenv("SPREAD") != "" && i > 0 && i%10 == 0 {
				if err := c.AdvanceTo(b.Context(), s.Sim.Now().Add(time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
			id := fmt.Sprintf("user_%05d", i)
			post("/v1/customers", `{"id":"`+id+`"}`)
			post("/_local/customers/"+id+"/payment_method", `{"payment_method":"pm_card_visa"}`)
			post("/v1/attach", `{"customer_id":"`+id+`","product_id":"pro"}`)
		}
		s.Quiet(b.Context())
		c1 := cpu()
		h1 := heapNow()
		fmt.Printf("n=%d: heap/customer %d bytes, cpu/customer %.2f ms\n", n, (h1-h0)/uint64(n), float64(c1-c0)/1e6/float64(n))
		c1 = cpu()
		w := time.Now()
		start := s.Sim.Now()
		ops := map[string]int{}
		if os.Getenv("COUNT") != "" {
			s.DB.Observe(func(c dynamodb.Call, u dynamodb.Capacity) {
				k := ""
				for _, x := range c.Keys {
					k += " " + regexp.MustCompile("[0-9]+.*|[a-zA-Z0-9]{16,}.*").ReplaceAllString(x.Partition, "") + "|" + regexp.MustCompile("[0-9]+.*|[a-zA-Z0-9]{16,}.*").ReplaceAllString(x.Sort, "")
				}
				ops[c.Operation+" "+c.Code+k]++
			})
		}
		for m := 1; m <= months; m++ {
			if err := c.AdvanceTo(b.Context(), start.AddDate(0, m, 0).Add(2*time.Hour)); err != nil {
				b.Fatal(err)
			}
			c2 := cpu()
			h2 := heapNow()
			fmt.Printf("  month %2d: cpu/cm %.2f ms  heap growth/cm %d  wall %v\n", m, float64(c2-c1)/1e6/float64(n*m), (int64(h2)-int64(h1))/int64(n*m), time.Since(w).Round(time.Millisecond))
		}
		for k, v := range ops {
			fmt.Printf("op %8.2f %s\n", float64(v)/float64(n*months), k)
		}
		if os.Getenv("COUNT") != "" {
			ev, bytes := map[string]int{}, map[string]int{}
			for _, e := range s.Sim.Events() {
				ev[e.Type]++
				_ = bytes
			}
			for k, v := range ev {
				fmt.Printf("event %8.2f %s\n", float64(v)/float64(n), k)
			}
			for _, u := range urls {
				calls[u]++
			}
			for k, v := range calls {
				fmt.Printf("stripe %8.2f %s\n", float64(v)/float64(n), k)
			}
		}
		if f := os.Getenv("DUMP"); f != "" {
			os.WriteFile(f+".tables", []byte(s.Tables()), 0o600)
			os.WriteFile(f+".objects", []byte(s.Objects()), 0o600)
		}
		runtime.KeepAlive(s)
		s.Close()
	}
}
