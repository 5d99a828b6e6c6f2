package app_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

// ends is when the trials of these tests end.
var ends = shoptest.Caller.Now.AddDate(0, 0, 7)

// trying files customers whose trial ends, and whose default waits for that
// day: a downgrade that nobody but the schedule carries out.
func trying(t *testing.T, a *app.App, customers ...string) {
	t.Helper()
	for _, id := range customers {
		s := billing.State{Customer: billing.Customer{ID: id, InternalID: "cus_" + id, CreatedAt: shoptest.Caller.Now}}
		trial := billing.CustomerProduct{ID: "cp_" + id, ProductID: "try", Version: 1, Group: "main", Status: billing.Active,
			StartsAt: shoptest.Caller.Now, TrialEnds: ends, EndsAt: ends, Quantity: 1}
		next := billing.CustomerProduct{ID: "cp_" + id + "_after", ProductID: "free", Version: 1, Group: "main",
			Status: billing.Scheduled, StartsAt: ends, Quantity: 1}
		must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomer{Customer: s.Customer},
			app.SaveCustomerProduct{Key: id, Product: trial}, app.SaveCustomerProduct{Key: id, Product: next}))
	}
}

// poison files customers on subscriptions that Stripe refuses to tell about,
// due before all others.
func poison(t *testing.T, a *app.App, customers ...string) {
	t.Helper()
	for _, id := range customers {
		cp := billing.CustomerProduct{ID: "cp_" + id, ProductID: "pro", Status: billing.Active, StartsAt: shoptest.Caller.Now, SubscriptionID: "sub_" + id,
			Period: money.Period{Start: shoptest.Caller.Now.Add(-2 * billing.Grace), End: ends.Add(-2 * billing.Grace)}, Quantity: 1}
		must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomerProduct{Key: id, Product: cp},
			app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: "cus_" + id, StripeID: "cus_S"}}))
	}
}

// silent is a Stripe that tells nothing about any subscription.
type silent struct {
	app.Payments
	asked atomic.Int64
}

func (s *silent) Subscription(_ context.Context, _ catalog.Env, id string) (billing.Subscription, error) {
	if s.asked.Add(1)%2 == 0 {
		panic("a bug met " + id)
	}
	return billing.Subscription{}, refusal.ErrStripeUnavailable
}

// inShard names customers of one shard of the due index.
func inShard(name string, n int) (ids []string) {
	for i := 0; len(ids) < n; i++ {
		if id := fmt.Sprint(name, i); dynamo.ShardOf(id) == 5 {
			ids = append(ids, id)
		}
	}
	return ids
}

func sweeps(t *testing.T, a *app.App, now time.Time) app.Sweep {
	t.Helper()
	done, err := a.RunSweep(t.Context(), now)
	must(t, err)
	return done
}

// closed fails unless the customer's downgrade is carried out, once.
func closed(t *testing.T, a *app.App, id string) {
	t.Helper()
	s, _, err := a.Store.State(t.Context(), catalog.Sandbox, id)
	must(t, err)
	for _, cp := range s.Products {
		if want := map[string]billing.Status{"try": billing.Expired, "free": billing.Active}[cp.ProductID]; cp.Status != want {
			t.Errorf("%s: %s is %s, want %s", id, cp.ProductID, cp.Status, want)
		}
	}
	history, _, err := a.Store.Audit(t.Context(), catalog.Sandbox, "cus_"+id, "", 100)
	must(t, err)
	if len(history) != 1 || history[0].Actor != "schedule" || history[0].Action != "close" {
		t.Errorf("%s: the history is %+v", id, history)
	}
}

func TestASweepCarriesOutWhatIsDue(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	trying(t, a, "ada", "bob", "cyd")
	if got := sweeps(t, a, ends.Add(-time.Second)); got != (app.Sweep{}) {
		t.Errorf("before the time: %+v", got)
	}
	if got := sweeps(t, a, ends.Add(4*time.Minute)); got != (app.Sweep{Swept: 6, Lag: 4 * time.Minute}) {
		t.Errorf("at the time: %+v", got)
	}
	for _, id := range []string{"ada", "bob", "cyd"} {
		closed(t, a, id)
	}
	if got := sweeps(t, a, ends.AddDate(1, 0, 0)); got != (app.Sweep{}) {
		t.Errorf("a second time: %+v", got)
	}
}

func TestRunsAtOnceAreHarmless(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprint("customer_", i))
	}
	trying(t, a, ids...)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			done, err := a.RunSweep(t.Context(), ends)
			if err != nil || done.Failed != 0 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		closed(t, a, id)
	}
}

// A hundred and twenty rows that can't be dealt with are older than one that
// can, in the same shard.
func TestWhatFailsDoesNotStandInTheWay(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	stripe := &silent{}
	a.Payments = stripe
	poison(t, a, inShard("bad", 120)...)
	good := inShard("good", 2)
	trying(t, a, good...)
	if got := sweeps(t, a, ends); got.Failed != 120 || got.Swept != 4 || got.Lag != billing.Grace {
		t.Errorf("first: %+v", got)
	}
	for _, id := range good {
		closed(t, a, id)
	}
	asked := stripe.asked.Load()
	if got := sweeps(t, a, ends.Add(time.Minute)); got != (app.Sweep{}) || stripe.asked.Load() != asked {
		t.Errorf("a minute later: %+v", got)
	}
	at := ends // each time they rest twice as long, up to half an hour
	for _, rest := range []time.Duration{5, 10, 20, 30, 30} {
		if got := sweeps(t, a, at.Add(rest*time.Minute-time.Second)); got != (app.Sweep{}) {
			t.Errorf("too early, %d minutes after: %+v", rest, got)
		}
		if got := sweeps(t, a, at.Add(rest*time.Minute)); got.Failed != 120 || got.Swept != 0 {
			t.Errorf("%d minutes after: %+v", rest, got)
		}
		at = at.Add(rest * time.Minute)
	}
}

