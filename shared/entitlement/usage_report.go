package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
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
		return UsageRange{}, refusal.Invalid(ReasonRangeEndsFirst)
	}
	r := UsageRange{From: from.UTC().Truncate(bin), To: to.UTC().Add(bin - 1).Truncate(bin), Bin: bin}
	if r.To.Sub(r.From)/bin > maxBins {
		return UsageRange{}, refusal.Invalid(ReasonRangeTooLong, maxBins)
	}
	return r, nil
}

// maxFigures keeps the answer of a report far below the 6 MB of a Lambda.
const maxFigures = 20_000

// CheckFigures refuses a report of too many features over too many bins.
func (r UsageRange) CheckFigures(features int) error {
	if bins := int(r.To.Sub(r.From) / r.Bin); bins*features > maxFigures {
		return refusal.Invalid(ReasonTooManyFigures, bins, features, maxFigures)
	}
	return nil
}

// A UsageTotal adds up events.
type UsageTotal struct {
	Count int
	Sum   money.Decimal
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
