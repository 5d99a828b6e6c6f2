package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/tests/shoptest"
)

// damaged is a store in which one redemption can't be read.
type damaged struct {
	app.Store
	id     string
	mended atomic.Bool
}

func (d *damaged) Redemption(ctx context.Context, env catalog.Env, id string) (referral.Redemption, bool, error) {
	if id == d.id && !d.mended.Load() {
		return referral.Redemption{}, false, errors.New("damaged")
	}
	return d.Store.Redemption(ctx, env, id)
}

// One redemption that can't be closed keeps none of the others open, is counted as
// failed, and is closed when it can be.
func TestARedemptionThatFailsKeepsNoOtherOpen(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	store := &damaged{Store: a.Store, id: "rr_005"}
	a.Store = store
	const n = 205 // three pages, of which the failing one is in the last, as the newest come first
	for i := range n {
		r := referral.Redemption{ID: fmt.Sprintf("rr_%03d", i), Code: "ABC", ProgramID: "rs_1", RedeemerID: "gone", ReferrerInternalID: "cus_ada", RedeemerInternalID: fmt.Sprint("cus_gone", i)}.
			Begin(referral.Pending, false, shoptest.Caller.Now.Add(time.Duration(i)*time.Second))
		must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.NewRedemption{Redemption: r}))
	}
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.CloseProgram{Of: "rs_1", Due: ends}))
	open := func() (n int) {
		for cursor := "start"; cursor != ""; {
			page, next, err := a.Store.Redemptions(t.Context(), catalog.Sandbox, app.RedemptionsOf{ProgramID: "rs_1"}, strings.TrimPrefix(cursor, "start"), 100)
			must(t, err)
			for _, r := range page {
				if r.Status == referral.Pending {
					n++
				}
			}
			cursor = next
		}
		return n
	}
	run := func(from int) (failed int) {
		for i := range 4 {
			failed += sweeps(t, a, ends.Add(time.Duration(from+i)*time.Minute)).Failed
		}
		return failed
	}
	for _, from := range []int{0, 20} {
		if failed, stay := run(from), open(); failed != 1 || stay != 1 {
			t.Errorf("after %d minutes %d failed and %d stay, want 1 and 1", from, failed, stay)
		}
	}
	store.mended.Store(true)
	if failed := run(40); failed != 0 {
		t.Errorf("when it is mended %d failed", failed)
	}
	if got := open(); got != 0 {
		t.Errorf("%d stay open", got)
	}
	if _, found, err := a.Store.Closing(t.Context(), catalog.Sandbox, "rs_1"); err != nil || found {
		t.Errorf("the row is there still: %t, %v", found, err)
	}
}
