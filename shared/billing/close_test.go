package billing

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestWhenAProductIsLookedAfter(t *testing.T) {
	t.Parallel()
	never := time.Time{}
	stripe := Period{Start: April, End: May}
	for _, tt := range []struct {
		name     string
		products CustomerProduct
		want     time.Time
	}{
		{"free and without end", CustomerProduct{Status: Active, StartsAt: April}, never},
		{"free, with an end", CustomerProduct{Status: Active, EndsAt: May}, May},
		{"a trial without Stripe", CustomerProduct{Status: Active, TrialEnds: May, EndsAt: May}, May},
		{"it waits", CustomerProduct{Status: Scheduled, StartsAt: middle, EndsAt: May}, middle},
		{"it is over", CustomerProduct{Status: Expired, EndsAt: April}, never},
		{"on a subscription", CustomerProduct{Status: Active, SubscriptionID: "sub_1", Period: stripe}, May.Add(Grace)},
		{"on a subscription, past due", CustomerProduct{Status: PastDue, SubscriptionID: "sub_1", Period: stripe}, May.Add(Grace)},
		{"on a subscription, ending", CustomerProduct{Status: Active, SubscriptionID: "sub_1", Period: stripe, EndsAt: middle}, middle.Add(Grace)},
		{"on a subscription, ending later", CustomerProduct{Status: Active, SubscriptionID: "sub_1", Period: stripe, EndsAt: May.AddDate(0, 1, 0)}, May.Add(Grace)},
		{"it waits on a subscription", CustomerProduct{Status: Scheduled, SubscriptionID: "sub_1", StartsAt: May}, May.Add(Grace)},
		{"over on a subscription", CustomerProduct{Status: Expired, SubscriptionID: "sub_1", Period: stripe}, never},
	} {
		if got := tt.products.Due(); !got.Equal(tt.want) {
			t.Errorf("%s: due %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestStripeIsAskedAboutWhatNoEventToldOf(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("pro", onStripe), holding("addon_words", onStripe), holding("g1_pro", onStripe, func(cp *CustomerProduct) {
		cp.SubscriptionID, cp.Period.End = "sub_2", May.AddDate(0, 1, 0)
	}), holding("free"))
	for at, want := range map[time.Time][]string{
		May.Add(Grace - time.Second):                  nil,
		May.Add(Grace):                                {"sub_1"},
		May.AddDate(0, 1, 0).Add(Grace + time.Minute): {"sub_1", "sub_2"},
	} {
		if got := s.DueSubscriptions(at); !slices.Equal(got, want) {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
}

// until gives a customer product an end, as of a trial that nobody paid for.
func until(end time.Time) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.TrialEnds, cp.EndsAt = end, end }
}

func from(start time.Time) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, start }
}

func TestWhatIsDueIsClosed(t *testing.T) {
	t.Parallel()
	day := May.Add(Grace + 3*time.Minute) // late enough for Stripe to be asked, too
	over := func(cp *CustomerProduct) { cp.Status, cp.StartsAt, cp.EndsAt = Expired, May, May.Add(time.Minute) }
	for _, tt := range []struct {
		name  string
		state AttachState
		want  []string // the rows that are saved
	}{
		{"nothing is due", customerOf(holding("pro", until(day.Add(time.Second))), holding("free", from(day.Add(time.Second)))), nil},
		{"a trial ends and the default begins", customerOf(holding("pro", until(May)), holding("free", from(May))), []string{"pro expired", "free active"}},
		{"what waited for a product of Stripe's begins", customerOf(holding("pro", onStripe, until(May)), holding("free", from(May))), []string{"free active"}},
		{"a product of Stripe's is Stripe's matter", customerOf(holding("pro", onStripe, until(May)), holding("premium", onStripe, from(May))), nil},
		{"the default was made later", customerOf(holding("pro", until(May))), []string{"pro expired", "free active"}},
		{"there is no default", customerOf(holding("g1_pro", until(May))), []string{"g1_pro expired"}},
		{"an add-on has no successor", customerOf(holding("addon_words", until(May))), []string{"addon_words expired"}},
		{"another product runs in the group", customerOf(holding("pro", until(May)), holding("hobby")), []string{"pro expired"}},
		{"what followed was cancelled again", customerOf(holding("pro", until(May)), holding("free", over)), []string{"pro expired"}},
		{"it began and ended before anybody looked", customerOf(holding("free", from(April), until(May))), []string{"free expired"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			done := CloseDue(tt.state.State, tt.state.Catalog, day)
			var got []string
			for _, cp := range done.Products {
				got = append(got, cp.ProductID+" "+string(cp.Status))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("saved %v, want %v", got, tt.want)
			}
			if (done.Audit.Actor == "schedule") != (len(tt.want) > 0) || len(done.Audit.Started)+len(done.Audit.Ended) != len(tt.want) {
				t.Errorf("audit %+v", done.Audit)
			}
		})
	}
}

// view is all that a customer sees at a moment: products, and what is left.
func view(s State, now time.Time) map[string]string {
	seen := map[string]string{}
	for _, cp := range s.Products {
		if status := cp.At(now); status != Expired {
			seen[cp.ID] = string(status) + " since " + cp.StartsAt.String()
		}
	}
	for id, b := range s.Balances {
		at := b.At(now)
		if sum := at.Sum(now); at.Has(now) {
			seen[id] = sum.Remaining.String() + " until " + sum.ResetsAt.String()
		}
	}
	return seen
}

// Whenever the sweep comes, and however often: the customer sees the same at
// every later moment as without it, and in the end no row is due.
func TestTheSweepChangesNothingForTheCustomer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		end := April.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(t, "ends")) * time.Hour)
		words := []situation{holding("free", from(end)), holding("g2_free"), holding("booster"), used("messages", "30")}
		if rapid.Bool().Draw(t, "on Stripe") {
			words = append(words, holding("pro", onStripe, until(end)))
		} else {
			words = append(words, holding("pro", until(end)))
		}
		if rapid.Bool().Draw(t, "an add-on ends") {
			words = append(words, holding("addon_words", until(end.Add(-time.Hour))))
		}
		s := customerOf(words...)
		swept, now := s.State, April
		for range rapid.IntRange(1, 4).Draw(t, "runs") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "later")) * time.Hour)
			if done := CloseDue(swept, s.Catalog, now); len(done.Products) > 0 {
				swept = saved(swept, done)
			}
			for _, later := range []time.Time{now, now.Add(time.Hour), now.AddDate(0, 1, 0)} {
				if diff := cmp.Diff(view(s.State, later), view(swept, later), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("swept at %s, seen at %s (-without +with):\n%s", now, later, diff)
				}
			}
			for _, cp := range swept.Products {
				if due := cp.Due(); cp.SubscriptionID == "" && !due.IsZero() && !now.Before(due) {
					t.Fatalf("%s is due still", cp.ID)
				}
			}
		}
	})
}
