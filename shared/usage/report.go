package usage

import (
	"slices"
	"time"

	"windfall/shared/entitlement"
)

// A Day is one stored sum.
type Day struct {
	Key
	Sums
	Beyond bool // its units are more than a number of the table holds: only the events tell
}

// DayGroups are the groups of one stored sum by one property.
type DayGroups struct {
	Key
	Groups
}

// A Report adds up what a customer used over a range: sums of whole days as far as they
// tell, and events for the rest.
type Report struct {
	span  entitlement.UsageRange
	bins  []entitlement.UsageBin
	total map[string]entitlement.UsageTotal
	rest  map[string]map[time.Time]bool // feature -> days that only the events tell

	property string  // by which it has groups, or ""
	valueOf  ValueOf // of the property
	events   map[dayOf][]entitlement.UsageEvent
	groups   []map[string]map[string]entitlement.UsageTotal // of each bin: by feature and value
}

type dayOf struct {
	feature string
	day     time.Time
}

// NewReport begins a report on features from their stored sums, all of the range. It
// shows events that were received within a time.
func NewReport(r entitlement.UsageRange, features []string, mark Mark, days []Day, received Received, now time.Time) *Report {
	out := newReport(r, features, "", nil, mark, days, received, now)
	for _, d := range days {
		if out.tells(d, mark, received, now) {
			out.addDay(d)
		}
	}
	return out
}

// NewGroupedReport begins a report with groups by a property. The groups were read after the
// sums, so they have the events that the sums count as grouped.
func NewGroupedReport(r entitlement.UsageRange, features []string, property string, valueOf ValueOf, mark Mark, days []Day, groups []DayGroups, received Received, now time.Time) *Report {
	out := newReport(r, features, property, valueOf, mark, days, received, now)
	stored := map[Key]Groups{}
	for _, g := range groups {
		stored[g.Key] = g.Groups
	}
	of := map[dayOf][]Groups{}
	for _, d := range days {
		if out.tells(d, mark, received, now) {
			at := dayOf{d.FeatureID, d.Day}
			of[at] = append(of[at], stored[d.Key])
		}
	}
	for at, list := range of {
		out.addGroups(at, together(list))
	}
	return out
}

func (r *Report) tells(d Day, mark Mark, received Received, now time.Time) bool {
	return d.Bucket.Generation == mark.Generation && d.Bucket.shown(received, now) == all && !r.rest[d.FeatureID][d.Day]
}

func newReport(r entitlement.UsageRange, features []string, property string, valueOf ValueOf, mark Mark, days []Day, received Received, now time.Time) *Report {
	bins, total := r.Report(nil)
	out := &Report{r, bins, total, map[string]map[time.Time]bool{}, property, valueOf, map[dayOf][]entitlement.UsageEvent{}, nil}
	if property != "" {
		out.groups = make([]map[string]map[string]entitlement.UsageTotal, len(bins))
	}
	for _, f := range features {
		out.rest[f] = map[time.Time]bool{}
		for d := r.From.Truncate(day); d.Before(r.To); d = d.Add(day) {
			if !mark.whole(d) {
				out.rest[f][d] = true
			}
		}
	}
	for _, d := range days {
		if d.Bucket.Generation != mark.Generation {
			continue
		}
		of := d.Bucket.shown(received, now)
		ungrouped := property != "" && d.Grouped[property] != d.Total.Count
		if of == part || of == all && (d.Beyond || ungrouped) {
			out.rest[d.FeatureID][d.Day] = true
		}
	}
	return out
}

func (r *Report) addGroups(at dayOf, g Groups) {
	for hour, s := range g.All {
		r.add(at.feature, at.day.Add(time.Duration(hour)*time.Hour), s)
	}
	for name, hours := range g.Named {
		for hour, s := range hours {
			r.addToGroup(at.feature, name, at.day.Add(time.Duration(hour)*time.Hour), s)
		}
	}
}

