package billing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	. "windfall/shared/rulestest"
)

// months is free periods of a product that a customer waits for since April.
func months(product string, periods int) QueuedReward {
	return QueuedReward{RedemptionID: "rr_1", Side: BranchReferrer, Since: April, NextCheckAt: April.Add(time.Minute),
		Reward: catalog.Reward{ID: "months", Name: "Months", Type: catalog.FreeProduct, FreeProduct: product, FreePeriods: periods}}
}

func onSubscription(cp *CustomerProduct) {
	cp.SubscriptionID, cp.Period = "sub_"+cp.ProductID, money.Period{Start: April, End: May}
}

func endsInMay(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, May }

func paying(s *AttachState) { s.Customer.StripeID, s.Card = "cus_stripe", "pm_1" }

// What a gift comes to: in words, what is asked of Stripe and what waits then.
func (d Decision) words() string {
	out := []string{string(d.Branch)}
	for _, step := range d.Steps {
		switch {
		case step.Subscription != nil:
			c := step.Subscription.Coupon
			out = append(out, fmt.Sprintf("subscribe %s%% %s %d of %d, ends %d", c.Percent, c.Duration, c.Months, len(c.Only), step.Subscription.Periods))
		case step.End != nil:
			out = append(out, fmt.Sprintf("end %s %t", step.End.SubscriptionID, step.End.Refund))
		}
	}
	for _, q := range d.Queue {
		if q.Gives() {
			out = append(out, fmt.Sprintf("then %d", q.Reward.FreePeriods))
		} else {
			out = append(out, fmt.Sprintf("off %s %s", q.Reward.Discount.Value, q.Side))
		}
	}
	return strings.Join(out, "; ")
}

