package chaos

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// Further columns of the table of results, beside the troubles.
const (
	orders trouble = "event orders"
	pairs  trouble = "concurrent pairs"
)

var columns = []trouble{dieBefore, dieAfter, loseAnswer, throttle, conflict, orders, pairs}

var results = struct {
	sync.Mutex
	tried, failed map[string]map[trouble]int // by command
}{tried: map[string]map[trouble]int{}, failed: map[string]map[trouble]int{}}

var oneOf = flag.Int("chaos.one-of", 9, "make one of so many tries with troubles and pairs; 1 makes all")

// A sample is part of the tries of one flow, spread evenly.
type sample struct{ n, every int }

func (s *sample) takes() bool {
	s.n++
	return s.n%max(s.every, *oneOf) == 0
}

// tally counts n tries for the table.
func tally(command string, column trouble, n int, good bool) {
	results.Lock()
	defer results.Unlock()
	count := func(in map[string]map[trouble]int) {
		if in[command] == nil {
			in[command] = map[trouble]int{}
		}
		in[command][column] += n
	}
	count(results.tried)
	if !good {
		count(results.failed)
	}
}

func TestMain(m *testing.M) {
	table := flag.Bool("table", false, "print how much was tried")
	flag.Parse()
	debug.SetGCPercent(400) // many short-lived worlds
	code := m.Run()
	if *table || testing.Verbose() {
		printResults()
	}
	os.Exit(code)
}

func printResults() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "command\t"
	for _, c := range columns {
		head += string(c) + "\t"
	}
	_, _ = fmt.Fprintln(out, head+"all\t")
	for _, command := range slices.Sorted(maps.Keys(results.tried)) {
		line, tried, failed := command+"\t", 0, 0
		for _, c := range columns {
			n := results.tried[command][c]
			tried, failed = tried+n, failed+results.failed[command][c]
			line += strings.Replace(fmt.Sprint(n), "0", "-", boolInt(n == 0)) + "\t"
		}
		verdict := "recovered"
		if failed > 0 {
			verdict = fmt.Sprint(failed, " FAILED")
		}
		_, _ = fmt.Fprintf(out, "%s%d %s\t\n", line, tried, verdict)
	}
	_ = out.Flush()
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
