package billing

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

var middle = April.AddDate(0, 0, 15)

// onStripe is pro as bought with subscription sub_1 on 1 April.
func onStripe(cp *CustomerProduct) {
	cp.SubscriptionID, cp.Period = "sub_1", Period{Start: April, End: May}
}

// subscribed is sub_1 as Stripe has it.
func subscribed(status string, change ...func(*Subscription)) Subscription {
	s := Subscription{ID: "sub_1", Status: status, Period: Period{Start: April, End: May}}
	for _, c := range change {
		c(&s)
	}
	return s
}

func TestAProductFollowsItsSubscription(t *testing.T) {
	t.Parallel()
	next := Period{Start: May, End: May.AddDate(0, 1, 0)}
	is := func(change func(*CustomerProduct)) CustomerProduct {
		cp := CustomerProduct{ID: "cp_pro", SubscriptionID: "sub_1", Status: Active, Period: Period{Start: April, End: May}}
		change(&cp)
		return cp
	}
	active := is(func(*CustomerProduct) {})
	for _, tt := range []struct {
		name     string
		products CustomerProduct
		sub      Subscription
		want     []CustomerProduct
	}{
		{"nothing has changed", active, subscribed("active"), nil},
		{"the period has", active, subscribed("active", func(s *Subscription) { s.Period = next }), []CustomerProduct{is(func(cp *CustomerProduct) { cp.Period = next })}},
		{"a payment failed", active, subscribed("past_due"), []CustomerProduct{is(func(cp *CustomerProduct) { cp.Status = PastDue })}},
		{"it failed for long", active, subscribed("unpaid"), []CustomerProduct{is(func(cp *CustomerProduct) { cp.Status = PastDue })}},
		{"the first payment is not there yet", active, subscribed("incomplete"), []CustomerProduct{is(func(cp *CustomerProduct) { cp.Status = PastDue })}},
		{"a status nobody knows gives no access", active, subscribed("paused"), []CustomerProduct{is(func(cp *CustomerProduct) { cp.Status = PastDue })}},
		{"it was paid", is(func(cp *CustomerProduct) { cp.Status = PastDue }), subscribed("active"), []CustomerProduct{active}},
		{"a trial", active, subscribed("trialing", func(s *Subscription) { s.TrialEnds = middle }), []CustomerProduct{is(func(cp *CustomerProduct) { cp.TrialEnds = middle })}},
		{"it is to end", active, subscribed("active", func(s *Subscription) { s.CancelAt, s.CanceledAt = May, middle }),
			[]CustomerProduct{is(func(cp *CustomerProduct) { cp.EndsAt, cp.CanceledAt = May, middle })}},
		{"and then goes on", is(func(cp *CustomerProduct) { cp.EndsAt, cp.CanceledAt = May, middle }), subscribed("active"), []CustomerProduct{active}},
		{"it ended", active, subscribed("canceled", func(s *Subscription) { s.EndedAt, s.CanceledAt = middle, April }),
			[]CustomerProduct{is(func(cp *CustomerProduct) { cp.Status, cp.EndsAt, cp.CanceledAt = Expired, middle, April })}},
		{"it never began", active, subscribed("incomplete_expired", func(s *Subscription) { s.EndedAt = middle }),
			[]CustomerProduct{is(func(cp *CustomerProduct) { cp.Status, cp.EndsAt = Expired, middle })}},
		{"what is over stays over", is(func(cp *CustomerProduct) { cp.Status, cp.EndsAt = Expired, April }), subscribed("active"), nil},
		{"another subscription", is(func(cp *CustomerProduct) { cp.SubscriptionID = "sub_2" }), subscribed("canceled"), nil},
		{"no subscription", is(func(cp *CustomerProduct) { cp.SubscriptionID = "" }), subscribed("canceled"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, FollowSubscription(State{Products: []CustomerProduct{tt.products}}, &Catalog{}, tt.sub, middle).Products, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
		})
	}
}

