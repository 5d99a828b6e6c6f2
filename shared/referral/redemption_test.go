package referral

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
)

// A walk is one redemption and every change of it so far.
type walk struct {
	Redemption
	stats       Stats
	everApplied bool
}

func begin(first Status, forBoth bool) *walk {
	r := Redemption{ID: "rr_1", ProgramID: "rs_1"}.Begin(first, forBoth, now)
	w := &walk{}
	w.becomes(r)
	return w
}

func (w *walk) becomes(r Redemption) {
	w.stats = w.stats.Plus(r.Since(w.Redemption))
	w.Redemption = r
	w.everApplied = w.everApplied || r.Status == Applied
}

// step is a change by chance: of the whole, or of one side.
func (w *walk) step(t *rapid.T) {
	before, at := w.Redemption, w.UpdatedAt.Add(time.Minute)
	next := before
	switch rapid.IntRange(0, 5).Draw(t, "change") {
	case 0, 1, 2:
		status := rapid.SampledFrom(Statuses()).Draw(t, "to")
		var moved bool
		next, moved = before.To(status, at)
		if moved && before.Status.Over() || !moved && next.Status != before.Status || moved && next.Status != status {
			t.Fatalf("from %s to %s: %t, and it is %s", before.Status, status, moved, next.Status)
		}
	case 3:
		next = before.GivenTo(rapid.SampledFrom([]Who{TheReferrer, TheRedeemer}).Draw(t, "given to"), "op_1", at)
	case 4:
		next = before.TakenFrom(rapid.SampledFrom([]Who{TheReferrer, TheRedeemer}).Draw(t, "taken from"), at)
	case 5:
		if before.Status == Pending { // as its program may be edited
			next = before.ForBoth(rapid.Bool().Draw(t, "for both"))
		}
	}
	if before.Status.Over() && next.Status != before.Status {
		t.Fatalf("%s became %s", before.Status, next.Status)
	}
	w.becomes(next)
}

// ofSides are the statuses that a side may have while the whole has one.
var ofSides = map[Status][]Status{
	Pending: {Pending}, Held: {Held}, Triggered: {Triggered, Applied}, Applied: {Applied},
	Refused: {Refused}, Closed: {Closed}, Reversed: {Triggered, Applied, Reversed},
}

func (w *walk) check(t *rapid.T) {
	sides := []Status{w.Referrer.Status}
	if w.Redeemer.Status != "" {
		sides = append(sides, w.Redeemer.Status)
	}
	for _, side := range sides {
		if !slices.Contains(ofSides[w.Status], side) {
			t.Fatalf("it is %s, and a side is %s", w.Status, side)
		}
		if side == Applied && !w.SetOff() {
			t.Fatalf("a side is applied, and it is %s", w.Status)
		}
	}
	if w.Status == Triggered && !slices.Contains(sides, Triggered) {
		t.Fatalf("it is triggered, and every side is applied")
	}
	if w.Has() && !w.SetOff() || w.ReversedAt.IsZero() == (w.Status == Reversed) {
		t.Fatalf("%+v", w.Redemption)
	}
	if due := w.Due(); !due.IsZero() && w.Status != Held {
		t.Fatalf("it is %s, and due at %s", w.Status, due)
	}
	count := func(is bool) int64 {
		if is {
			return 1
		}
		return 0
	}
	want := Stats{Redemptions: 1, Held: count(w.Status == Held), Triggered: count(w.SetOff()), Applied: count(w.everApplied),
		Refused: count(w.Status == Refused), Reversed: count(w.Status == Reversed)}
	if w.stats != want {
		t.Fatalf("its changes add up to %+v, want %+v; it is %s", w.stats, want, w.Status)
	}
}

// Whatever happens to a redemption, in any order: nothing leads out of an end, both sides
// agree with the whole, and the statistics are those of a count.
func TestARedemptionIsOfOnePiece(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SampledFrom([]Status{Pending, Held, Triggered, Applied}).Draw(t, "first")
		w := begin(first, rapid.Bool().Draw(t, "for both"))
		w.HeldUntil = now.AddDate(0, 0, 3)
		w.check(t)
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			w.step(t)
			w.check(t)
		}
	})
}

