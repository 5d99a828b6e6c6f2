package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
	"windfall/shared/usage"
)

// A keySpan is a key under which uses of a customer are filed, and when they were received
// while the customer had it.
type keySpan struct {
	key      string
	number   int // orders the keys that the customer had; a later one changes none of them
	received usage.Received
}

// keysOf lists the keys that a customer had since a moment, the present one first.
func keysOf(c billing.Customer, since time.Time) (spans []keySpan) {
	from := c.CreatedAt
	for i, f := range append(slices.Clone(c.Former), billing.FormerKey{Key: c.Key()}) {
		if f.Until.IsZero() || f.Until.After(since) {
			received := usage.Received{From: laterOf(from, since)}
			if !f.Until.IsZero() {
				received.Until = f.Until.Add(time.Millisecond) // events have the millisecond in which they came
			}
			spans = append(spans, keySpan{f.Key, i, received})
		}
		from = f.Until
	}
	slices.Reverse(spans)
	return spans
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// eventsOf reads a page of a customer's events: those of the present key, then those of the keys
// of before. Cursors of these begin with the number of the key.
func (a *App) eventsOf(ctx context.Context, caller Caller, c billing.Customer, page UsagePage) (events []entitlement.UsageEvent, next string, err error) {
	spans, at := keysOf(c, page.Since), 0
	if number, rest, former := strings.Cut(page.Cursor, formerCursor); former {
		at = slices.IndexFunc(spans, func(s keySpan) bool { return strconv.Itoa(s.number) == number })
		if page.Cursor = rest; at < 1 {
			return nil, "", refusal.Invalid(ReasonCursorOfAnotherRange)
		}
	}
	for limit := page.Limit; ; at++ {
		span := spans[at]
		full := len(events) > 0 && len(events) == limit // is there another one?
		page.Since, page.Until, page.Limit = span.received.From, span.received.Until, max(1, limit-len(events))
		read, more, err := a.usageStore().UsageEvents(ctx, caller.Env, span.key, page)
		if err != nil {
			return nil, "", err
		}
		for i := range read {
			read[i].CustomerID = c.Key()
		}
		if full && (len(read) > 0 || more != "") {
			return events, strconv.Itoa(span.number) + formerCursor, nil
		}
		switch events = append(events, read...); {
		case more != "" && at == 0:
			return events, more, nil
		case more != "":
			return events, strconv.Itoa(span.number) + formerCursor + more, nil
		case at == len(spans)-1:
			return events, "", nil
		}
		page.Cursor = ""
	}
}

// formerCursor is in no cursor of one key.
const formerCursor = "."

// together adds the report of another key of the customer, of the same range.
func (r UsageReport) together(of UsageReport) UsageReport {
	for i, bin := range of.Bins {
		addTotals(r.Bins[i].Used, bin.Used)
		if of.Groups == nil {
			continue
		}
		for feature, values := range of.Groups[i] {
			if r.Groups[i] == nil {
				r.Groups[i] = map[string]map[string]entitlement.UsageTotal{}
			}
			if r.Groups[i][feature] == nil {
				r.Groups[i][feature] = map[string]entitlement.UsageTotal{}
			}
			addTotals(r.Groups[i][feature], values)
		}
	}
	addTotals(r.Total, of.Total)
	return r
}
