package chaos

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	. "windfall/tests/world"
)

// Books are everything that is kept of a world when all is over: each row of
// the table (products, balances, operations, the audit) and each object at
// Stripe (subscriptions, invoices, their lines). Names drawn by chance are
// replaced by who refers to whom, and moments by their hour, so that two worlds
// in which the same happened have equal books.
type books struct {
	lines []string // one for each row and object, sorted
	plain []string // the same without who refers to whom, for messages
}

// booksOf closes the books. What was only noted about requests and deliveries
// is left out: a repeated request is noted twice.
func booksOf(w *World) books {
	w.Helper()
	w.Quiet()
	var lines []string
	for line := range strings.Lines(w.Stack.Tables() + w.Stack.Objects()) {
		if !noted.MatchString(line) {
			lines = append(lines, counters.ReplaceAllString(strings.TrimSpace(line), ""))
		}
	}
	return anonymous(lines)
}

var (
	noted    = regexp.MustCompile(`^\S+\t\{"PK":\{"S":"\w+#(EVENT|REQUEST)#`)
	counters = regexp.MustCompile(`"ver":\{"N":"\d+"\},?|"noted":\{"S":"\w+"\},?|"ttl":\{"N":"\d+"\},?|,?"list_sk":\{"S":"[^"]+"\}`)
	anchor   = regexp.MustCompile(`"a":\{"N":"([^"]+)"\},((?:"(?:ad|c)":\{[^}]*\},)*"f":\{"N":"([^"]+)"\})`)
	moment   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	title    = regexp.MustCompile(`^([A-Z][a-z]+)+(ID)?$`) // the name of a field
	word     = regexp.MustCompile(`[0-9A-Za-z]{10,}`)
)

// without leaves out the lines that a pattern finds.
func (b books) without(pattern string) books {
	leave := regexp.MustCompile(pattern)
	return books{slices.DeleteFunc(slices.Clone(b.lines), leave.MatchString), slices.DeleteFunc(slices.Clone(b.plain), leave.MatchString)}
}

func (b books) equal(other books) bool { return slices.Equal(b.lines, other.lines) }

// difference shows, of the lines that only one of two books has, the place
// where they part.
func (b books) difference(want books) string {
	if b.equal(want) {
		return "none"
	}
	got, wanted := only(b.plain, want.plain), only(want.plain, b.plain)
	if len(got)+len(wanted) == 0 {
		return "the lines are the same, but refer to each other differently"
	}
	return "+ " + strings.Join(parted(got, wanted), "\n+ ") + "\n- " + strings.Join(parted(wanted, got), "\n- ")
}

// only returns the lines of one list that the other has not.
func only(lines, others []string) []string {
	others = slices.Clone(others)
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		i := slices.Index(others, line)
		if i >= 0 {
			others = slices.Delete(others, i, i+1)
		}
		return i >= 0
	})
}

// parted cuts each line to its kind and what follows the longest beginning
// that it shares with another one.
func parted(lines, others []string) []string {
	var out []string
	for _, line := range lines {
		most := 0
		for _, other := range others {
			n := 0
			for n < min(len(line), len(other)) && line[n] == other[n] {
				n++
			}
			most = max(most, n)
		}
		from := max(0, most-60)
		out = append(out, line[:min(len(line), from, 90)]+" … "+line[from:min(len(line), from+260)])
	}
	return out
}

// anonymous gives each name that was drawn by chance a name that follows from
// the lines it stands in. Two rounds tell apart what differs two references
// away.
func anonymous(lines []string) books {
	var parts [][]string          // of each line: text, name, text, name, … text
	called := map[string]string{} // for now all the same
	for _, line := range lines {
		line = word.ReplaceAllStringFunc(moment.ReplaceAllStringFunc(line, hourOf), hourOfNumber)
		line = anchor.ReplaceAllStringFunc(line, sameAnchor)
		var pieces []string
		at := 0
		for _, found := range word.FindAllStringIndex(line, -1) {
			if name := line[found[0]:found[1]]; chance(name) {
				pieces = append(pieces, line[at:found[0]], name)
				called[name], at = "~", found[1]
			}
		}
		parts = append(parts, append(pieces, line[at:]))
	}
	out := books{plain: spellAll(parts, called)}
	for range 2 {
		called = renamed(parts, called)
	}
	out.lines = spellAll(parts, called)
	return out
}

func spellAll(parts [][]string, called map[string]string) []string {
	out := make([]string, len(parts))
	for i, line := range parts {
		out[i] = spell(line, called, "")
	}
	slices.Sort(out)
	return out
}

// sameAnchor leaves out where the months of a grant are counted from when that
// is the hour it began: it is written only if it is not the very second.
func sameAnchor(found string) string {
	if part := anchor.FindStringSubmatch(found); part[1] == part[3] {
		return part[2]
	}
	return found
}

// renamed names each name after the lines it stands in.
func renamed(parts [][]string, called map[string]string) map[string]string {
	seen := map[string][]string{}
	for _, line := range parts {
		for i := 1; i < len(line); i += 2 {
			seen[line[i]] = append(seen[line[i]], spell(line, called, line[i]))
		}
	}
	next := map[string]string{}
	for name, where := range seen {
		slices.Sort(where)
		sum := sha256.Sum256([]byte(strings.Join(slices.Compact(where), "\n")))
		next[name] = "~" + hex.EncodeToString(sum[:3])
	}
	return next
}

// spell puts a line together; self is shown as itself.
func spell(line []string, called map[string]string, self string) string {
	var out strings.Builder
	for i, piece := range line {
		switch {
		case i%2 == 0:
			out.WriteString(piece)
		case piece == self:
			out.WriteString("self")
		default:
			out.WriteString(called[piece])
		}
	}
	return out.String()
}

// chance tells whether a word was drawn: it is long, and no language writes so.
func chance(word string) bool {
	digits := strings.ContainsAny(word, "0123456789")
	mixed := strings.ToLower(word) != word && strings.ToUpper(word) != word
	return len(word) >= 14 && (digits || mixed) && !title.MatchString(word)
}

func hourOf(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return hour(at)
}

// hourOfNumber reads seconds and milliseconds of the years stories live in.
func hourOfNumber(word string) string {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return word
	}
	for _, at := range []time.Time{time.Unix(n, 0), time.UnixMilli(n)} {
		if years := at.Year() - T0.Year(); years > -5 && years < 20 {
			return hour(at)
		}
	}
	return word
}

func hour(at time.Time) string { return at.UTC().Truncate(time.Hour).Format("Jan2.15h") }
