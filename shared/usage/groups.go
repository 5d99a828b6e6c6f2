package usage

import (
	"cmp"
	"slices"

	"windfall/shared/entitlement"
)

// What is kept by groups is bounded: so many values a sum, of so many bytes each. What is
// beyond has no name, and counts as the rest.
const (
	MaxGroups    = 100
	maxGroupName = 100
)

// Rest is how a report calls what has no name of its own.
const Rest = "other"

// A ValueOf reads the value of an event by which it is in a group: "" where it has none.
type ValueOf func(e entitlement.UsageEvent) string

// GroupName is the value as the name of a group, or "" where it can't be one.
func GroupName(value string) string {
	if len(value) > maxGroupName || value == Rest {
		return ""
	}
	return value
}

// Groups are what the events of one sum come to by the values of one property, by the hour:
// all of them, also those without a value, and those of each value. A value that is named has
// all its events. One that came when there was no room is never named.
type Groups struct {
	All   map[int]Sum
	Named map[string]map[int]Sum
}

// Count is how many events the groups have.
func (g Groups) Count() (n int64) {
	for _, s := range g.All {
		n += s.Count
	}
	return n
}

func (g Groups) full() bool { return len(g.Named) >= MaxGroups }

// With adds events to the groups, in their order.
func (g Groups) With(events []entitlement.UsageEvent, valueOf ValueOf) Groups {
	out := Groups{map[int]Sum{}, map[string]map[int]Sum{}}
	addHours(out.All, g.All)
	for name, hours := range g.Named {
		out.Named[name] = map[int]Sum{}
		addHours(out.Named[name], hours)
	}
	for _, e := range events {
		one, hour, name := Sum{1, e.Value}, e.At.UTC().Hour(), GroupName(valueOf(e))
		out.All[hour] = out.All[hour].plus(one)
		if name == "" {
			continue
		}
		if out.Named[name] == nil {
			if out.full() {
				continue
			}
			out.Named[name] = map[int]Sum{}
		}
		out.Named[name][hour] = out.Named[name][hour].plus(one)
	}
	return out
}

func addHours(into, of map[int]Sum) {
	for hour, s := range of {
		into[hour] = into[hour].plus(s)
	}
}

// together are the groups of one day: those of all its sums. A value without a name in one
// that was full has none here, as some of its events may be there.
func together(list []Groups) Groups {
	out := Groups{map[int]Sum{}, map[string]map[int]Sum{}}
	for _, g := range list {
		addHours(out.All, g.All)
		for name, hours := range g.Named {
			if slices.ContainsFunc(list, func(o Groups) bool { return o.full() && o.Named[name] == nil }) {
				continue
			}
			if out.Named[name] == nil {
				out.Named[name] = map[int]Sum{}
			}
			addHours(out.Named[name], hours)
		}
	}
	return out
}

// GroupsOf are those of a day's events that no sum tells. Names go to the values that were
// received first.
func GroupsOf(events []entitlement.UsageEvent, valueOf ValueOf) Groups {
	events = slices.SortedStableFunc(slices.Values(events), func(a, b entitlement.UsageEvent) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID))
	})
	return Groups{}.With(events, valueOf)
}
