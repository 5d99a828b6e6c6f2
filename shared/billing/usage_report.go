package billing

import (
	"slices"
	"time"
)

// A UsageRange is a span of time to report on, in bins of one length. From and
// To stand at the beginning of a bin; To is beyond the last one.
type UsageRange struct {
	From, To time.Time
	Bin      time.Duration
}

// The bins of a report; all of them are counted in UTC.
const (
	HourBins = time.Hour
	DayBins  = 24 * time.Hour
)

// maxBins keeps a report to what a chart can show.
const maxBins = 1000

// NewUsageRange rounds a span to whole bins: only the last one can still grow.
// It refuses spans that end before they begin and reports of too many bins.
func NewUsageRange(from, to time.Time, bin time.Duration) (UsageRange, error) {
	if !from.Before(to) {
		return UsageRange{}, InvalidInputs("The range must end after it begins.")
	}
	r := UsageRange{From: from.UTC().Truncate(bin), To: to.UTC().Add(bin - 1).Truncate(bin), Bin: bin}
	if r.To.Sub(r.From)/bin > maxBins {
		return UsageRange{}, InvalidInputs("The range has more than %d bins; ask for a shorter one, or for days instead of hours.", maxBins)
	}
	return r, nil
}

// maxFigures keeps the answer of a report far below the 6 MB of a Lambda.
const maxFigures = 20_000

// CheckFigures refuses a report of too many features over too many bins.
func (r UsageRange) CheckFigures(features int) error {
	if bins := int(r.To.Sub(r.From) / r.Bin); bins*features > maxFigures {
		return InvalidInputs("%d bins of %d features are more than %d figures; ask for a shorter range, days instead of hours, or fewer features.", bins, features, maxFigures)
	}
	return nil
}

// LastSpan is the report on a named range ending now: 24h in hours; 7d, 30d
// and 90d in days; last_cycle since the running billing period began, or over
// 30 days for a customer without one.
func LastSpan(name string, products []CustomerProduct, now time.Time) (UsageRange, error) {
	end := now.Add(time.Millisecond) // what happens now counts
	switch name {
	case "24h":
		return NewUsageRange(now.Add(-24*time.Hour), end, HourBins)
	case "7d", "30d", "90d":
		days := map[string]int{"7d": 7, "30d": 30, "90d": 90}[name]
		return NewUsageRange(now.AddDate(0, 0, -days), end, DayBins)
	case "last_cycle":
		return NewUsageRange(cycleStart(products, now), end, DayBins)
	}
	return UsageRange{}, InvalidInputs("range: one of 24h, 7d, 30d, 90d and last_cycle, not %.40q.", name)
}

// cycleStart is when the running billing period began; of several the latest.
func cycleStart(products []CustomerProduct, now time.Time) time.Time {
	start := time.Time{}
	for _, cp := range products {
		if cp.At(now) != Expired && cp.Period.Start.After(start) && cp.Period.Start.Before(now) {
			start = cp.Period.Start
		}
	}
	if start.IsZero() {
		return now.AddDate(0, 0, -30)
	}
	return start
}

// A UsageTotal adds up events.
type UsageTotal struct {
	Count int
	Sum   Decimal
}

// A UsageBin is what was used between Start and the next bin's.
type UsageBin struct {
	Start time.Time
	Used  map[string]UsageTotal // by feature; those not used are missing
}

// Report puts events into the bins of a range, empty ones included, and adds
// all of them up. The order of the events does not matter.
func (r UsageRange) Report(events []UsageEvent) (bins []UsageBin, total map[string]UsageTotal) {
	total = map[string]UsageTotal{}
	for at := r.From; at.Before(r.To); at = at.Add(r.Bin) {
		bins = append(bins, UsageBin{Start: at, Used: map[string]UsageTotal{}})
	}
	for _, e := range events {
		if e.At.Before(r.From) || !e.At.Before(r.To) {
			continue
		}
		count(bins[e.At.Sub(r.From)/r.Bin].Used, e)
		count(total, e)
	}
	return slices.Clip(bins), total
}

func count(into map[string]UsageTotal, e UsageEvent) {
	t := into[e.FeatureID]
	into[e.FeatureID] = UsageTotal{t.Count + 1, t.Sum.Add(e.Value)}
}
