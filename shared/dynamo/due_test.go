package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// found lists the ids that are due in the shard of a customer.
func found(t *testing.T, s *Store, customerKey string, now time.Time) (ids []string, page []app.Due) {
	t.Helper()
	page, more, err := s.Due(t.Context(), env, ShardOf(customerKey), now, nil, 100)
	must(t, err)
	if more {
		t.Fatal("there are more")
	}
	for _, d := range page {
		ids = append(ids, d.ID())
	}
	return ids, page
}

func held(id string, change func(*billing.CustomerProduct)) app.SaveCustomerProduct {
	cp := billing.CustomerProduct{ID: id, ProductID: "pro", Status: billing.Active, StartsAt: april}
	change(&cp)
	return app.SaveCustomerProduct{Key: "ada", Product: cp}
}

func TestARowIsDueWhileSomethingIsToCome(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	ends := func(cp *billing.CustomerProduct) { cp.EndsAt = may }
	waits := func(cp *billing.CustomerProduct) { cp.Status, cp.StartsAt = billing.Scheduled, may.Add(-time.Hour) }
	stripe := func(cp *billing.CustomerProduct) {
		cp.SubscriptionID, cp.Period = "sub_1", money.Period{Start: april, End: may}
	}
	must(t, s.Commit(t.Context(), env, held("cp_ends", ends), held("cp_waits", waits), held("cp_stripe", stripe),
		held("cp_free", func(*billing.CustomerProduct) {}), app.SaveOperation{Key: "ada", Operation: billing.Operation{ID: "op_1"}, Due: may.Add(time.Minute)}))
	for _, tt := range []struct {
		at   time.Time
		want []string
	}{
		{may.Add(-2 * time.Hour), nil},
		{may.Add(-time.Second), []string{"cp_waits"}},
		{may, []string{"cp_waits", "cp_ends"}},
		{may.Add(billing.Grace), []string{"cp_waits", "cp_ends", "op_1", "cp_stripe"}},
	} {
		if got, _ := found(t, s, "ada", tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("at %s: %v, want %v", tt.at, got, tt.want)
		}
	}
	over := func(cp *billing.CustomerProduct) { cp.Status, cp.EndsAt = billing.Expired, may }
	begun := func(cp *billing.CustomerProduct) { cp.StartsAt = may }
	next := func(cp *billing.CustomerProduct) { stripe(cp); cp.Period.End = may.AddDate(0, 1, 0) }
	must(t, s.Commit(t.Context(), env, held("cp_ends", over), held("cp_waits", begun), held("cp_stripe", next), app.EndOperation{Key: "ada", ID: "op_1"}))
	if got, _ := found(t, s, "ada", may.Add(billing.Grace)); len(got) != 0 {
		t.Errorf("due still: %v", got)
	}
	if other, _, err := s.Due(t.Context(), catalog.Live, ShardOf("ada"), may.AddDate(1, 0, 0), nil, 100); err != nil || len(other) != 0 {
		t.Errorf("in the other environment: %v, %v", other, err)
	}
}

// A moment within a second is due when the second is over: what a run finds at
// a whole second has really begun or ended.
func TestNothingIsDueBeforeItsTime(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	must(t, s.Commit(t.Context(), env, held("cp_1", func(cp *billing.CustomerProduct) { cp.EndsAt = may.Add(300 * time.Millisecond) })))
	if got, _ := found(t, s, "ada", may); len(got) != 0 {
		t.Errorf("due 300 ms early: %v", got)
	}
	if got, _ := found(t, s, "ada", may.Add(time.Second)); len(got) != 1 {
		t.Errorf("due: %v", got)
	}
}

