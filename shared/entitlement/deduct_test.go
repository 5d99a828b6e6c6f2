package entitlement

import (
	"testing"
	"time"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestDeduct(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		had   Balance
		value string
		want  string
	}{
		{"out of what is left", pool(gives("a/1", "100")), "30", "a/1=30"},
		{"exactly to the end", pool(gives("a/1", "100")), "100", "a/1=100"},
		{"what nobody can give is dropped", pool(gives("a/1", "100")), "105", "a/1=100"},
		{"fractions are exact", pool(gives("a/1", "100", usedUp("76.53"))), "23.469999999999999", "a/1=99.999999999999999"},
		{"nothing is used of what is used up", pool(gives("a/1", "100", usedUp("100"))), "1", "a/1=100"},
		{"nothing", pool(gives("a/1", "100", usedUp("7"))), "0", "a/1=7"},
		{"pay per use goes on below zero", pool(gives("a/1", "100", perUse)), "105", "a/1=105"},
		{"up to its limit, and the excess is dropped", pool(gives("a/1", "100", perUse, limited("500"))), "1600", "a/1=500"},
		{"a limit below the allowance", pool(gives("a/1", "100", limited("60"))), "70", "a/1=60"},
		{"what is unlimited counts all the same", pool(gives("a/1", "0", noLimit)), "1000000", "a/1=1000000"},

		{"what is included of all before any goes beyond", pool(gives("a/1", "100", perUse), gives("b/1", "50", perUse, beside)), "160", "a/1=110 b/1=50"},
		{"of a shorter interval first", pool(gives("a/1", "100", perUse), gives("b/1", "50", perUse, daily)), "160", "b/1=60 a/1=100"},
		{"of a limited one no more than its limit", pool(gives("a/1", "100", perUse, limited("120")), gives("b/1", "50", perUse, limited("40"), beside)), "170", "a/1=120 b/1=40"},
		{"what was included is not asked of what is beyond already", pool(gives("a/1", "100", perUse, usedUp("130")), gives("b/1", "50", perUse, beside)), "70", "a/1=150 b/1=50"},

		{"unlimited first", pool(gives("a/1", "100", daily), gives("b/1", "0", noLimit)), "5", "b/1=5 a/1=0"},
		{"what can't be overdrawn before pay per use", pool(gives("a/1", "0", perUse, daily), gives("b/1", "60", lifetime)), "70", "b/1=60 a/1=10"},
		{"what resets before what lasts", pool(gives("a/1", "500", lifetime), gives("b/1", "500")), "600", "b/1=500 a/1=100"},
		{"the shorter interval first", pool(gives("a/1", "10"), gives("b/1", "10", daily)), "11", "b/1=10 a/1=1"},
		{"four weeks are shorter than a month", pool(gives("a/1", "10"), gives("b/1", "10", func(g *Grant) { g.Cycle = Cycle{Interval: Week, Count: 4} })), "1", "b/1=1 a/1=0"},
		{"five weeks are longer than a month", pool(gives("a/1", "10", func(g *Grant) { g.Cycle = Cycle{Interval: Week, Count: 5} }), gives("b/1", "10")), "1", "b/1=1 a/1=0"},
		{"a year is longer than eleven months", pool(gives("a/1", "10", func(g *Grant) { g.Cycle = Cycle{Interval: Year, Count: 1} }), gives("b/1", "10", func(g *Grant) { g.Cycle = Cycle{Interval: Month, Count: 11} })), "1", "b/1=1 a/1=0"},
		{"the main product before add-ons", pool(gives("a/1", "10", beside), gives("b/1", "10", since(May))), "1", "b/1=1 a/1=0"},
		{"the older first", pool(gives("a/1", "10", since(May)), gives("b/1", "10")), "1", "b/1=1 a/1=0"},
		{"of equal age by id", pool(gives("b/1", "10"), gives("a/1", "10")), "1", "a/1=1 b/1=0"},

		{"what is suspended gives nothing", pool(gives("a/1", "10", suspended), gives("b/1", "10", lifetime)), "4", "a/1=0 b/1=4"},
		{"what is still to come gives nothing", pool(gives("a/1", "10", between(May, time.Time{})), gives("b/1", "10", lifetime)), "4", "a/1=0 b/1=4"},
		{"what is over is gone", pool(gives("a/1", "10", between(April.AddDate(0, -1, 0), April)), gives("b/1", "10", lifetime)), "4", "b/1=4"},
		{"without any grant nothing happens", pool(), "4", ""},

		{"what is given back comes back", pool(gives("a/1", "100", usedUp("30"))), "-10", "a/1=20"},
		{"never above what was granted", pool(gives("a/1", "100", usedUp("30"))), "-50", "a/1=0"},
		{"in the reverse order of use", pool(gives("a/1", "60", usedUp("60")), gives("b/1", "0", perUse, usedUp("10"))), "-15", "a/1=55 b/1=0"},
		{"what went beyond comes back first", pool(gives("a/1", "100", perUse, usedUp("120")), gives("b/1", "50", perUse, beside, usedUp("50"))), "-30", "a/1=100 b/1=40"},
		{"of what went beyond the last first", pool(gives("a/1", "100", perUse, limited("120"), usedUp("120")), gives("b/1", "50", perUse, beside, usedUp("60"))), "-15", "a/1=115 b/1=50"},
		{"nothing is given back to what is suspended", pool(gives("a/1", "60", suspended, usedUp("60"))), "-15", "a/1=60"},
		{"a reset that is due comes first", pool(gives("a/1", "100", usedUp("90"), func(g *Grant) { g.ResetsAt = April })), "20", "a/1=20"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := usage(tt.had)
			if got := usage(tt.had.Deduct(Dec(tt.value), April)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if usage(tt.had) != before {
				t.Error("the balance it was given has changed")
			}
		})
	}
}