// The statistics of many are the sum of those of each, in the order in which they came.
func TestTheStatisticsOfManyRedemptions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var total, want Stats
		for range rapid.IntRange(0, 6).Draw(t, "redemptions") {
			w := begin(Pending, false)
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				w.step(t)
			}
			total = total.Plus(w.stats)
			want.Redemptions++
			for _, s := range []struct {
				n  *int64
				is bool
			}{{&want.Held, w.Status == Held}, {&want.Triggered, w.SetOff()}, {&want.Applied, w.everApplied},
				{&want.Refused, w.Status == Refused}, {&want.Reversed, w.Status == Reversed}} {
				if s.is {
					*s.n++
				}
			}
		}
		if total != want {
			t.Fatalf("added up %+v, counted %+v", total, want)
		}
	})
}

// What leads where: a row for each status.
func TestTheEdgesOfARedemption(t *testing.T) {
	t.Parallel()
	for from, to := range map[Status][]Status{
		Pending: {Held, Triggered, Applied, Refused, Closed}, Held: {Triggered, Applied, Refused, Closed},
		Triggered: {Applied, Reversed, Closed}, Applied: {Reversed}, Refused: nil, Reversed: nil, Closed: nil,
	} {
		for _, next := range Statuses() {
			if _, moved := (Redemption{Status: from}).To(next, now); moved != slices.Contains(to, next) {
				t.Errorf("%s to %s: %t", from, next, moved)
			}
		}
		if from.Over() != (len(to) == 0) {
			t.Errorf("%s is over: %t", from, from.Over())
		}
	}
}

// A flag waits for a person, also when its days are over.
func TestWhenAHeldRedemptionIsDue(t *testing.T) {
	t.Parallel()
	until := now.AddDate(0, 0, 10)
	for name, tt := range map[string]struct {
		status Status
		flags  []Rule
		due    time.Time
	}{
		"held for its days":  {Held, nil, until},
		"held for a person":  {Held, []Rule{Ring}, time.Time{}},
		"given":              {Applied, nil, time.Time{}},
		"waits for purchase": {Pending, nil, time.Time{}},
	} {
		r := Redemption{Status: tt.status, Flags: tt.flags, HeldUntil: until}
		if got := r.Due(); !got.Equal(tt.due) {
			t.Errorf("%s: due at %s", name, got)
		}
	}
}

// Redemptions of before there were statuses, by their three marks.
func TestMarksOfOldRedemptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		setOff, referrer, redeemer bool
		want                       [3]Status
	}{
		{false, false, false, [3]Status{Pending, Pending, ""}},
		{true, false, false, [3]Status{Triggered, Triggered, ""}},
		{true, true, false, [3]Status{Applied, Applied, ""}},
		{true, false, true, [3]Status{Triggered, Triggered, Applied}},
		{true, true, true, [3]Status{Applied, Applied, Applied}},
	} {
		r := Redemption{ProgramID: "rs_1", CreatedAt: now}.Marked(tt.setOff, tt.referrer, tt.redeemer)
		if got := [3]Status{r.Status, r.Referrer.Status, r.Redeemer.Status}; got != tt.want {
			t.Errorf("%t, %t, %t: %v, want %v", tt.setOff, tt.referrer, tt.redeemer, got, tt.want)
		}
	}
}

// An invoice that went back is noted once, and another copy of the redemption is not
// touched by it.
func TestAReturnedInvoiceIsNotedOnce(t *testing.T) {
	t.Parallel()
	r, news := Redemption{}.WithReturned("in_1", ReasonRefunded)
	again, twice := r.WithReturned("in_1", ReasonDisputed)
	both, other := again.WithReturned("in_2", ReasonDisputed)
	if !news || twice || !other || !maps.Equal(r.Returned, map[string]string{"in_1": ReasonRefunded}) ||
		!maps.Equal(both.Returned, map[string]string{"in_1": ReasonRefunded, "in_2": ReasonDisputed}) {
		t.Errorf("%t %t %t, %v, %v", news, twice, other, r.Returned, both.Returned)
	}
}

// A promotion code has no referrer, and its one side is the customer's.
func TestTheSideOfAPromotionCode(t *testing.T) {
	t.Parallel()
	r := Redemption{Code: "TEN", Reward: &catalog.Reward{}}.Begin(Triggered, false, now)
	if r.Redeemer.Status != Triggered || r.Referrer.Status != "" || r.Has() {
		t.Errorf("%+v", r)
	}
	if r = r.GivenTo(TheReferrer, "op_1", now); r.Has() || r.Status != Triggered {
		t.Errorf("given to nobody: %+v", r)
	}
	if r = r.GivenTo(TheRedeemer, "op_1", now); !r.Has() || r.Status != Applied || r.Side(TheRedeemer).Operation != "op_1" {
		t.Errorf("given: %+v", r)
	}
}