func TestARowThatIsPutOffLeavesItsPlaceToOthers(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	ends := func(cp *billing.CustomerProduct) { cp.EndsAt = may }
	must(t, s.Commit(t.Context(), env, held("cp_1", ends), held("cp_2", ends)))
	_, page := found(t, s, "ada", may)
	for n := range 3 {
		d := page[0]
		if d.ProductID != "cp_1" || d.Key != "ada" || d.Tries != n {
			t.Fatalf("put off %d times: %+v", n, d)
		}
		at := may.Add(time.Duration(n+1) * time.Hour)
		must(t, s.Commit(t.Context(), env, app.Postpone{Due: d, Until: at}))
		if got, _ := found(t, s, "ada", at.Add(-time.Second)); !slices.Equal(got, []string{"cp_2"}) {
			t.Errorf("before its time: %v", got)
		}
		var got []string
		if got, page = found(t, s, "ada", at); !slices.Equal(got, []string{"cp_2", "cp_1"}) {
			t.Errorf("at its time: %v", got)
		}
		page = page[1:]
		if !page[0].At.Equal(at) {
			t.Errorf("due at %s, want %s", page[0].At, at)
		}
		if err := s.Commit(t.Context(), env, app.Postpone{Due: d, Until: at}); !app.ConflictIn[app.Postpone](err) {
			t.Errorf("put off as it is no more: %v", err)
		}
	}
	state, _, err := s.State(t.Context(), env, "ada")
	if err != nil || len(state.Products) != 2 || state.Products[0].ProductID != "pro" || !state.Products[0].EndsAt.Equal(may) {
		t.Errorf("the product was touched: %+v, %v", state.Products, err)
	}
}

// A queued reward is found, put off, and read past, like all that is due.
func TestAQueuedRewardIsDue(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	q := billing.QueuedReward{RedemptionID: "rr_1", Since: april.Add(123456 * time.Microsecond), NextCheckAt: may}
	behind := billing.QueuedReward{RedemptionID: "rr_2", Since: april.Add(time.Second)}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}},
		app.QueueReward{Key: "ada", Queued: q}, app.QueueReward{Key: "ada", Queued: behind}))
	got, page := found(t, s, "ada", may)
	if !slices.Equal(got, []string{"rr_1"}) || page[0].RedemptionID != "rr_1" || page[0].Key != "ada" || !page[0].At.Equal(may) {
		t.Fatalf("due: %+v", page)
	}
	if rest, more, err := s.Due(t.Context(), env, ShardOf("ada"), may, &page[0], 1); err != nil || len(rest) != 0 || more {
		t.Errorf("behind it: %+v, %v, %v", rest, more, err)
	}
	must(t, s.Commit(t.Context(), env, app.Postpone{Due: page[0], Until: may.Add(time.Hour)}))
	if got, _ := found(t, s, "ada", may.Add(time.Hour-time.Second)); len(got) != 0 {
		t.Errorf("put off: %v", got)
	}
	if _, page := found(t, s, "ada", may.Add(time.Hour)); len(page) != 1 || page[0].RedemptionID != "rr_1" || page[0].Tries != 1 {
		t.Errorf("an hour later: %+v", page)
	}
	state, _, err := s.State(t.Context(), env, "ada")
	if err != nil || len(state.Queue) != 2 || !state.Queue[0].Since.Equal(q.Since) {
		t.Errorf("the queue was touched: %+v, %v", state.Queue, err)
	}
	must(t, s.Commit(t.Context(), env, app.UnqueueReward{Key: "ada", Queued: q}))
	if got, _ := found(t, s, "ada", may.AddDate(1, 0, 0)); len(got) != 0 {
		t.Errorf("due when it is gone: %v", got)
	}
}

func TestDueRowsComeInPages(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var want []string
	for i := range 7 {
		id := fmt.Sprintf("cp_%d", i)
		want = append(want, id)
		must(t, s.Commit(t.Context(), env, held(id, func(cp *billing.CustomerProduct) { cp.EndsAt = may.Add(time.Duration(i/2) * time.Second) })))
	}
	var got []string
	var after *app.Due
	for more := true; more; {
		page, next, err := s.Due(t.Context(), env, ShardOf("ada"), may.Add(time.Minute), after, 3)
		must(t, err)
		for _, d := range page {
			got = append(got, d.ProductID)
		}
		if more = next; len(page) > 0 {
			after = &page[len(page)-1]
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A place in the index that nobody can read must not hide the rows behind it.
func TestARowThatMakesNoSenseIsStillFound(t *testing.T) {
	t.Parallel()
	got := readDue(env, row{"PK": text("sandbox#CUS#a#b"), "SK": text("PRODUCT#cp_1"), "due_sk": text("nonsense#cp_1#x")})
	if want := (app.Due{Key: "a#b", ProductID: "cp_1", Mark: "nonsense#cp_1#x"}); got != want {
		t.Errorf("got %+v", got)
	}
}