// 100: +30 is 70, -10 is 80, -50 is 100.
func TestGivingBackStepByStep(t *testing.T) {
	t.Parallel()
	b := pool(gives("a/1", "100"))
	for _, step := range [][2]string{{"30", "70"}, {"-10", "80"}, {"-50", "100"}} {
		b = b.Deduct(Dec(step[0]), April)
		if got := b.Sum(April).Remaining.String(); got != step[1] {
			t.Errorf("after %s: %s left, want %s", step[0], got, step[1])
		}
	}
}

func TestManySmallUsesAreExact(t *testing.T) {
	t.Parallel()
	b := pool(gives("a/1", "1000"))
	for range 2000 {
		b = b.Deduct(Dec("0.1"), April).Deduct(Dec("0.0000000001"), April)
	}
	if got := b.Sum(April).Remaining.String(); got != "799.9999998" {
		t.Errorf("%s left", got)
	}
}

func TestTheHeadOfABalance(t *testing.T) {
	t.Parallel()
	tomorrow := April.AddDate(0, 0, 1)
	for _, tt := range []struct {
		name  string
		b     Balance
		index int
		room  string
		open  bool
		until time.Time
	}{
		{"the first that can give", pool(gives("a/1", "10", usedUp("10")), gives("b/1", "10", lifetime, usedUp("3"))), 1, "7", false, May},
		{"the last when none can", pool(gives("a/1", "10", usedUp("10")), gives("b/1", "10", lifetime, usedUp("10"))), 1, "0", false, May},
		{"pay per use has no end", pool(gives("a/1", "10", perUse)), 0, "0", true, May},
		{"unless it is limited", pool(gives("a/1", "10", perUse, limited("30"), usedUp("12"))), 0, "18", false, May},
		{"what is included of the first of two", pool(gives("a/1", "10", perUse), gives("b/1", "5", perUse, beside)), 0, "10", false, May},
		{"then of the second", pool(gives("a/1", "10", perUse, usedUp("10")), gives("b/1", "5", perUse, beside)), 1, "5", false, May},
		{"then the first has no end", pool(gives("a/1", "10", perUse, usedUp("10")), gives("b/1", "5", perUse, beside, usedUp("5"))), 0, "0", true, May},
		{"at once where the second includes nothing", pool(gives("a/1", "10", perUse), gives("b/1", "0", perUse, beside)), 0, "0", true, May},
		{"unlimited", pool(gives("a/1", "0", noLimit)), 0, "0", true, EndOfTime},
		{"a switch is no head", pool(gives("a/1", "0", func(g *Grant) { g.Boolean, g.ResetsAt = true, time.Time{} })), -1, "0", false, EndOfTime},
		{"nothing gives access", pool(gives("a/1", "10", suspended)), -1, "0", false, May},
		{"it holds until the nearest date: an end", pool(gives("a/1", "10", between(April, tomorrow))), 0, "10", false, tomorrow},
		{"a start", pool(gives("a/1", "10"), gives("b/1", "10", between(tomorrow, May))), 0, "10", false, tomorrow},
		{"a reset", pool(gives("a/1", "10", daily), gives("b/1", "10")), 0, "10", false, tomorrow},
		{"no date at all", pool(gives("a/1", "10", lifetime)), 0, "10", false, EndOfTime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.b.Head(April)
			if got.Index != tt.index || !got.Available.Equal(Dec(tt.room)) || got.Open != tt.open || !got.Until.Equal(tt.until) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestSameStatesOfABalance(t *testing.T) {
	t.Parallel()
	is := pool(gives("a/1", "100", usedUp("5")))
	if !is.Same(pool(gives("a/1", "100", usedUp("5.0")))) {
		t.Error("equal balances are not the same")
	}
	for name, other := range map[string]Balance{
		"used":  pool(gives("a/1", "100", usedUp("6"))),
		"reset": pool(gives("a/1", "100", usedUp("5"), func(g *Grant) { g.ResetsAt = April })),
		"grant": pool(gives("b/1", "100", usedUp("5"))),
		"gone":  pool(),
	} {
		if is.Same(other) {
			t.Errorf("%s: different balances are the same", name)
		}
	}
}