func (r *Report) addToGroup(feature, name string, at time.Time, s Sum) {
	if at.Before(r.span.From) || !at.Before(r.span.To) {
		return
	}
	i := at.Sub(r.span.From) / r.span.Bin
	if r.groups[i] == nil {
		r.groups[i] = map[string]map[string]entitlement.UsageTotal{}
	}
	if r.groups[i][feature] == nil {
		r.groups[i][feature] = map[string]entitlement.UsageTotal{}
	}
	t := r.groups[i][feature][name]
	r.groups[i][feature][name] = entitlement.UsageTotal{Count: t.Count + int(s.Count), Sum: t.Sum.Add(s.Units)}
}

func (r *Report) addDay(d Day) {
	if r.span.Bin == entitlement.DayBins {
		r.add(d.FeatureID, d.Day, d.Total)
		return
	}
	for hour, s := range d.Hours {
		r.add(d.FeatureID, d.Day.Add(time.Duration(hour)*time.Hour), s)
	}
}

func (r *Report) add(feature string, at time.Time, s Sum) {
	if at.Before(r.span.From) || !at.Before(r.span.To) {
		return
	}
	used := r.bins[at.Sub(r.span.From)/r.span.Bin].Used
	for _, into := range []map[string]entitlement.UsageTotal{used, r.total} {
		t := into[feature]
		into[feature] = entitlement.UsageTotal{Count: t.Count + int(s.Count), Sum: t.Sum.Add(s.Units)}
	}
}

// A Span of time, of which the events of some features are to be read.
type Span struct {
	From, To time.Time
	Features []string
}

// Rest lists what the events must tell, in as few spans as there are gaps between the days.
func (r *Report) Rest() []Span {
	var out []Span
	for d := r.span.From.Truncate(day); d.Before(r.span.To); d = d.Add(day) {
		for feature, days := range r.rest {
			if !days[d] {
				continue
			}
			if n := len(out); n == 0 || out[n-1].To.Before(d) {
				out = append(out, Span{From: d})
			}
			last := &out[len(out)-1]
			last.To = d.Add(day)
			if !slices.Contains(last.Features, feature) {
				last.Features = append(last.Features, feature)
			}
		}
	}
	for i := range out {
		out[i].From, out[i].To = later(out[i].From, r.span.From), earlier(out[i].To, r.span.To)
		slices.Sort(out[i].Features)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// AddEvents adds events of the spans; those of days that sums have told are left out.
func (r *Report) AddEvents(events []entitlement.UsageEvent) {
	for _, e := range events {
		at := dayOf{e.FeatureID, e.At.UTC().Truncate(day)}
		switch {
		case !r.rest[at.feature][at.day]:
		case r.property != "":
			r.events[at] = append(r.events[at], e)
		default:
			r.add(e.FeatureID, e.At, Sum{1, e.Value})
		}
	}
}

// settle adds the groups of the events, and what has no name as the Rest.
func (r *Report) settle() {
	for at, events := range r.events {
		r.addGroups(at, GroupsOf(events, r.valueOf))
	}
	for i, bin := range r.bins {
		for feature, rest := range bin.Used {
			for _, of := range r.groups[i][feature] {
				rest = entitlement.UsageTotal{Count: rest.Count - of.Count, Sum: rest.Sum.Sub(of.Sum)}
			}
			if rest.Count > 0 {
				r.addToGroup(feature, Rest, bin.Start, Sum{int64(rest.Count), rest.Sum})
			}
		}
	}
}

// Result is the report, asked for once and after all events: each bin of the range, all of
// them together, and for each bin what was used by the values of the property.
func (r *Report) Result() ([]entitlement.UsageBin, map[string]entitlement.UsageTotal, []map[string]map[string]entitlement.UsageTotal) {
	if r.property != "" {
		r.settle()
	}
	return r.bins, r.total, r.groups
}
