package control

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"windfall/shared/money"
)

// A target is where the clock goes: by a span, or to a time.
type target struct {
	Advance *string `json:"advance"`
	To      *string `json:"to"`
}

// lastYear is the last year in RFC 3339.
const lastYear = 9999

// after returns the time, which is not before now.
func (t target) after(now time.Time) (time.Time, error) {
	switch {
	case t.Advance != nil && t.To != nil:
		return now, invalid(`advance and to: send one of them, not both.`)
	case t.Advance != nil:
		return later(now, *t.Advance)
	case t.To == nil:
		return now, invalid(`advance: required, for example "15d" or "1 month"; or send "to", for example "2027-07-01T00:00:00Z".`)
	}
	to, err := time.Parse(time.RFC3339, *t.To)
	if err != nil {
		return now, invalid(fmt.Sprintf("to: %q is no moment; write it as 2027-07-01T00:00:00Z.", *t.To))
	}
	if to.Before(now.Truncate(time.Second)) {
		return now, invalid(fmt.Sprintf("to: the clock only moves forward, and stands at %s.", now.UTC().Format(time.RFC3339)))
	}
	return to, nil
}

var span = regexp.MustCompile(`^(\d{1,5}) ?(s|m|min|h|hour|hours|d|day|days|w|week|weeks|month|months|y|year|years)$`)

// later adds a span as people write it: "15d", "36h", "1 month".
func later(now time.Time, text string) (time.Time, error) {
	parts := span.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return now, invalid(fmt.Sprintf("advance: %q is no span; write 15d, 36h or 1 month.", text))
	}
	n, _ := strconv.Atoi(parts[1]) // at most five digits
	to := add(now, n, parts[2])
	if to.Year() > lastYear {
		return now, invalid(fmt.Sprintf("advance: %q leads beyond the year %d.", text, lastYear))
	}
	return to, nil
}

func add(now time.Time, n int, unit string) time.Time {
	switch {
	case strings.HasPrefix(unit, "month"):
		return money.Cycle{Interval: money.Month, Count: n}.After(now, 1)
	case unit[0] == 'y':
		return money.Cycle{Interval: money.Year, Count: n}.After(now, 1)
	case unit[0] == 'w':
		return now.UTC().AddDate(0, 0, 7*n)
	case unit[0] == 'd':
		return now.UTC().AddDate(0, 0, n)
	case unit[0] == 'h':
		return now.Add(time.Duration(n) * time.Hour)
	case unit[0] == 'm':
		return now.Add(time.Duration(n) * time.Minute)
	}
	return now.Add(time.Duration(n) * time.Second)
}