// follow applies what Stripe says and saves it.
func follow(s AttachState, sub Subscription, now time.Time) (Settlement, AttachState) {
	done := FollowSubscription(s.State, s.Catalog, sub, now)
	if len(done.Products)+len(done.Gone) > 0 {
		s.State = saved(s.State, done)
	}
	return done, s
}

func ended(s *Subscription) { s.EndedAt, s.CanceledAt = middle, middle }

func TestPastDueTakesTheAccessAndPayingGivesItBack(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro", onStripe), holding("booster"), used("messages", "40"))
	done, late := follow(s, subscribed("past_due"), middle)
	if got := left(late.State, "messages", middle); got != "100" { // the booster's
		t.Errorf("past due: %s messages left", got)
	}
	if late.Balances["dashboard"].Has(middle) {
		t.Error("past due: the dashboard is still open")
	}
	if len(done.Products) != 1 || done.Audit.Actor != "stripe" || done.Audit.Rule != "subscription_past_due" || done.Audit.Stripe["subscription"] != "sub_1" {
		t.Errorf("saved %v, audit %+v", done.Products, done.Audit)
	}
	_, paid := follow(late, subscribed("active"), middle)
	if got := left(paid.State, "messages", middle); got != "560" {
		t.Errorf("paid: %s messages left", got)
	}
}

func TestACompanyMayKeepTheAccessOfThePastDue(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro", onStripe))
	s.Catalog.Settings.KeepAccessWhenPastDue = true
	_, late := follow(s, subscribed("past_due"), middle)
	if late.Products[0].Status != PastDue || left(late.State, "messages", middle) != "500" {
		t.Errorf("status %s, %s left", late.Products[0].Status, left(late.State, "messages", middle))
	}
}

func TestAnEndBringsTheDefaultBack(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro", onStripe), holding("g1_pro"), used("messages", "40"))
	done, after := follow(s, subscribed("canceled", ended), middle)
	back := CustomerProduct{ID: "cp_pro_after", ProductID: "free", Version: 1, Group: "main", Status: Active, Quantity: 1, StartsAt: middle}
	i := slices.IndexFunc(after.Products, func(cp CustomerProduct) bool { return cp.ProductID == "free" })
	if i < 0 {
		t.Fatalf("held: %v", after.Products)
	}
	if diff := cmp.Diff(back, after.Products[i], cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the default (-want +got):\n%s", diff)
	}
	if got := left(after.State, "messages", middle); got != "100" || after.Balances["dashboard"].Has(middle) || left(after.State, "words", middle) != "10" {
		t.Errorf("%s messages, dashboard %v, %s words", got, after.Balances["dashboard"].Has(middle), left(after.State, "words", middle))
	}
	if diff := cmp.Diff([]string{"free"}, done.Audit.Started); diff != "" {
		t.Errorf("started (-want +got):\n%s", diff)
	}
	if again, _ := follow(after, subscribed("canceled", ended), middle); len(again.Products) != 0 {
		t.Errorf("the same news again changes %v", again.Products)
	}
	if late, _ := follow(after, subscribed("active"), middle); len(late.Products) != 0 {
		t.Errorf("news of before the end change %v", late.Products)
	}
}

func TestWhatComesBackWhenAProductEnds(t *testing.T) {
	t.Parallel()
	trialDefault := func(s *AttachState) {
		p := Tried(AsDefault(OfItems("a_trial", "main", Fee("pr_a", "20", Monthly))), TrialWeek(false, false))
		s.Catalog.Products["a_trial"] = []Product{p}
	}
	for _, tt := range []struct {
		name  string
		state AttachState
		want  string // the running products of the group afterwards
	}{
		{"the default", customerOf(holding("pro", onStripe)), "free"},
		{"the default that costs nothing, where a trial is one, too", customerOf(trialDefault, holding("pro", onStripe)), "free"},
		{"the same after a trial that began by itself", customerOf(trialDefault, holding("a_trial", onStripe)), "free"},
		{"nothing in a group without a default", customerOf(holding("g1_pro", onStripe)), ""},
		{"nothing for an add-on", customerOf(holding("addon_words", onStripe)), ""},
		{"nothing where another product runs already", customerOf(holding("pro", onStripe), holding("hobby")), "hobby"},
		{"nothing that is archived", customerOf(func(s *AttachState) { s.Catalog.Products["free"][0].Archived = true }, holding("pro", onStripe)), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			done, after := follow(tt.state, subscribed("canceled", ended), middle)
			var running string
			for _, cp := range after.Products {
				if cp.Running(middle) {
					running += cp.ProductID
				}
			}
			if running != tt.want || len(done.Products) == 0 {
				t.Errorf("running: %q, want %q", running, tt.want)
			}
		})
	}
}

