package dynamo

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// A hooked client calls what a test does before a transaction, and after it, by its number.
type hooked struct {
	*dynamodb.Client
	n             int
	before, after func(n int) error
}

func (h *hooked) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	h.n++
	n := h.n
	if h.before != nil {
		if err := h.before(n); err != nil {
			return nil, err
		}
	}
	out, err := h.Client.TransactWriteItems(ctx, in, o...)
	if err == nil && h.after != nil {
		err = h.after(n)
	}
	return out, err
}

func upgradeBy(t *testing.T, s *Store, h *hooked) (changed int, err error) {
	t.Helper()
	h.Client = s.client.(*dynamodb.Client)
	by := s.another()
	by.client, by.pause = h, func(context.Context, int) bool { return false }
	return by.Upgrade(t.Context(), h.Client)
}

// rowsOfBefore has a row of each kind that the upgrade changes, as an earlier release wrote it.
func rowsOfBefore(t *testing.T) *Store {
	t.Helper()
	_, s := fresh(t)
	oneOfEach(t, s)
	severalCodes(t, s)
	asBefore(t, s)
	for _, r := range allRows(t, s) {
		for _, name := range []string{"codes", "first_codes", "holds", "device_pk", "facing"} {
			delete(r, name)
		}
		if sk := r.text("SK"); len(sk) > 4 && (sk[:5] == "CODE#" || sk[:5] == "LOST#") || r.text("list_pk") == codesPK(env) {
			delete(r, "list_pk")
			delete(r, "list_sk")
		}
		put(t, s, r)
	}
	return s
}

func rowsByKey(t *testing.T, s *Store) map[key]row {
	t.Helper()
	by := map[key]row{}
	for _, r := range allRows(t, s) {
		by[key{r.text("PK"), r.text("SK")}] = r
	}
	return by
}

// An upgrade that dies at any write, before or after it, is ended by the next one: the rows are those of an upgrade that did
// not die. Once more changes nothing.
func TestAnUpgradeThatDiesIsEndedByTheNext(t *testing.T) {
	t.Parallel()
	s := rowsOfBefore(t)
	whole := &hooked{}
	if changed, err := upgradeBy(t, s, whole); err != nil || changed < 12 {
		t.Fatalf("%d rows were upgraded: %v", changed, err)
	}
	want := rowsByKey(t, s)
	for n := 1; n <= whole.n; n++ {
		for _, when := range []string{"before", "after"} {
			s := rowsOfBefore(t)
			die := func(at int) error {
				if at == n {
					return errors.New("the process died")
				}
				return nil
			}
			h := &hooked{before: die}
			if when == "after" {
				h = &hooked{after: die}
			}
			if _, err := upgradeBy(t, s, h); err == nil {
				t.Errorf("write %d, %s: the upgrade did not notice", n, when)
			}
			for pass := range 2 {
				changed, err := upgradeBy(t, s, &hooked{})
				if err != nil || pass > 0 && changed > 0 {
					t.Errorf("write %d, %s, pass %d: %d rows, %v", n, when, pass+1, changed, err)
				}
			}
			if diff := cmp.Diff(want, rowsByKey(t, s), sameValues); diff != "" {
				t.Errorf("write %d, %s (-want +got):\n%s", n, when, diff)
			}
		}
	}
}

// What the functions write before any write of an upgrade, the upgrade leaves as they wrote it: nothing gets a place in the
// list of what waits that it has left meanwhile.
func TestFunctionsWriteDuringAnUpgrade(t *testing.T) {
	t.Parallel()
	count := &hooked{}
	if _, err := upgradeBy(t, rowsOfBefore(t), count); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= count.n; n++ {
		s := rowsOfBefore(t)
		h := &hooked{before: func(at int) error {
			if at != n {
				return nil
			}
			for _, w := range []app.Write{
				app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active}},
				app.EndOperation{Key: "ada", ID: "op_1"}, app.CloseRedemption{Key: "ada", ID: "rr_1"},
			} {
				must(t, s.Commit(t.Context(), env, w))
			}
			return nil
		}}
		_, err := upgradeBy(t, s, h)
		must(t, err)
		if changed, err := upgradeBy(t, s, &hooked{}); err != nil || changed > 0 {
			t.Errorf("write %d: another pass changes %d rows, %v", n, changed, err)
		}
		const want = "map[differs:1] false map[20270401:1] map[usd:map[202704:1500]]"
		if got := waitingIn(t, s); got != want {
			t.Errorf("write %d: %s, want %s", n, got, want)
		}
		if holds := holdsOf(t, s, "ada")["ada"]; len(holds) != 1 || holds[0].ProductID != "pro" {
			t.Errorf("write %d: ada holds %+v", n, holds)
		}
	}
}

