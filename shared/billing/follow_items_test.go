package billing

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// knownAtStripe gives every price of the shop its id at Stripe.
func knownAtStripe(s *AttachState) {
	for _, versions := range s.Catalog.Products {
		for _, p := range versions {
			for _, item := range append(slices.Clone(p.Items), usageItem(p)) {
				s.Catalog.StripePrices[item.ID] = "price_" + item.ID
			}
		}
	}
}

// pricedAt is sub_1 with these prices.
func pricedAt(items ...SubscriptionItem) Subscription {
	return subscribed("active", func(s *Subscription) { s.Items = items })
}

func of(item string, quantity int64) SubscriptionItem {
	return SubscriptionItem{PriceID: "price_" + item, Quantity: quantity}
}

func TestProductsAreThoseWhosePricesAreOnTheSubscription(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holds []situation
		sub   Subscription
		want  map[string]Status
		mark  StripeChange
	}{
		"as it was":             {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 1)), map[string]Status{"pro": Active}, ""},
		"another product":       {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_premium", 1)), map[string]Status{"pro": Expired, "premium": Active}, ""},
		"another interval":      {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_year", 1)), map[string]Status{"pro": Expired, "pro_year": Active}, ""},
		"with packs":            {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_prepaid", 1), of("pr_prepaid_m", 3)), map[string]Status{"pro": Expired, "pro_prepaid": Active}, ""},
		"packs alone":           {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_packs", 2)), map[string]Status{"pro": Expired, "packs_only": Active}, ""},
		"usage alone":           {[]situation{holding("pro", onStripe)}, pricedAt(SubscriptionItem{"price_" + usageItem(Shop().Products["usage_only"][0]).ID, 1}), map[string]Status{"pro": Expired, "usage_only": Active}, ""},
		"an add-on":             {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 1), of("pr_words", 1)), map[string]Status{"pro": Active, "addon_words": Active}, ""},
		"another group":         {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 1), of("pr_g1", 1)), map[string]Status{"pro": Active, "g1_pro": Active}, ""},
		"another group's free":  {[]situation{holding("pro", onStripe), holding("g2_free")}, pricedAt(of("pr_pro", 1), of("pr_g2", 1)), map[string]Status{"pro": Active, "g2_free": Expired, "g2_pro": Active}, ""},
		"an add-on left":        {[]situation{holding("pro", onStripe), holding("addon_words", onStripe)}, pricedAt(of("pr_pro", 1)), map[string]Status{"pro": Active, "addon_words": Expired}, ""},
		"a plan left":           {[]situation{holding("pro", onStripe), holding("addon_words", onStripe)}, pricedAt(of("pr_words", 1)), map[string]Status{"pro": Expired, "free": Active, "addon_words": Active}, ""},
		"a price of no product": {[]situation{holding("pro", onStripe)}, pricedAt(of("other", 1)), map[string]Status{"pro": Active}, ForeignPrices},
		"one beside it":         {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 1), of("other", 1)), map[string]Status{"pro": Active}, ForeignPrices},
		"one beside another":    {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_premium", 1), of("other", 1)), map[string]Status{"pro": Active}, ForeignPrices},
		"twice":                 {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 2)), map[string]Status{"pro": Active}, ForeignPrices},
		"none of it":            {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 0)), map[string]Status{"pro": Active}, ForeignPrices},
		"two of a group":        {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_pro", 1), of("pr_premium", 1)), map[string]Status{"pro": Active}, TwoOfOneGroup},
		"two others of a group": {[]situation{holding("pro", onStripe)}, pricedAt(of("pr_use", 1), of("pr_premium", 1)), map[string]Status{"pro": Active}, TwoOfOneGroup},
		"a group paid apart": {[]situation{holding("pro", onStripe), holding("g1_pro", func(cp *CustomerProduct) { cp.SubscriptionID = "sub_2" })},
			pricedAt(of("pr_pro", 1), of("pr_g1p", 1)), map[string]Status{"pro": Active, "g1_pro": Active}, TwoOfOneGroup},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(append(c.holds, knownAtStripe)...)
			left := saved(s.State, FollowSubscription(s.State, s.Catalog, c.sub, middle))
			got := map[string]Status{}
			for _, cp := range left.Products {
				got[cp.ProductID] = cp.Status
				if cp.SubscriptionID == "sub_1" && cp.Status != Expired && cp.ChangedAtStripe != c.mark {
					t.Errorf("%s is marked %q, want %q", cp.ProductID, cp.ChangedAtStripe, c.mark)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("products: %s", diff)
			}
			if again := FollowSubscription(left, s.Catalog, c.sub, middle.Add(time.Hour)); len(again.Products) > 0 {
				t.Errorf("told again it changes %+v", again.Products)
			}
			back := saved(left, FollowSubscription(left, s.Catalog, pricedAt(of("pr_pro", 1)), middle.Add(time.Hour)))
			if main := back.ActivePlan(s.Catalog, "main", middle.Add(2*time.Hour)); main == nil || main.ChangedAtStripe != "" || c.mark != "" && main.ProductID != "pro" {
				t.Errorf("put right, it is %+v", main)
			}
		})
	}
}

