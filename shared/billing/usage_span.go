package billing

import (
	"time"

	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// LastSpan is the report on a named range ending now: 24h in hours; 7d, 30d
// and 90d in days; last_cycle since the running billing period began, or over
// 30 days for a customer without one.
func LastSpan(name string, products []CustomerProduct, now time.Time) (entitlement.UsageRange, error) {
	end := now.Add(time.Millisecond) // what happens now counts
	switch name {
	case "24h":
		return entitlement.NewUsageRange(now.Add(-24*time.Hour), end, entitlement.HourBins)
	case "7d", "30d", "90d":
		days := map[string]int{"7d": 7, "30d": 30, "90d": 90}[name]
		return entitlement.NewUsageRange(now.AddDate(0, 0, -days), end, entitlement.DayBins)
	case "last_cycle":
		return entitlement.NewUsageRange(cycleStart(products, now), end, entitlement.DayBins)
	}
	return entitlement.UsageRange{}, refusal.Invalid(ReasonRangeUnknown, name)
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
