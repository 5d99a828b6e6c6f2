package chaos

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	. "windfall/tests/world"
)

// A finalState is everything that is stored at the end: each row of the table
// (products, balances, operations, the audit) and each object at Stripe
// (subscriptions, invoices, their lines). Random names are replaced by the
// references between rows, and times by their hour, so that two worlds with the
// same history have equal final states.
type finalState struct {
	rows   []row
	digest func() []string // of each row and the meaning of its names, sorted
}

// stateOfRows compares rows with their names replaced.
func stateOfRows(rows []row) finalState {
	return finalState{rows, sync.OnceValue(func() []string { return digest(rows) })}
}

// finalStateOf reads the final state. Records of requests and deliveries are left
// out: a repeated request is recorded twice.
func finalStateOf(w *World) finalState {
	w.Helper()
	w.WaitIdle()
	var rows []row
	sums := partSums{}
	for line := range strings.Lines(w.Stack.Tables() + w.Stack.Objects()) {
		if !sums.add(line) && !noted.MatchString(line) && !closed.MatchString(line) {
			rows = append(rows, read(atHome.ReplaceAllString(inHistory.ReplaceAllString(line, past), past)))
		}
	}
	for of, sum := range sums {
		if len(sum) > 1 || sum["n"] != 0 { // a figure that came to 0 is as one that never was
			rows = append(rows, read(of+fmt.Sprint(sum)))
		}
	}
	return stateOfRows(rows)
}

// A product that has ended lies with the customer or, after one more settlement, in the
// history: which settlement came last depends on the order of events.
var (
	inHistory = regexp.MustCompile(`^(windfall\t\{)"PK":\{"S":"\w+#LOG#[^"]*"\},"SK":\{"S":"ENDED#[^#"]*#([^"]*)"\},`)
	atHome    = regexp.MustCompile(`^(windfall\t\{)"PK":\{"S":"\w+#CUS#[^"]*"\},"SK":\{"S":"PRODUCT#([^"]*)"\},(.*"st":\{"S":"expired"\})`)
)

const past = `$1"ended":{"S":"$2"},$3`

// partSums are what the redemptions of each program, and the figures of each day and month, come
// to. They are counted in rows of which a random id chooses one.
type partSums map[string]map[string]int

var (
	partOfSum = regexp.MustCompile(`^(windfall\t\{"PK":\{"S":"\w+#(?:PROGRAM#\w+|FIGURES)"\},"SK":\{"S":"(?:STATS|(?:DAY|MONTH)#[^"]*)#)\d+"\},(.*)`)
	addend    = regexp.MustCompile(`"(n|\w\w+)":\{"N":"(-?\d+)"\}`)
)

// add adds a line up, if it is a part of a sum.
func (s partSums) add(line string) bool {
	found := partOfSum.FindStringSubmatch(line)
	if found == nil {
		return false
	}
	if s[found[1]] == nil {
		s[found[1]] = map[string]int{}
	}
	for _, count := range addend.FindAllStringSubmatch(found[2], -1) {
		n, _ := strconv.Atoi(count[2])
		s[found[1]][count[1]] += n
	}
	return true
}

// without leaves out the rows that match a pattern.
func (s finalState) without(pattern string) finalState {
	leave := regexp.MustCompile(pattern)
	rows := slices.DeleteFunc(slices.Clone(s.rows), func(r row) bool { return leave.MatchString(r.text) })
	return stateOfRows(rows)
}

func (s finalState) equal(other finalState) bool { return slices.Equal(s.digest(), other.digest()) }

// difference shows the rows that only one of two states has, at the place where
// they differ.
func (s finalState) difference(want finalState) string {
	if s.equal(want) {
		return "none"
	}
	got, wanted := only(s.rows, want.rows), only(want.rows, s.rows)
	if len(got)+len(wanted) == 0 {
		return "the rows are the same, but refer to each other differently"
	}
	return "+ " + strings.Join(parted(got, wanted), "\n+ ") + "\n- " + strings.Join(parted(wanted, got), "\n- ")
}

// only returns the rows of one list that the other lacks, as text.
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

// parted cuts each of the first lines to its beginning and the text after the
// longest part that it shares with another one.
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