// A code that is made while the codes of its reward are counted is counted, too.
func TestACodeIsMadeDuringAnUpgrade(t *testing.T) {
	t.Parallel()
	for n := range 30 {
		s := rowsOfBefore(t)
		_, err := upgradeBy(t, s, &hooked{before: func(at int) error {
			if at != n {
				return nil
			}
			counts, err := s.RewardCounts(t.Context(), env, "rew_1")
			must(t, err)
			code := reward.PromoCode{Code: "LATE", RewardID: "rew_1", CreatedAt: april}
			must(t, s.Commit(t.Context(), env, app.SavePromoCode{Placement: reward.Placement{Code: code, New: true}}, app.CountCodes{RewardID: "rew_1", Made: app.CodesMade{Before: counts["rew_1"], Texts: []string{"LATE"}}}))
			return nil
		}})
		must(t, err)
		counts, err := s.RewardCounts(t.Context(), env, "rew_1")
		must(t, err)
		made := len(slices.DeleteFunc(codesIn(t, s, 50), func(c string) bool {
			return !slices.Contains([]string{"VIP rew_1 0", "SPRING rew_1 0", "LATE rew_1 0"}, c)
		}))
		if got := counts["rew_1"].Codes; got != made {
			t.Errorf("made at write %d: %d codes are counted, %d are there", n, got, made)
		}
	}
}

// sameValues compares rows by their attributes.
var sameValues = cmp.Exporter(func(reflect.Type) bool { return true })

// More of a payment goes back before any write of an upgrade, or all of it comes again: the revenue is what the company has.
func TestAPaymentGoesBackDuringAnUpgrade(t *testing.T) {
	t.Parallel()
	returned := func(s *Store, now money.Amount) error {
		noted, err := s.ReturnedPayment(t.Context(), env, "cus_1", "ch_1")
		must(t, err)
		before := noted.Refunded
		if noted.Uncounted {
			before = 0
		}
		w := app.Write(app.SaveReturnedPayment{InternalID: "cus_1", Payment: billing.ReturnedPayment{ChargeID: "ch_1", InvoiceID: "in_1", Refunded: now}, Uncounted: noted.Uncounted})
		if now == 0 {
			w = app.ForgetReturnedPayment{InternalID: "cus_1", ChargeID: "ch_1", Uncounted: noted.Uncounted}
		}
		return s.Commit(t.Context(), env, w, app.CountRevenue{At: april, Of: "ch_1", Currency: "usd", Amount: before - now})
	}
	count := &hooked{}
	if _, err := upgradeBy(t, rowsOfBefore(t), count); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= count.n+1; n++ {
		for now, want := range map[money.Amount]string{800: "map[usd:map[202704:1200]]", 0: "map[usd:map[202704:2000]]"} {
			s := rowsOfBefore(t)
			_, err := upgradeBy(t, s, &hooked{before: func(at int) error {
				if at == n {
					must(t, returned(s, now))
				}
				return nil
			}})
			must(t, err)
			if n > count.n {
				must(t, returned(s, now))
			}
			figures, err := s.Figures(t.Context(), env, april.AddDate(0, 0, -1))
			must(t, err)
			if got := fmt.Sprint(figures.Revenue); got != want {
				t.Errorf("%d back before write %d: %s, want %s", now, n, got, want)
			}
		}
	}
	s := rowsOfBefore(t) // what was read before the upgrade counted it is stale after
	noted, err := s.ReturnedPayment(t.Context(), env, "cus_1", "ch_1")
	must(t, err)
	_, err = upgradeBy(t, s, &hooked{})
	must(t, err)
	for _, w := range []app.Write{app.SaveReturnedPayment{InternalID: "cus_1", Payment: noted, Uncounted: noted.Uncounted}, app.ForgetReturnedPayment{InternalID: "cus_1", ChargeID: "ch_1", Uncounted: noted.Uncounted}} {
		if err := s.Commit(t.Context(), env, w); !errors.Is(err, refusal.ErrStale) {
			t.Errorf("%T: %v", w, err)
		}
	}
}