// A change that waits keeps what it is to change: another group's price in its
// place is marked, an end beside what goes on is marked, and another product of
// the group is followed.
func TestWhatAChangeWaitsForStays(t *testing.T) {
	t.Parallel()
	waits := func(cp *CustomerProduct) {
		onStripe(cp)
		cp.Status, cp.StartsAt, cp.Period = Scheduled, May, Period{}
	}
	until := func(cp *CustomerProduct) { cp.EndsAt = May }
	for name, c := range map[string]struct {
		items []SubscriptionItem
		want  map[string]Status
		mark  StripeChange
	}{
		"as it was":       {[]SubscriptionItem{of("pr_premium", 1)}, map[string]Status{"premium": Active, "pro": Scheduled}, ""},
		"another group's": {[]SubscriptionItem{of("pr_g1p", 1)}, map[string]Status{"premium": Active, "pro": Scheduled}, ChangeStranded},
		"an add-on":       {[]SubscriptionItem{of("pr_words", 1)}, map[string]Status{"premium": Active, "pro": Scheduled}, ChangeStranded},
		"of the group":    {[]SubscriptionItem{of("pr_use", 1)}, map[string]Status{"premium": Expired, "pro_use": Active, "pro": Scheduled}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(holding("premium", onStripe, until), holding("pro", waits), knownAtStripe)
			sub := pricedAt(c.items...)
			sub.ScheduleID = "sub_sched_1"
			left := saved(s.State, FollowSubscription(s.State, s.Catalog, sub, middle))
			got := map[string]Status{}
			for _, cp := range left.Products {
				got[cp.ProductID] = cp.Status
				if cp.Status == Active && cp.ChangedAtStripe != c.mark {
					t.Errorf("%s is marked %q, want %q", cp.ProductID, cp.ChangedAtStripe, c.mark)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("products: %s", diff)
			}
		})
	}
}

// Whatever staff put on a subscription, being told again changes nothing, and a
// group never has two products that run.
func TestAnyItemsAtStripeAreFollowedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := customerOf(holding("pro", onStripe), knownAtStripe)
		prices := []string{"pr_pro", "pr_premium", "pr_use", "pr_prepaid", "pr_prepaid_m", "pr_packs", "pr_words", "pr_g1", "pr_g1p", "other"}
		state, now := s.State, middle
		for range 4 {
			var items []SubscriptionItem
			for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(prices), 1, 4, rapid.ID).Draw(t, "prices") {
				items = append(items, of(id, rapid.Int64Range(1, 2).Draw(t, "quantity")))
			}
			sub := pricedAt(items...)
			sub.Paused = rapid.Bool().Draw(t, "paused")
			state = saved(state, FollowSubscription(state, s.Catalog, sub, now))
			if again := FollowSubscription(state, s.Catalog, sub, now); len(again.Products)+len(again.Gone) > 0 {
				t.Fatalf("%v told again changes %+v", items, again.Products)
			}
			running := map[string]int{}
			for _, cp := range state.Products {
				if cp.Running(now) && !cp.AddOn {
					running[cp.Group]++
				}
			}
			for group, n := range running {
				if n > 1 {
					t.Fatalf("%v: group %s has %d products", items, group, n)
				}
			}
			now = now.Add(time.Hour)
		}
	})
}

// A period that is begun anew is told from a later one of the same days.
func TestPeriodsBegunAnew(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("pro", onStripe))
	day := func(month time.Month, day int) time.Time { return time.Date(2027, month, day, 0, 0, 0, 0, time.UTC) }
	span := func(from, to time.Time) Period { return Period{Start: from, End: to} }
	for name, c := range map[string]struct {
		was, is Period
		want    bool
	}{
		"the same":             {span(April, May), span(April, May), false},
		"the next":             {span(April, May), span(May, day(6, 1)), false},
		"one after a lost one": {span(April, May), span(day(6, 1), day(7, 1)), false},
		"within":               {span(April, May), span(day(4, 11), day(5, 11)), true},
		"within, told late":    {span(April, May), span(day(5, 11), day(6, 11)), true},
		"a short month":        {span(day(1, 31), day(2, 28)), span(day(3, 31), day(4, 30)), false},
		"after a short month":  {span(day(2, 28), day(3, 31)), span(day(5, 31), day(6, 30)), false},
		"the first":            {Period{}, span(April, May), false},
	} {
		cp := s.Products[0]
		cp.Period = c.was
		if got := (Subscription{Period: c.is}).restarts(s.Catalog, cp); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Each kind has a reason for refusals and a sentence for the history.
func TestEveryChangeAtStripeHasItsWords(t *testing.T) {
	t.Parallel()
	for _, ch := range StripeChanges() {
		if ch.Reason() == "" || len(ch.why()) < 100 {
			t.Errorf("%s has the reason %q and the words %q", ch, ch.Reason(), ch.why())
		}
	}
}