func TestAnEndToComeIsKnownToTheBalance(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("pro", onStripe))
	_, ending := follow(s, subscribed("active", func(s *Subscription) { s.CancelAt, s.CanceledAt = May, middle }), middle)
	last := May.Add(-time.Second)
	if left(ending.State, "messages", last) != "500" || left(ending.State, "messages", May) != "100" || ending.Products[0].At(May) != Expired {
		t.Errorf("%s left before the end, %s at it", left(ending.State, "messages", last), left(ending.State, "messages", May))
	}
	_, on := follow(ending, subscribed("active"), middle)
	if got := left(on.State, "messages", May); got != "500" {
		t.Errorf("it goes on: %s left", got)
	}
}

func TestAnEndWithoutADateIsNow(t *testing.T) {
	t.Parallel()
	_, after := follow(customerOf(holding("g1_pro", onStripe)), subscribed("incomplete_expired"), middle)
	if got := left(after.State, "words", middle); got != "0" || after.Products[0].At(middle) != Expired {
		t.Errorf("%s left, status %s", got, after.Products[0].At(middle))
	}
}

// Stripe tells the story of one subscription in any order and number of times,
// and each time says what is so now: the end is the same, and follows from the
// last state alone.
func TestAnyOrderOfNewsEndsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := customerOf(holding("pro", onStripe), holding("booster"))
		last := subscribed(rapid.SampledFrom([]string{"active", "past_due", "trialing", "canceled"}).Draw(t, "last"))
		if last.Status == "canceled" {
			ended(&last)
		}
		_, direct := follow(s, last, middle)
		told := s
		for range rapid.IntRange(0, 5).Draw(t, "news") {
			early := subscribed(rapid.SampledFrom([]string{"active", "past_due", "unpaid", "trialing"}).Draw(t, "status"))
			if rapid.Bool().Draw(t, "ending") {
				early.CancelAt, early.CanceledAt = May, April
			}
			_, told = follow(told, early, middle)
		}
		for range rapid.IntRange(1, 3).Draw(t, "deliveries") {
			_, told = follow(told, last, middle)
		}
		byID := cmpopts.SortSlices(func(a, b CustomerProduct) bool { return a.ID < b.ID })
		if diff := cmp.Diff(direct.Products, told.Products, byID, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("products (-direct +told):\n%s", diff)
		}
		for _, feature := range []string{"messages", "dashboard"} {
			a, b := direct.Balances[feature].At(middle), told.Balances[feature].At(middle)
			if !a.Same(b) || a.Has(middle) != b.Has(middle) || !a.Sum(middle).Remaining.Equal(b.Sum(middle).Remaining) {
				t.Fatalf("%s: directly %s, told %s", feature, usedOf(a), usedOf(b))
			}
		}
	})
}

// What waited for a period begins with it, and the audit says so.
func TestTheBeginningOfWhatWaitedIsNoted(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("premium", onSub("sub_1"), func(cp *CustomerProduct) { cp.EndsAt = May }),
		holding("pro", onSub("sub_1"), func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, May }))
	done := FollowSubscription(s.State, s.Catalog, Subscription{ID: "sub_1", Status: "active", Period: Period{Start: May, End: May.AddDate(0, 1, 0)}}, May)
	if diff := cmp.Diff([][]string{{"pro"}, {"premium"}}, [][]string{done.Audit.Started, done.Audit.Ended}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
