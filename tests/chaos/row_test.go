package chaos

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	. "windfall/tests/world"
)

// A row is a line of the final state: its text with ~ for each random name, and
// those names.
type row struct {
	text  string
	print string // a hash of the text
	names []string
}

var (
	closed   = regexp.MustCompile(`^\S*promotion_code\t\{"active":false`) // a copy of a code that Stripe takes no more
	version  = regexp.MustCompile(`"PK":\{"S":"\w+#CATALOG_VERSION"\}`)
	moved    = regexp.MustCompile(`\{"S":"[^"#]+(#[A-Z]+[^"]*)"\}`) // the changes that a version names: what became of which row
	noted    = regexp.MustCompile(`^\S+\t\{"PK":\{"S":"\w+#(EVENT|REQUEST)#`)
	counters = regexp.MustCompile(`"ver":\{"N":"\d+"\},?|"noted":\{"S":"\w+"\},?|"ttl":\{"N":"\d+"\},?|"attempt_count":\d+,|"command":"\d+",?|"copies":\{"N":"\d+"\},?|,?"list_sk":\{"S":"[^"]+"\}|"path":\{"S":"[^"]+"\},?|"q[\d#\w]*":\{"S":"\d+"\},?|\d\.[0-9a-z]{8}\.[0-9a-z]+\.[0-9a-z]+`) // and of usage: places in the stream, and from when a customer was there, which the lasting address of an entry says, too
	anchor   = regexp.MustCompile(`"a":\{"N":"([^"]+)"\},((?:"(?:ad|c)":\{[^}]*\},)*"f":\{"N":"([^"]+)"\})`)
	moment   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	timeLeft = regexp.MustCompile(`\d+ of \d+ [a-z]+ left: `)                                                                                     // at a command that was repeated some minutes later
	teller   = regexp.MustCompile(`\\"actor\\":\\"[^"\\]+\\"(,\\"action\\":\\"(?:apply_reward\\"|redeem\\",\\"rule\\":\\"redemption_closed\\"))`) // the schedule's, if nobody else came to it
	nested   = regexp.MustCompile(`("coupon":\{[^{}]*(?:\{[^{}]*\}[^{}]*)*)"times_redeemed":\d+`)                                                 // as it was when a discount began: of two at once either may be the first
	title    = regexp.MustCompile(`^([A-Z][a-z]+)+(ID)?$`)                                                                                        // the name of a field
	word     = regexp.MustCompile(`[0-9A-Za-z]{10,}`)
)

// known caches parsed lines: from one final state to the next most lines stay
// the same.
var known sync.Map

func read(line string) row {
	if r, been := known.Load(line); been {
		return r.(row)
	}
	text := counters.ReplaceAllString(strings.TrimSpace(line), "")
	if version.MatchString(text) {
		text = changedRows(text)
	}
	text = teller.ReplaceAllString(text, "$1")
	text = nested.ReplaceAllString(text, "$1")
	text = timeLeft.ReplaceAllString(text, "… left: ")
	text = word.ReplaceAllStringFunc(moment.ReplaceAllStringFunc(text, hourOf), hourOfNumber)
	text = anchor.ReplaceAllStringFunc(text, sameAnchor)
	var r row
	r.text = word.ReplaceAllStringFunc(text, func(w string) string {
		if !chance(w) {
			return w
		}
		r.names = append(r.names, w)
		return "~"
	})
	r.print = short(r.text)
	known.Store(line, r)
	return r
}

// changedRows leaves of the version of a catalog which rows were changed: how often and
// when depends on the tries.
func changedRows(text string) string {
	var names []string
	for _, found := range moved.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return version.FindString(text) + strings.Join(slices.Compact(names), " ")
}

// digest names each random name after the rows it is in, and returns each row's
// hash with those names. Two rounds tell apart rows that differ two references
// away.
func digest(rows []row) []string {
	called := map[string]string{}
	for range 2 {
		seen := map[string][]string{}
		for _, r := range rows {
			whole := r.spell(called)
			for i, name := range r.names {
				seen[name] = append(seen[name], fmt.Sprint(whole, " ", i))
			}
		}
		for name, where := range seen {
			slices.Sort(where)
			called[name] = short(strings.Join(where, "\n"))
		}
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.spell(called)
	}
	slices.Sort(out)
	return out
}

// spell is the row's hash with the new names.
func (r row) spell(called map[string]string) string {
	out := []string{r.print}
	for _, name := range r.names {
		out = append(out, called[name])
	}
	return strings.Join(out, " ")
}

func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// sameAnchor leaves out the start from which the months of a grant are counted
// if that is the hour it began: it is written only if it is not the very
// second.
func sameAnchor(found string) string {
	if part := anchor.FindStringSubmatch(found); part[1] == part[3] {
		return part[2]
	}
	return found
}

// chance reports whether a word is random: it is long, and unlike any language.
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

// hourOfNumber reads seconds and milliseconds of the years of the stories.
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
