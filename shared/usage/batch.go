package usage

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A Key names one sum of a customer.
type Key struct {
	FeatureID string
	Day       time.Time // on which it happened, in UTC
	Bucket    Bucket
}

// KeyOf is the sum that an event of a bucket belongs to.
func KeyOf(e entitlement.UsageEvent, b Bucket) Key {
	return Key{e.FeatureID, e.At.UTC().Truncate(day), b}
}

// A Filed is an event in a row of its own.
type Filed struct {
	Event    entitlement.UsageEvent
	Bucket   Bucket
	Source   string   // the row that brought it
	Position Position // among the changes of the source
	GroupBy  []string // the properties by which it is kept in groups
}

// An Addition is what a batch adds to one sum.
type Addition struct {
	Key    Key
	events []Filed
}

// Additions sorts the events of a batch by their sums. An event that is in it twice
// counts once. The order of the events does not matter.
func Additions(batch []Filed) []Addition {
	var out []Addition
	at, been := map[Key]int{}, map[string]bool{}
	for _, f := range batch {
		name := f.Event.CustomerID + "\x00" + f.Event.ID + "\x00" + f.Event.FeatureID
		if been[name] {
			continue
		}
		been[name] = true
		k := KeyOf(f.Event, f.Bucket)
		i, found := at[k]
		if !found {
			i = len(out)
			at[k], out = i, append(out, Addition{Key: k})
		}
		out[i].events = append(out[i].events, f)
	}
	return out
}

// Beyond leaves out what the sum has: the events up to the position of their source.
func (a Addition) Beyond(has map[string]Position) Addition {
	a.events = slices.DeleteFunc(slices.Clone(a.events), func(f Filed) bool { return f.Position <= has[f.Source] })
	return a
}

// Len is how many events are added.
func (a Addition) Len() int { return len(a.events) }

// A Step is how far an addition moves the position of one source.
type Step struct {
	Source      string
	First, Last Position // of the events that are added
}

// Steps lists the sources of the events, in the order of their names.
func (a Addition) Steps() []Step {
	var out []Step
	for _, f := range a.events {
		i := slices.IndexFunc(out, func(s Step) bool { return s.Source == f.Source })
		if i < 0 {
			out = append(out, Step{f.Source, f.Position, f.Position})
			continue
		}
		out[i].First, out[i].Last = min(out[i].First, f.Position), max(out[i].Last, f.Position)
	}
	slices.SortFunc(out, func(a, b Step) int { return strings.Compare(a.Source, b.Source) })
	return out
}

// A Sum counts events and adds them up.
type Sum struct {
	Count int64
	Units money.Decimal
}

func (s Sum) plus(t Sum) Sum { return Sum{s.Count + t.Count, s.Units.Add(t.Units)} }

// Sums are those of one day: all of it, and its hours where something was used.
type Sums struct {
	Total   Sum
	Hours   map[int]Sum
	Grouped map[string]int64 // how many of the events are in groups by a property
}

// Sums adds the events up.
func (a Addition) Sums() Sums {
	out := Sums{Hours: map[int]Sum{}, Grouped: map[string]int64{}}
	for _, f := range a.events {
		one, hour := Sum{1, f.Event.Value}, f.Event.At.UTC().Hour()
		out.Total, out.Hours[hour] = out.Total.plus(one), out.Hours[hour].plus(one)
		for _, property := range f.GroupBy {
			out.Grouped[property]++
		}
	}
	return out
}

// Of adds up one event, which no position tells from a repetition.
func Of(e entitlement.UsageEvent, groupBy []string) Sums {
	return Addition{events: []Filed{{Event: e, GroupBy: groupBy}}}.Sums()
}

// GroupedBy lists the properties by which events of the addition are in groups.
func (a Addition) GroupedBy() (out []string) {
	for _, f := range a.events {
		for _, property := range f.GroupBy {
			if !slices.Contains(out, property) {
				out = append(out, property)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Of is the part of the addition that is in groups by a property.
func (a Addition) Of(property string) Addition {
	a.events = slices.DeleteFunc(slices.Clone(a.events), func(f Filed) bool { return !slices.Contains(f.GroupBy, property) })
	return a
}

// Events are those that are added.
func (a Addition) Events() []entitlement.UsageEvent {
	out := make([]entitlement.UsageEvent, len(a.events))
	for i, f := range a.events {
		out[i] = f.Event
	}
	return out
}

// Plus adds two together.
func (s Sums) Plus(t Sums) Sums {
	out := Sums{s.Total.plus(t.Total), map[int]Sum{}, map[string]int64{}}
	for _, from := range []map[int]Sum{s.Hours, t.Hours} {
		for hour, of := range from {
			out.Hours[hour] = out.Hours[hour].plus(of)
		}
	}
	for _, from := range []map[string]int64{s.Grouped, t.Grouped} {
		for property, n := range from {
			out.Grouped[property] += n
		}
	}
	return out
}

// Has reports whether an event is among those that are added.
func (a Addition) Has(eventID string) bool {
	return slices.ContainsFunc(a.events, func(f Filed) bool { return f.Event.ID == eventID })
}
