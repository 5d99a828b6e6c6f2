package chaos

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	. "windfall/tests/world"
)

// Books are everything that is kept of a world when all is over: each row of
// the table (products, balances, operations, the audit) and each object at
// Stripe (subscriptions, invoices, their lines). Names drawn by chance are
// replaced by who refers to whom, and moments by their hour, so that two worlds
// in which the same happened have equal books.
type books struct {
	rows   []row
	digest func() []string // of each row with what its names stand for, sorted
}

func bound(rows []row) books {
	return books{rows, sync.OnceValue(func() []string { return digest(rows) })}
}

// booksOf closes the books. What was only noted about requests and deliveries
// is left out: a repeated request is noted twice.
func booksOf(w *World) books {
	w.Helper()
	w.WaitIdle()
	var rows []row
	for line := range strings.Lines(w.Stack.Tables() + w.Stack.Objects()) {
		if !noted.MatchString(line) {
			rows = append(rows, read(line))
		}
	}
	return bound(rows)
}

// without leaves out the rows that a pattern finds.
func (b books) without(pattern string) books {
	leave := regexp.MustCompile(pattern)
	rows := slices.DeleteFunc(slices.Clone(b.rows), func(r row) bool { return leave.MatchString(r.text) })
	return bound(rows)
}

func (b books) equal(other books) bool { return slices.Equal(b.digest(), other.digest()) }

// difference shows, of the rows that only one of two books has, the place
// where they part.
func (b books) difference(want books) string {
	if b.equal(want) {
		return "none"
	}
	got, wanted := only(b.rows, want.rows), only(want.rows, b.rows)
	if len(got)+len(wanted) == 0 {
		return "the rows are the same, but refer to each other differently"
	}
	return "+ " + strings.Join(parted(got, wanted), "\n+ ") + "\n- " + strings.Join(parted(wanted, got), "\n- ")
}

// only returns the rows of one list that the other has not, as text.
func only(rows, others []row) []string {
	left := map[string]int{}
	for _, r := range others {
		left[r.text]++
	}
	var out []string
	for _, r := range rows {
		if left[r.text]--; left[r.text] < 0 {
			out = append(out, r.text)
		}
	}
	return out
}

// parted cuts each of the first lines to its beginning and what follows the longest part
// that it shares with another one.
func parted(lines, others []string) []string {
	var out []string
	for _, line := range lines[:min(len(lines), 4)] {
		most := 0
		for _, other := range others {
			n := 0
			for n < min(len(line), len(other)) && line[n] == other[n] {
				n++
			}
			most = max(most, n)
		}
		from := max(0, most-60)
		out = append(out, line[:min(from, 90)]+" … "+line[from:min(len(line), from+260)])
	}
	return out
}
