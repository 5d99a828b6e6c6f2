package budgets

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// trackAndEvent is a track with its event from the table's stream.
// The customer is known to the function, as it is for a minute.
var trackAndEvent = budget{"track and its event", tracked, func(w *World) {
	w.Track("c", "messages", 1)
	w.Stack.HoldStream(false)
	w.WaitIdle()
}, cost{requests: 3, writes: 3}}

func tracked(w *World) {
	warm(w)
	w.Track("c", "messages", 1)
	w.WaitIdle()
}

// The table of costs in docs/operations.md has the counted units, and their
// cost at its prices.
func TestTheTableOfCostsIsWhatCallsTake(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Cost\n")
	section, _, _ = strings.Cut(section, "\n## ")
	price := func(of string) float64 {
		_, after, _ := strings.Cut(section, "| "+of+" | ")
		figure, _, _ := strings.Cut(after, " |")
		dollars, err := strconv.ParseFloat(figure, 64)
		if err != nil {
			t.Fatalf("docs/operations.md has no price of %s", of)
		}
		return dollars
	}
	read, write := price("a million reads of DynamoDB (RCU)"), price("a million writes of DynamoDB (WCU)")
	request := price("a million requests: API Gateway and Lambda")
	known := map[string]budget{}
	for _, b := range slices.Concat(budgets, usageBudgets, []budget{trackAndEvent}) {
		known[b.call] = b
	}
	_, calls, _ := strings.Cut(section, "\n| call | ")
	calls, _, _ = strings.Cut(calls, "\n\n")
	rows := strings.Split(calls, "\n")
	for _, row := range rows[min(2, len(rows)):] {
		call, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " | ")
		b, counted := known[call]
		if !counted {
			t.Errorf("docs/operations.md: nothing counts what %q takes", call)
			continue
		}
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			got := b.measure(t)
			want := fmt.Sprintf("| %s | %g | %g | %d | %.2f |", call, got.reads, got.writes, got.stripe, request+got.reads*read+got.writes*write)
			if row != want {
				t.Errorf("docs/operations.md: the row should be %s", want)
			}
		})
	}
	if len(rows) < 7 {
		t.Errorf("docs/operations.md: the table of calls has %d rows", len(rows))
	}
}