func TestWhatFreePeriodsComeTo(t *testing.T) {
	for name, tt := range map[string]struct {
		customer AttachState
		gift     QueuedReward
		want     string
	}{
		"no plan":               {customerOf(), months("pro", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 1"},
		"no plan, card":         {customerOf(paying), months("pro", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 0"},
		"the free plan":         {customerOf(holding("free")), months("pro", 3), "free_periods; subscribe 100% months 3 of 1, ends 3"},
		"a plan that was given": {customerOf(holding("premium")), months("pro", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 1"},
		"two years":             {customerOf(paying), months("pro_year", 2), "free_periods; subscribe 100% months 24 of 1, ends 0"},
		"a fee as well":         {customerOf(paying), months("plan_setup", 1), "free_periods; subscribe 100% one_off 0 of 2, ends 0"},
		"a lower plan":          {customerOf(paying, holding("hobby_paid", onSubscription)), months("pro", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 0; end sub_hobby_paid true"},
		"the same plan":         {customerOf(paying, holding("pro", onSubscription)), months("pro", 2), "free_periods_off; off 20 referrer; off 20 "},
		"a higher plan":         {customerOf(paying, holding("premium", onSubscription)), months("pro", 1), "free_periods_off; off 20 referrer"},
		"an equal plan":         {customerOf(paying, holding("pro_use", onSubscription)), months("pro", 1), "free_periods_off; off 20 referrer"},
		"another group":         {customerOf(paying, holding("g1_premium", onSubscription)), months("pro", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 0"},
		"an add-on":             {customerOf(paying, holding("premium", onSubscription)), months("addon_words", 1), "free_periods; subscribe 100% one_off 0 of 1, ends 0"},
		"an add-on that is held": {customerOf(paying, holding("addon_words", onSubscription)), months("addon_words", 1),
			"free_periods_off; off 20 referrer"},
		"a product that is gone": {customerOf(), months("gone", 1), "discount_void"},
		"one without a price":    {customerOf(), months("usage_only", 1), "discount_void"},
	} {
		d, err := tt.customer.DecideFreePeriods(tt.gift, "op_1", April)
		if err != nil || d.words() != tt.want {
			t.Errorf("%s: %q, want %q (%v)", name, d.words(), tt.want, err)
		}
		if due := d.DueNow(); due != 0 {
			t.Errorf("%s: %d is due now", name, due)
		}
		if d.Given != nil || d.Declined != nil {
			t.Errorf("%s: it is no use of a reward that a purchase comes with", name)
		}
	}
}

// A price that the customer pays and nobody else any more is all of it free.
func TestTheSamePlanAtAnotherPriceIsFree(t *testing.T) {
	s := customerOf(paying, holding("pro", onSubscription))
	next := OfItems("pro", "main", Fee("pr_pro2", "15", Monthly))
	next.Version = 2
	s.Catalog.Products["pro"] = append(s.Catalog.Products["pro"], next)
	d, err := s.DecideFreePeriods(months("pro", 1), "op_1", April)
	if err != nil || d.words() != "free_periods_off; off 20 referrer" {
		t.Fatalf("%q, %v", d.words(), err)
	}
	for _, item := range []string{"pr_pro", "pr_pro2", "pr_premium"} {
		if !slices.Contains(d.Queue[0].Reward.Discount.PriceIDs, item) {
			t.Errorf("%s is not lowered: %v", item, d.Queue[0].Reward.Discount.PriceIDs)
		}
	}
	custom := ProductOf(s.Catalog, s.Products[0])
	s.Products[0].Custom = &custom
	if d, _ = s.DecideFreePeriods(months("pro", 1), "op_1", April); !d.Queue[0].Reward.Discount.ApplyToAll {
		t.Errorf("items of one's own are not lowered: %+v", d.Queue[0].Reward.Discount)
	}
}

func TestWhenFreePeriodsWait(t *testing.T) {
	tomorrow := April.Add(24 * time.Hour)
	page := func(slot string, state OperationState) situation {
		return func(s *AttachState) { s.Operations = []Operation{{ID: "op_p", State: state, Slots: []string{slot}}} }
	}
	soon := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, April.Add(time.Hour) }
	for name, tt := range map[string]struct {
		customer AttachState
		want     time.Time
	}{
		"no plan":                          {customerOf(), time.Time{}},
		"the same plan":                    {customerOf(holding("pro", onSubscription)), time.Time{}},
		"one that ends":                    {customerOf(holding("pro", onSubscription, endsInMay)), tomorrow},
		"one that ends soon":               {customerOf(holding("premium", onSubscription, soon)), April.Add(time.Hour)},
		"a lower one that ends":            {customerOf(holding("hobby_paid", onSubscription, endsInMay)), time.Time{}},
		"a downgrade is scheduled":         {customerOf(holding("premium", onSubscription, endsInMay), waits("pro", "sub_premium")), time.Time{}},
		"a free plan is scheduled":         {customerOf(holding("premium", onSubscription, endsInMay), waits("free", "")), tomorrow},
		"the plan is past due":             {customerOf(holding("pro", onSubscription, pastDue)), time.Time{}},
		"a lower plan is past due":         {customerOf(holding("hobby_paid", onSubscription, pastDue)), tomorrow},
		"staff changed the subscription":   {customerOf(holding("pro", onSubscription, func(cp *CustomerProduct) { cp.ChangedAtStripe = PausedAtStripe })), tomorrow},
		"a page of the group is open":      {customerOf(page("group:main", AwaitingCheckout)), tomorrow},
		"a page of another group is open":  {customerOf(page("group:g1", AwaitingCheckout)), time.Time{}},
		"what the page sold is being done": {customerOf(page("group:main", Running)), time.Time{}},
	} {
		if got := tt.customer.GiftWaits(tt.customer.Catalog, months("pro", 1), April); !got.Equal(tt.want) {
			t.Errorf("%s: until %s, want %s", name, got, tt.want)
		}
	}
}

// waits lets a product follow in May.
func waits(id, subscription string) situation {
	return func(s *AttachState) {
		s.Products = append(s.Products, CustomerProduct{ID: "cp_next", ProductID: id, Version: 1, Group: "main", Status: Scheduled, StartsAt: May, SubscriptionID: subscription})
	}
}

func pastDue(cp *CustomerProduct) { cp.Status = PastDue }

// Without a card the product has the end that Stripe has, and the default waits for it.
func TestFreePeriodsWithoutACardEnd(t *testing.T) {
	s := customerOf(holding("free"))
	s.Queue = []QueuedReward{months("pro", 1)}
	d, err := s.DecideFreePeriods(s.Queue[0], "op_1", April)
	if err != nil {
		t.Fatal(err)
	}
	r := Results{CustomerID: "cus_stripe", SubscriptionID: "sub_1", Period: money.Period{Start: April, End: May}, CanceledAt: April, Ends: May}
	op := Operation{ID: "op_1", Command: "apply_reward", Decision: d}
	done := op.Settle(s.State, s.Catalog, r, April)
	var rows []string
	for _, cp := range done.Products {
		rows = append(rows, fmt.Sprintf("%s %s by %s, ends %s, card %s", cp.ProductID, cp.At(April), cp.CreatedBy, cp.EndsAt.Format("02.01."), cp.CardCheckAt.Format("02.01.")))
	}
	want := "free expired by , ends 01.04., card 01.01. | pro active by rr_1, ends 01.05., card 30.04. | free scheduled by , ends 01.01., card 01.01."
	if got := strings.Join(rows, " | "); got != want {
		t.Errorf("products\n%s, want\n%s", got, want)
	}
	if done.Unqueued == nil || !done.Applied || len(done.Queued) > 0 {
		t.Errorf("the queue: %+v %t %+v", done.Unqueued, done.Applied, done.Queued)
	}
	goesOn := saved(s.State, done)
	goesOn.Queue = []QueuedReward{months("pro", 1)}
	pro := goesOn.CardCheckDue(May.Add(-24 * time.Hour))
	if pro == nil || goesOn.CardCheckDue(May.Add(-25*time.Hour)) != nil {
		t.Fatalf("when a card is looked for: %+v", pro)
	}
	if again := pro.WithoutCard(pro.CardCheckAt); !again.CardCheckAt.Equal(May.Add(-time.Hour)) || !again.WithoutCard(again.CardCheckAt).CardCheckAt.IsZero() {
		t.Errorf("looked for again at %s", again.CardCheckAt)
	}
	d, err = DecideGoesOn(goesOn, s.Catalog, *pro, pro.CardCheckAt)
	if err != nil || len(d.Steps) != 1 || d.Steps[0].Plan == nil || d.Steps[0].Plan.Ends {
		t.Fatalf("with a card: %+v, %v", d, err)
	}
	kept := Operation{ID: "op_2", Command: "go_on", Decision: d}.Settle(goesOn, s.Catalog, Results{}, pro.CardCheckAt)
	for _, cp := range kept.Products {
		if cp.ProductID == "pro" && (!cp.EndsAt.IsZero() || !cp.CardCheckAt.IsZero()) {
			t.Errorf("with a card: %+v", cp)
		}
	}
	if len(kept.Gone) != 1 || len(kept.Queued) != 1 || !kept.Queued[0].NextCheckAt.Equal(pro.CardCheckAt.Add(time.Minute)) {
		t.Errorf("what waited: %+v %+v", kept.Gone, kept.Queued)
	}
}

// Gifts stand beside the discounts of the queue: each is looked after, and none is in the
// way of another.
func TestGiftsAndDiscountsInOneQueue(t *testing.T) {
	c := RewardCatalog()
	s := queued(c, "five", "tenth")
	two := months("pro", 2)
	two.Since = redeemTime.Add(-time.Hour)
	s.Queue = slices.Insert(s.Queue, 0, two)
	if d, ok := s.NextReward(c); !ok || d.Reward.RedemptionID != "rr_five" {
		t.Errorf("the next discount: %+v", d.Reward)
	}
	if g := s.NextGift(); g == nil || g.RedemptionID != "rr_1" {
		t.Errorf("the next gift: %+v", g)
	}
	if q := s.join(months("pro", 1), redeemTime); q.NextCheckAt.IsZero() {
		t.Error("nobody looks after a gift behind a discount")
	}
	held := AttachState{State: s, Catalog: c}
	held.Products = []CustomerProduct{{ID: "cp_1", ProductID: "pro", Version: 1, Group: "main", Status: Active, SubscriptionID: "sub_1"}}
	d, err := held.DecideFreePeriods(two, "op_1", redeemTime)
	if err != nil {
		t.Fatal(err)
	}
	done := Operation{ID: "op_1", Decision: d}.Settle(s, c, Results{}, redeemTime)
	var looked []string
	for _, q := range done.Queued {
		looked = append(looked, fmt.Sprint(q.RedemptionID, q.Side, !q.NextCheckAt.IsZero()))
	}
	if got := strings.Join(looked, " "); got != "rr_1referrer true rr_1 false rr_five referrer false" && got != "rr_1referrertrue rr_1false rr_fivereferrerfalse" {
		t.Errorf("who is looked after: %s", got)
	}
	if done.Unqueued == nil || done.Applied {
		t.Errorf("it is applied with its first discount: %+v", done)
	}
}
