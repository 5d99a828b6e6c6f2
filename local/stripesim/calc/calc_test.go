package calc

import (
	"flag"
	"math/big"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMain: each property is tried on 1,000 cases, ten times what rapid does by
// itself.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestRound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0.5": 1, "-0.5": -1, "0.49": 0, "-166.35": -166, "540.96": 541, "1500.5": 1501, "0": 0} {
		if got := Round(Rat(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestProrate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, at, start, end, want int64 }{
		{1000, 1598982148, 1596749288, 1599427688, 166},
		{3252, 1598982148, 1596749288, 1599427688, 541},
		{1000, 0, 0, 100, 1000},
		{1000, 100, 0, 100, 0},
		{1000, 5, 5, 5, 0},
	} {
		if got := Prorate(Int(c.amount), c.at, c.start, c.end, 1); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// A fixed discount is given away completely, never more than a line.
func TestSplitOffAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(-500, 100000), 1, 8).Draw(rt, "amounts")
		off := rapid.Int64Range(1, 200000).Draw(rt, "off")
		var eligible, given int64
		for i, share := range SplitOff(off, amounts, 1) {
			eligible += max(0, amounts[i])
			given += share
			if share < 0 || share > max(0, amounts[i]) {
				rt.Fatalf("share %d of %d", share, amounts[i])
			}
		}
		if given != min(off, eligible) {
			rt.Fatalf("gave %d of %d over %d", given, off, eligible)
		}
	})
}

// The boundaries of an interval are in order, and Before and After agree.
func TestIntervalBoundaries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		every := Interval{Unit: rapid.SampledFrom([]string{"day", "week", "month", "year"}).Draw(rt, "unit"), Count: rapid.Int64Range(1, 12).Draw(rt, "count")}
		anchor := rapid.Int64Range(1.5e9, 2e9).Draw(rt, "anchor")
		at := anchor + rapid.Int64Range(-3e7, 2e8).Draw(rt, "at")
		after, before := every.After(anchor, at), every.Before(anchor, at)
		if after <= at || before >= at || every.Before(anchor, after) > at || every.After(anchor, before) < at {
			rt.Fatalf("before %d, at %d, after %d", before, at, after)
		}
	})
}

func TestMonthEnds(t *testing.T) {
	t.Parallel()
	anchor := time.Date(2023, 1, 31, 9, 30, 0, 0, time.UTC).Unix()
	month := Interval{Unit: "month", Count: 1}
	for n, want := range []string{"2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"} {
		if got := time.Unix(month.Add(anchor, int64(n)), 0).UTC().Format("2006-01-02"); got != want {
			t.Errorf("month %d: %s, want %s", n, got, want)
		}
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	tiers := []Tier{{UpTo: 5, Unit: Int(7), Flat: Int(100)}, {UpTo: 10, Unit: Int(6), Flat: new(big.Rat)}, {Unit: Int(5), Flat: Int(1)}}
	for quantity, want := range map[int64][2]int64{0: {100, 100}, 5: {135, 135}, 6: {141, 36}, 12: {176, 61}} {
		// graduated 12: 100+35+30+1+10; volume 12: 60+1
		if g, v := Round(Graduated(quantity, tiers)), Round(Volume(quantity, tiers)); g != want[0] || v != want[1] {
			t.Errorf("%d: graduated %d, volume %d, want %v", quantity, g, v, want)
		}
	}
}
