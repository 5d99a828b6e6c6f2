package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/gateway"
	"windfall/local/stack"
	"windfall/local/template"
)

// BenchmarkServed measures `make dev` over loopback with so many clients. The
// clients share the same processors.
func BenchmarkServed(b *testing.B) {
	s := open(b, stack.Options{})
	server := httptest.NewServer(s)
	defer server.Close()
	for _, name := range []string{"check", "track"} {
		for _, clients := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/%d", name, clients), func(b *testing.B) { serve(b, server.URL+"/v1/"+name, s.Key, clients) })
		}
	}
}

func serve(b *testing.B, url, key string, clients int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var sent atomic.Int64
	var all sync.WaitGroup
	took := make([][]time.Duration, clients)
	for c := range clients {
		all.Go(func() {
			for sent.Add(1) <= int64(b.N) {
				start := time.Now()
				if err := send(client, url, key); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(start))
			}
		})
	}
	all.Wait()
	times := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-us")
}

func send(client *http.Client, url, key string) error {
	r, err := http.NewRequest("POST", url, strings.NewReader(`{"customer_id":"ada","feature_id":"messages"}`))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", answer.StatusCode, text)
	}
	return err
}

// starts is the number of processes for a median of init times.
const starts = 20

// BenchmarkInit starts the built functions, each time as a new process, until
// they ask the Runtime API for their first event. It needs `make binaries`.
func BenchmarkInit(b *testing.B) {
	root, err := template.Find()
	if err != nil {
		b.Fatal(err)
	}
	build := filepath.Join(filepath.Dir(root), ".local", "build")
	for _, name := range []string{"check", "track"} {
		b.Run(name, func(b *testing.B) {
			if _, err := os.Stat(filepath.Join(build, name, "bootstrap")); err != nil {
				b.Fatal("not built: run `make binaries` first")
			}
			var inits []time.Duration
			var size int64
			for b.Loop() {
				inits, size = nil, 0
				for range starts {
					stats := start(b, root, build, name)
					inits, size = append(inits, stats.Inits...), stats.BinaryBytes
				}
			}
			slices.Sort(inits)
			b.ReportMetric(float64(inits[len(inits)/2].Microseconds())/1000, "init-ms")
			b.ReportMetric(float64(inits[0].Microseconds())/1000, "least-init-ms")
			b.ReportMetric(float64(size), "binary-bytes")
		})
	}
}

func start(b *testing.B, root, build, name string) gateway.Stats {
	t, err := template.Load(root)
	if err != nil {
		b.Fatal(err)
	}
	f, _ := t.Function(name)
	t.Functions = []template.Function{f}
	variables := func(string) []string {
		return []string{"TABLE_NAME=windfall", "STACK_NAME=bench", "DEFAULT_CURRENCY=usd", "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1"}
	}
	p, err := gateway.Bootstrap(build, t, variables, gateway.BootstrapOptions{Log: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	// The event is one that is refused without a database.
	event := []byte(`{"version":"2.0","rawPath":"/v1/` + name + `","headers":{},"requestContext":{"timeEpoch":1,"http":{"method":"POST"}}}`)
	if _, err := p.Invoke(b.Context(), name, event); err != nil {
		b.Fatal(err)
	}
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
	return p.Stats()[name]
}
