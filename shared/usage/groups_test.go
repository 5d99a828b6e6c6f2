package usage

import (
	"fmt"
	"testing"
	"time"

	"windfall/shared/entitlement"
	"windfall/shared/money"
)

var noon = time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)

func of(values ...string) (events []entitlement.UsageEvent) {
	for i, v := range values {
		events = append(events, entitlement.UsageEvent{ID: fmt.Sprint(i), FeatureID: "f", At: noon, ReceivedAt: noon, Value: money.One, Properties: v})
	}
	return events
}

func text(e entitlement.UsageEvent) string { return e.Properties }

// numbered are values from a to b, both included.
func numbered(a, b int) (values []string) {
	for i := a; i <= b; i++ {
		values = append(values, fmt.Sprint(i))
	}
	return values
}

func TestAHundredValuesHaveNames(t *testing.T) {
	g := Groups{}.With(of(numbered(1, 60)...), text)
	g = g.With(of(numbered(31, 130)...), text)
	if len(g.Named) != MaxGroups || g.Count() != 160 || g.Named["31"][12].Count != 2 || g.Named["100"][12].Count != 1 || g.Named["101"] != nil {
		t.Errorf("%d names, %d events, %v %v %v", len(g.Named), g.Count(), g.Named["31"], g.Named["100"], g.Named["101"])
	}
	g = g.With(of("101", "1", Rest, "", string(make([]byte, 101))), text)
	if g.Named["101"] != nil || g.Named["1"][12].Count != 2 || len(g.Named) != MaxGroups || g.Count() != 165 {
		t.Errorf("names changed: %d", len(g.Named))
	}
}

// A day may have several sums. What may be without a name in one of them has none in the report.
func TestANameIsCompleteOrMissing(t *testing.T) {
	full, other := Groups{}.With(of(numbered(1, 120)...), text), Groups{}.With(of("5", "110"), text)
	g := together([]Groups{full, other})
	if g.Named["5"][12].Count != 2 || g.Named["110"] != nil || g.Count() != 122 {
		t.Errorf("%v %v %d", g.Named["5"], g.Named["110"], g.Count())
	}
}

func TestTheRestOfAReportByGroups(t *testing.T) {
	r, err := entitlement.NewUsageRange(noon, noon.Add(time.Hour), entitlement.HourBins)
	if err != nil {
		t.Fatal(err)
	}
	k := Key{"f", noon.Truncate(day), BucketOf(0, noon, time.Time{}, 400)}
	events := of(numbered(1, 120)...)
	for name, grouped := range map[string]int64{"by sums": 120, "by events": 119} {
		d := Day{Key: k, Sums: Sums{Total: Sum{120, money.Int(120)}, Grouped: map[string]int64{"p": grouped}}}
		report := NewGroupedReport(r, []string{"f"}, "p", text, Mark{Pass: Done}, []Day{d}, []DayGroups{{k, Groups{}.With(events, text)}}, Received{}, noon.Add(time.Minute))
		if (len(report.Rest()) > 0) != (name == "by events") {
			t.Errorf("%s: %v", name, report.Rest())
		}
		report.AddEvents(events)
		_, total, groups := report.Result()
		got := groups[0]["f"]
		if total["f"].Count != 120 || len(got) != MaxGroups+1 || got[Rest].Count != 20 || !got[Rest].Sum.Equal(money.Int(20)) {
			t.Errorf("%s: %d of %d, rest %v", name, len(got), total["f"].Count, got[Rest])
		}
	}
}
