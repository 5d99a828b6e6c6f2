package billing

import (
	"testing"
	"time"

	. "windfall/shared/entitlement"
	. "windfall/shared/money"
)

func TestRanges(t *testing.T) {
	now := time.Date(2027, 4, 15, 10, 30, 0, 0, time.UTC)
	day := now.Truncate(DayBins)
	paid := []CustomerProduct{{Status: Active, StartsAt: now.AddDate(0, -1, 0), Period: Period{Start: now.AddDate(0, 0, -3), End: now.AddDate(0, 0, 27)}}}
	for name, want := range map[string]struct {
		from     time.Time
		products []CustomerProduct
	}{
		"7d":         {day.AddDate(0, 0, -7), nil},
		"30d":        {day.AddDate(0, 0, -30), nil},
		"90d":        {day.AddDate(0, 0, -90), nil},
		"last_cycle": {day.AddDate(0, 0, -3), paid},
	} {
		r, err := LastSpan(name, want.products, now)
		if err != nil || !r.From.Equal(want.from) || !r.To.Equal(day.AddDate(0, 0, 1)) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if r, err := LastSpan("last_cycle", nil, now); err != nil || !r.From.Equal(day.AddDate(0, 0, -30)) {
		t.Errorf("without a period: %+v, %v", r, err)
	}
	if _, err := LastSpan("1y", nil, now); err == nil {
		t.Error("1y is no range")
	}
	if _, err := NewUsageRange(now, now, HourBins); err == nil {
		t.Error("an empty range was taken")
	}
	if _, err := NewUsageRange(now.AddDate(-1, 0, 0), now, HourBins); err == nil {
		t.Error("a year of hours was taken")
	}
}
