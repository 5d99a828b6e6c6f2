package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// codesIn lists all codes by pages of n, as "TEXT reward" or "TEXT program".
func codesIn(t *testing.T, s *Store, n int) (all []string) {
	t.Helper()
	for cursor := ""; ; {
		page, next, err := s.ListedCodes(t.Context(), env, cursor, n)
		must(t, err)
		if len(page) > n {
			t.Fatalf("a page of %d has %d codes", n, len(page))
		}
		for _, c := range page {
			if c.Referral != nil {
				all = append(all, c.Referral.Code+" "+c.Referral.ProgramID)
			} else {
				all = append(all, fmt.Sprintf("%s %s %d", c.Promotion.Code, c.Promotion.RewardID, c.Used))
			}
		}
		if cursor = next; next == "" {
			return all
		}
	}
}

// severalCodes are four codes, made one minute after another: SPRING of two rewards, the
// first of which lost it, a code of one customer and a referral code.
func severalCodes(t *testing.T, s *Store) {
	t.Helper()
	at := func(minutes int) time.Time { return april.Add(time.Duration(minutes) * time.Minute) }
	old := reward.PromoCode{Code: "SPRING", RewardID: "rew_1", Inactive: true, CreatedAt: at(0)}
	must(t, s.Commit(t.Context(), env, app.SaveReward{Reward: catalog.Reward{ID: "gift", InternalID: "rew_1"}}, app.SaveReward{Reward: catalog.Reward{ID: "other", InternalID: "rew_2"}},
		app.SavePromoCode{Placement: reward.Placement{Code: old, New: true}}))
	must(t, s.Commit(t.Context(), env, app.SavePromoCode{Placement: reward.Placement{New: true,
		Code: reward.PromoCode{Code: "VIP", RewardID: "rew_1", CustomerID: "cus_1", CreatedAt: at(1)}}}))
	must(t, s.Commit(t.Context(), env, app.NewReferralCode{Code: catalog.ReferralCode{Code: "4EXWV2", OwnerID: "ada", ProgramID: "rs_1", CreatedAt: at(2)}}))
	old.Version = 1
	must(t, s.Commit(t.Context(), env, app.SavePromoCode{Placement: reward.Placement{New: true, Retired: &old, Anybody: 1,
		Code: reward.PromoCode{Code: "SPRING", RewardID: "rew_2", Version: 1, CreatedAt: at(3)}}}))
	must(t, s.Commit(t.Context(), env, app.UseReward{Reward: catalog.Reward{InternalID: "rew_2"}, Now: at(4)}))
}

var allFour = []string{"SPRING rew_2 1", "4EXWV2 rs_1", "VIP rew_1 0", "SPRING rew_1 0"}

func TestCodesAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	severalCodes(t, s)
	for n := 1; n <= 5; n++ {
		if got := codesIn(t, s, n); !slices.Equal(got, allFour) {
			t.Errorf("by %d: %v, want %v", n, got, allFour)
		}
	}
	if page, _, err := s.ListedCodes(t.Context(), catalog.Live, "", 9); err != nil || len(page) > 0 {
		t.Errorf("the other environment lists %v, %v", page, err)
	}
	_, next, err := s.ListedCodes(t.Context(), env, "", 1)
	must(t, err)
	if _, _, err := s.ListedCodes(t.Context(), catalog.Live, next, 1); err == nil {
		t.Error("a cursor of one environment is taken in another")
	}
}

