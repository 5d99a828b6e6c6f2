package entitlement

import (
	"testing"
	"time"

	. "windfall/shared/money"
)

func TestAReportAddsUpExactly(t *testing.T) {
	now := time.Date(2027, 4, 15, 10, 30, 0, 0, time.UTC)
	tenth, fifth := Decimal{}, Decimal{}
	for text, into := range map[string]*Decimal{"0.1": &tenth, "0.2": &fifth} {
		d, err := ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		*into = d
	}
	events := []UsageEvent{
		{FeatureID: "a", At: now, Value: tenth},
		{FeatureID: "a", At: now.Add(-time.Minute), Value: fifth},
		{FeatureID: "b", At: now.Add(-time.Hour), Value: One},
		{FeatureID: "a", At: now.Add(-24*time.Hour - 30*time.Minute), Value: One}, // the first bin is whole
		{FeatureID: "a", At: now.Add(-25 * time.Hour), Value: One},                // too old
		{FeatureID: "a", At: now.Add(time.Hour), Value: One},                      // to come
	}
	r, err := NewUsageRange(now.Add(-24*time.Hour), now.Add(time.Millisecond), HourBins)
	if err != nil {
		t.Fatal(err)
	}
	bins, total := r.Report(events)
	if len(bins) != 25 || !bins[0].Start.Equal(now.Add(-24*time.Hour).Truncate(time.Hour)) {
		t.Fatalf("%d bins from %s", len(bins), bins[0].Start)
	}
	for _, c := range []struct {
		got   UsageTotal
		count int
		sum   string
	}{
		{bins[24].Used["a"], 2, "0.3"}, {bins[23].Used["b"], 1, "1"}, {bins[0].Used["a"], 1, "1"},
		{total["a"], 3, "1.3"}, {total["b"], 1, "1"}, {total["c"], 0, "0"},
	} {
		if c.got.Count != c.count || c.got.Sum.String() != c.sum {
			t.Errorf("got %d events of %s, want %d of %s", c.got.Count, c.got.Sum, c.count, c.sum)
		}
	}
}
