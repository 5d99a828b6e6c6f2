package entitlement

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Any number of gifts, uses and gifts taken back: what is left is what the gifts that have
// not ended gave, less what was used of them, and a balance keeps few parts.
func TestGiftsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
		b, given := Balance{FeatureID: "messages"}, money.Zero
		forever := rapid.Bool().Draw(t, "for good")
		for i := range rapid.IntRange(1, 120).Draw(t, "gifts") {
			g := Gift{RewardID: "rew_1", GivenBy: fmt.Sprint("gift_", i), Granted: catalog.Granted{FeatureID: "messages", Included: money.Int(10)}}
			if !forever {
				g.Lasts = money.Cycle{Interval: money.Year, Count: 1}
			}
			joins := !forever && len(b.Grants) >= mostEnding
			b, given = b.Give(g, now), given.Add(money.Int(10))
			now = now.Add(time.Minute)
			if rapid.IntRange(0, 4).Draw(t, "take it back") == 0 {
				after, took := b.TakeGift(g, now)
				if took == joins {
					t.Fatalf("gift %d of %d parts: taken back %t", i, len(b.Grants), took)
				}
				if b = after; took {
					given = given.Sub(money.Int(10))
				}
			}
			if left := b.Sum(now).Remaining; !left.Equal(given) {
				t.Fatalf("after %d gifts %s is left, want %s", i+1, left, given)
			}
			if len(b.Grants) > mostEnding {
				t.Fatalf("%d parts", len(b.Grants))
			}
		}
		if b.At(now.AddDate(1, 0, 0)).Has(now.AddDate(1, 0, 0)) != (forever && given.IsPositive()) {
			t.Fatal("what is for a year is over after it, and what is for good is not")
		}
	})
}

// Only what is unspent goes back, and a switch is on as long as one gift has it on.
func TestWhatIsTakenBackOfAGift(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	units := Gift{RewardID: "rew_1", GivenBy: "gift_1", Granted: catalog.Granted{FeatureID: "f", Included: money.Int(10)}}
	b := Balance{FeatureID: "f"}.Give(units, now)
	b.Grants[0].Used = money.Int(7)
	b, took := b.TakeGift(units, now)
	if !took || b.Sum(now).Remaining.IsPositive() || !b.Sum(now).Used.Equal(money.Int(7)) {
		t.Errorf("of 10 with 7 used: %+v", b.Grants)
	}
	if _, took = b.TakeGift(units, now); took {
		t.Error("nothing was left, and something went back")
	}
	on := Gift{RewardID: "rew_1", Boolean: true, Granted: catalog.Granted{FeatureID: "f"}}
	b = Balance{FeatureID: "f"}.Give(on, now).Give(on, now)
	if b, _ = b.TakeGift(on, now); !b.Has(now) {
		t.Error("one gift is left, and it is off")
	}
	if b, _ = b.TakeGift(on, now); b.Has(now) {
		t.Error("no gift is left, and it is on")
	}
}