// What dates alone decide needs no answer of Stripe's.
func TestDatesDoNotWaitForStripe(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	a.Payments = &silent{}
	trying(t, a, "ada")
	add := billing.CustomerProduct{ID: "cp_add", ProductID: "words", AddOn: true, Status: billing.Active, SubscriptionID: "sub_1",
		Period: money.Period{Start: shoptest.Caller.Now, End: ends.Add(-billing.Grace)}, Quantity: 1}
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomerProduct{Key: "ada", Product: add}))
	if got := sweeps(t, a, ends); got.Failed == 0 {
		t.Errorf("%+v", got)
	}
	s, _, err := a.Store.State(t.Context(), catalog.Sandbox, "ada")
	must(t, err)
	for _, cp := range s.Products {
		if want := map[string]billing.Status{"try": billing.Expired, "free": billing.Active, "words": billing.Active}[cp.ProductID]; cp.Status != want {
			t.Errorf("%s is %s, want %s", cp.ProductID, cp.Status, want)
		}
	}
}

// unchanged is a Stripe to which nothing has happened.
type unchanged struct {
	app.Payments
	asked atomic.Int64
}

func (u *unchanged) Subscription(_ context.Context, _ catalog.Env, id string) (billing.Subscription, error) {
	u.asked.Add(1)
	return billing.Subscription{ID: id, Status: "active", Period: money.Period{Start: shoptest.Caller.Now.Add(-2 * billing.Grace), End: ends.Add(-2 * billing.Grace)}}, nil
}

func TestStripeIsNotAskedAgainAndAgain(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	stripe := &unchanged{}
	a.Payments = stripe
	poison(t, a, "ada")
	for _, tt := range []struct {
		after time.Duration
		asked int64
	}{{0, 1}, {5 * time.Minute, 1}, {billing.Grace - time.Second, 1}, {billing.Grace, 2}} {
		got := sweeps(t, a, ends.Add(tt.after))
		if stripe.asked.Load() != tt.asked || got.Failed != 0 || got.Swept != 0 {
			t.Errorf("after %s: asked %d times, want %d: %+v", tt.after, stripe.asked.Load(), tt.asked, got)
		}
	}
}

// counted lets something happen after so many commits.
type counted struct {
	app.Store
	left atomic.Int64
	then func()
}

func (c *counted) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	err := c.Store.Commit(ctx, env, writes...)
	if c.left.Add(-1) == 0 {
		c.then()
	}
	return err
}

func TestARunThatIsCutOffIsTakenUpByTheNext(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	ids := inShard("customer", 150)
	trying(t, a, ids...)
	plain := *a
	ctx, stop := context.WithCancel(t.Context())
	store := &counted{Store: a.Store, then: stop}
	store.left.Store(70)
	a.Store = store
	first, err := a.RunSweep(ctx, ends)
	if err != nil || !first.Cut || first.Failed != 0 || first.Swept == 0 || first.Swept > 140 {
		t.Errorf("cut off: %+v, %v", first, err)
	}
	if second := sweeps(t, &plain, ends); second.Cut || first.Swept+second.Swept < 298 {
		t.Errorf("%d rows before, and then %+v", first.Swept, second)
	}
	for _, id := range ids {
		closed(t, &plain, id)
	}
}

// A run keeps 20 seconds to end in order.
func TestARunWithoutTimeBeginsNothing(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	trying(t, a, "ada")
	ctx, cancel := context.WithTimeout(t.Context(), 19*time.Second)
	defer cancel()
	if got, err := a.RunSweep(ctx, ends); err != nil || got != (app.Sweep{Cut: true}) {
		t.Errorf("%+v, %v", got, err)
	}
	long, done := context.WithTimeout(t.Context(), 10*time.Minute)
	defer done()
	if got, err := a.RunSweep(long, ends); err != nil || got != (app.Sweep{Swept: 2}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// blind is a store that can't read one shard.
type blind struct{ app.Store }

var errBlind = errors.New("no answer")

func (b blind) Due(ctx context.Context, env catalog.Env, shard int, now time.Time, after *app.Due, limit int) ([]app.Due, bool, error) {
	if shard == 5 {
		return nil, false, errBlind
	}
	return b.Store.Due(ctx, env, shard, now, after, limit)
}

func TestAShardThatCantBeReadIsReportedAndHindersNoOther(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	trying(t, a, "ada", "bob", inShard("customer", 1)[0]) // ada and bob are in other shards
	a.Store = blind{a.Store}
	got, err := a.RunSweep(t.Context(), ends)
	if !errors.Is(err, errBlind) || got.Swept != 4 {
		t.Errorf("%+v, %v", got, err)
	}
	closed(t, a, "ada")
	closed(t, a, "bob")
}
