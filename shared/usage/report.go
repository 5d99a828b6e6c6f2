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
}

// A Report adds up what a customer used over a range: sums of whole days as far as they
// tell, and events for the rest.
type Report struct {
	span  entitlement.UsageRange
	bins  []entitlement.UsageBin
	total map[string]entitlement.UsageTotal
	rest  map[string]map[time.Time]bool // feature -> days that only the events tell
}

// NewReport begins a report on features from their stored sums, all of the range. It
// shows events that were received since a moment.
func NewReport(r entitlement.UsageRange, features []string, mark Mark, days []Day, since, now time.Time) *Report {
	bins, total := r.Report(nil)
	out := &Report{r, bins, total, map[string]map[time.Time]bool{}}
	for _, f := range features {
		out.rest[f] = map[time.Time]bool{}
		for d := r.From.Truncate(day); d.Before(r.To); d = d.Add(day) {
			if !mark.whole(d) {
				out.rest[f][d] = true
			}
		}
	}
	for _, d := range days {
		if d.Bucket.Generation == mark.Generation && d.Bucket.shown(since, now) == part {
			out.rest[d.FeatureID][d.Day] = true
		}
	}
	for _, d := range days {
		if d.Bucket.Generation == mark.Generation && d.Bucket.shown(since, now) == all && !out.rest[d.FeatureID][d.Day] {
			out.addDay(d)
		}
	}
	return out
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
		if r.rest[e.FeatureID][e.At.UTC().Truncate(day)] {
			r.add(e.FeatureID, e.At, Sum{1, e.Value})
		}
	}
}

// Result is the report: each bin of the range, and all of them together.
func (r *Report) Result() ([]entitlement.UsageBin, map[string]entitlement.UsageTotal) {
	return r.bins, r.total
}