// A page costs one look at the list and one at what it lists.
func TestAPageOfCodesCostsTwoRequests(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	severalCodes(t, s)
	meter := &app.Meter{}
	_, _, err := s.ListedCodes(app.WithMeter(t.Context(), meter), env, "", app.MostListed)
	must(t, err)
	if n := meter.DynamoRequests.Load(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// A code follows its owner to another id, and leaves the list with the owner.
func TestAReferralCodeIsListedAsLongAsItsOwnerIsThere(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	code := catalog.ReferralCode{Code: "4EXWV2", OwnerID: "ada", ProgramID: "rs_1", CreatedAt: april}
	must(t, s.Commit(t.Context(), env, app.NewReferralCode{Code: code}))
	rows := app.DeleteRows{Key: "ada", Codes: []catalog.ReferralCode{code}}
	code.OwnerID = "lovelace"
	must(t, s.Commit(t.Context(), env, rows, app.MoveReferralCode{Code: code}))
	page, _, err := s.ListedCodes(t.Context(), env, "", 9)
	must(t, err)
	if len(page) != 1 || page[0].Referral.OwnerID != "lovelace" {
		t.Errorf("listed after a new id: %+v", page)
	}
	rows.Key = "lovelace"
	must(t, s.Commit(t.Context(), env, rows))
	if left := codesIn(t, s, 9); left != nil {
		t.Errorf("the owner is gone, but not %v", left)
	}
}

// Codes of before there was a list get into it by the upgrade, once.
func TestOldCodesAreListedByTheUpgrade(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	severalCodes(t, s)
	stale := row(newRow(key{rewardPK(env, "rew_1"), "CODE#SPRING#"})) // as it stayed there before
	put(t, s, stale)
	for _, r := range allRows(t, s) {
		for _, name := range []string{"list_pk", "list_sk", "codes", "first_codes"} {
			delete(r, name)
		}
		put(t, s, r)
	}
	if got := codesIn(t, s, 9); got != nil {
		t.Fatalf("old rows are listed: %v", got)
	}
	if counts, err := s.RewardCounts(t.Context(), env, "rew_1"); err != nil || counts["rew_1"].Counted {
		t.Fatalf("old codes are counted: %v, %v", counts, err)
	}
	all := s.client.(*dynamodb.Client)
	for pass, want := range []int{7, 0} {
		if changed, err := s.Upgrade(t.Context(), all); err != nil || changed != want {
			t.Errorf("pass %d changed %d rows, %v; want %d", pass+1, changed, err, want)
		}
		if got := codesIn(t, s, 9); !slices.Equal(got, allFour) {
			t.Errorf("pass %d: %v, want %v", pass+1, got, allFour)
		}
		counts, err := s.RewardCounts(t.Context(), env, "rew_1", "rew_2")
		must(t, err)
		if diff := cmp.Diff(map[string]app.RewardCount{"rew_1": {Counted: true, Codes: 2, First: []string{"VIP", "SPRING"}}, "rew_2": {Used: 1, Counted: true, Codes: 1, First: []string{"SPRING"}}}, counts); diff != "" {
			t.Errorf("pass %d: codes of rewards (-want +got):\n%s", pass+1, diff)
		}
	}
}

// Only what a person did in the dashboard is an action, whosever history it is in.
func TestActionsAreWhatWasDoneInTheDashboard(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i, e := range []struct{ of, actor string }{{"cus_1", "stripe"}, {"cus_1", "dashboard:jo@x.io"}, {app.CatalogLog, "dashboard:al@x.io"}, {app.SettingsLog, "am_sk_test"}, {app.SettingsLog, "dashboard:jo@x.io"}} {
		must(t, s.Commit(t.Context(), env, app.AddAudit{InternalID: e.of, Audit: billing.Audit{ID: fmt.Sprintf("01J%d", i), At: april.Add(time.Duration(i) * time.Second), Actor: e.actor}}))
	}
	var got []string
	for cursor := ""; ; {
		page, next, err := s.Actions(t.Context(), env, cursor, 2)
		must(t, err)
		for _, a := range page {
			got = append(got, a.Of+" "+a.Actor)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if want := []string{"SETTINGS dashboard:jo@x.io", "CATALOG dashboard:al@x.io", "cus_1 dashboard:jo@x.io"}; !slices.Equal(got, want) {
		t.Errorf("actions %v, want %v", got, want)
	}
}
