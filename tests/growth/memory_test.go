//go:build linux

package growth

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/local/template"
	"windfall/tests/tabletest"
)

// A load is a function with what it holds in memory, and how many calls it gets.
type load struct {
	about, function, path, body string
	calls                       int
}

// BenchmarkMemory runs built functions with the memory of several sizes of Lambda, held to
// it by the kernel where this machine allows that, and prints what a call costs and how much of
// it the garbage collector takes: of the wall clock of its threads, so other programs add to it.
// A function that is killed, or that comes within a tenth of its memory, fails.
func BenchmarkMemory(b *testing.B) {
	s := onLoopback(b)
	loads := s.fill(b)
	fmt.Printf("%-52s%8s%10s%12s%8s%12s%8s\n", "held by the kernel: "+fmt.Sprint(groups() != ""), "memory", "GOGC", "CPU a call", "GC", "collections", "peak")
	for _, l := range loads {
		for _, memory := range []int{128, 256, 512} {
			s.measure(b, l, memory, "")
		}
		s.measure(b, l, 256, "100") // as Go collects by default
	}
}

func (s watched) measure(b *testing.B, l load, memory int, gogc string) {
	b.Helper()
	for i := range s.Template.Functions {
		s.Template.Functions[i].Memory = memory
	}
	p := &process{dir: b.TempDir(), memory: memory, gogc: gogc}
	s.Binaries = p.wrap(b, s.build, l.function)
	must(b, s.Restart())
	call(b, s.Stack, "POST", l.path, l.body) // keys, catalog and connections are there
	before := p.cpu(b)
	for range l.calls {
		call(b, s.Stack, "POST", l.path, l.body)
	}
	took := p.cpu(b) - before
	peak := p.peak(b)
	must(b, s.Processes.Close())
	collections, collecting := p.collector(b)
	setting := "ours"
	if gogc != "" {
		setting = gogc
	}
	fmt.Printf("%-52s%5d MB%10s%9d µs%6.1f %%%12d%5d MB\n", l.about, memory, setting, took.Microseconds()/int64(l.calls),
		100*float64(collecting)/float64(took), collections, peak>>20)
	if most := int64(memory) << 20 * 9 / 10; peak > most {
		b.Errorf("%s: %d MB of %d", l.about, peak>>20, memory)
	}
}

// watched is a stack whose functions run as binaries.
type watched struct {
	*stack.Stack
	build string
}

func onLoopback(b *testing.B) watched {
	b.Helper()
	root, err := template.Find()
	must(b, err)
	build := exec.CommandContext(b.Context(), "make", "-s", "binaries")
	build.Dir = filepath.Dir(root)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("make binaries: %v\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	s := openWith(b, stack.Options{Clock: t0, BaseURL: "http://" + listener.Addr().String()})
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	b.Cleanup(func() { must(b, server.Close()) })
	return watched{s, filepath.Join(build.Dir, ".local", "build")}
}

// fill gives the stack a large catalog, a customer who holds many features, one with many
// events that have sums and one whose events have none, and says what is called.
func (s watched) fill(b *testing.B) []load {
	b.Helper()
	const holds = 1000
	call(b, s.Stack, "POST", "/v1/features/messages", `{"group_by":["model"]}`)
	call(b, s.Stack, "POST", "/v1/customers", `{"id":"c"}`)
	for n := range holds / atMost {
		var items []string
		for i := range atMost {
			id := fmt.Sprintf("f%02d_%02d", n, i)
			call(b, s.Stack, "POST", "/v1/features", `{"id":"`+id+`","type":"single_use"}`)
			items = append(items, `{"feature_id":"`+id+`","included_usage":1000,"interval":"month"}`)
		}
		call(b, s.Stack, "POST", "/v1/products", fmt.Sprintf(`{"id":"a%02d","is_add_on":true,"items":[%s]}`, n, strings.Join(items, ",")))
		call(b, s.Stack, "POST", "/v1/attach", fmt.Sprintf(`{"customer_id":"c","product_id":"a%02d"}`, n))
	}
	for i := range 1000 {
		call(b, s.Stack, "POST", "/v1/products", fmt.Sprintf(`{"id":"p%04d","group":"g","items":[{"price":20,"interval":"month"},{"feature_id":"messages","included_usage":100,"interval":"month"}]}`, i))
	}
	for _, f := range []filler{{key: "summed", size: 100_000}, {key: "loose", size: 95_000, loose: true}} {
		f.client, f.table, f.now = tabletest.Client(s.DB), s.Template.Table.Name, t0
		must(b, s.Save(b.Context(), madeBefore(f.key, t0)))
		f.bulk(b)
	}
	must(b, s.Quiet(b.Context()))
	s.HoldStream(true)
	report := `{"customer_id":%q,"feature_id":"messages","group_by":"model","bin_size":"hour","custom_range":` + span40(t0) + `}`
	return []load{
		{"check", "check", "/v1/check", `{"customer_id":"c","feature_id":"messages"}`, 4000},
		{"track", "track", "/v1/track", `{"customer_id":"c","feature_id":"messages"}`, 4000},
		{"check with a preview of 1,020 products", "check", "/v1/check", `{"customer_id":"c","feature_id":"messages","required_balance":100000,"with_preview":true}`, 200},
		{"customer with 1,000 features", "customers", "/v1/customers", `{"id":"c"}`, 200},
		{"preview of a purchase, 1,020 products", "preview_attach", "/v1/attach/preview", `{"customer_id":"c","product_id":"p0500"}`, 200},
		{"report by hour and model, 100,000 events with sums", "events", "/v1/query", fmt.Sprintf(report, "summed"), 50},
		{"report of 42,000 events without sums", "events", "/v1/query", fmt.Sprintf(report, "loose"), 5},
	}
}
