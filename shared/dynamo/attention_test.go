package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/referral"
)

// oneOfEach lets a row of each kind wait, and figures be counted.
func oneOfEach(t *testing.T, s *Store) {
	t.Helper()
	held := referral.Redemption{ID: "rr_1", ProgramID: "rs_1", RedeemerID: "ada", RedeemerInternalID: "cus_1", ReferrerInternalID: "cus_2", Status: referral.Held, CreatedAt: april}
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", Name: "Ada", CreatedAt: april}},
		app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.PastDue, Period: money.Period{Start: april, End: may}}},
		app.SaveOperation{Key: "ada", Operation: billing.Operation{ID: "op_1", State: billing.Running, CreatedAt: april}, Due: may},
		app.NewRedemption{Redemption: held}, app.OpenRedemption{Key: "ada", Redemption: held},
		app.AddAudit{InternalID: "cus_1", Audit: billing.Audit{ID: "01J", At: april, Rule: billing.InvoiceMismatch}}))
	must(t, s.Commit(t.Context(), env, app.EventFailed{Event: app.Event{ID: "evt_1", Type: "invoice.paid", ObjectID: "in_1", ObjectType: "invoice", CustomerID: "cus_S"}, Why: "it broke", Now: april}))
	in := billing.Invoice{StripeID: "in_1", Status: "paid", Total: 2000, Currency: "usd", ProductIDs: []string{"pro"}, CreatedAt: april, PaidAt: april}
	must(t, s.Commit(t.Context(), env, app.SaveInvoice{InternalID: "cus_1", Invoice: in, Earned: true}, app.CountRevenue{At: april, Of: "in_1", Currency: "usd", Amount: 2000}))
	back := billing.ReturnedPayment{ChargeID: "ch_1", InvoiceID: "in_1", Refunded: 500}
	must(t, s.Commit(t.Context(), env, app.SaveReturnedPayment{InternalID: "cus_1", Payment: back}, app.CountRevenue{At: april, Of: "ch_1", Currency: "usd", Amount: -500}))
}

// waitingIn is what waits an hour later, by kind, and the figures.
func waitingIn(t *testing.T, s *Store) string {
	t.Helper()
	counts, err := s.Attention(t.Context(), env, april.Add(time.Hour))
	must(t, err)
	figures, err := s.Figures(t.Context(), env, april.AddDate(0, 0, -1))
	must(t, err)
	return fmt.Sprint(counts.Of, counts.More, figures.Redemptions, figures.Revenue)
}

const eachOnce = "map[differs:1 failed:1 held:1 past_due:1 unfinished:1] false map[20270401:1] map[usd:map[202704:1500]]"

func TestWhatWaitsIsCountedAndListedByKind(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	oneOfEach(t, s)
	if got := waitingIn(t, s); got != eachOnce {
		t.Errorf("%s, want %s", got, eachOnce)
	}
	for _, kind := range app.AttentionKinds() {
		meter := &app.Meter{}
		page, next, err := s.WaitingOf(app.WithMeter(t.Context(), meter), env, kind, april.Add(time.Hour), "", 50)
		must(t, err)
		if len(page) != 1 || next != "" || page[0].Kind != kind || !page[0].Since.Equal(april) {
			t.Fatalf("%s: %+v, next %q", kind, page, next)
		}
		if n := meter.DynamoRequests.Load(); n != 2 {
			t.Errorf("%s: %d requests, want 2", kind, n)
		}
		w := page[0]
		if id := w.Event.Event.ID + w.Audit.ID + w.Product.ID + w.Operation.ID + w.Redemption.ID; id != w.ID {
			t.Errorf("%s: its row says %q, its place %q", kind, id, w.ID)
		}
		if named := kind == app.PastDue || kind == app.Unfinished || kind == app.Held; named != (w.Customer.Name == "Ada") {
			t.Errorf("%s: its customer is %+v", kind, w.Customer)
		}
	}
	if counts, err := s.Attention(t.Context(), catalog.Live, april); err != nil || len(counts.Of) > 0 {
		t.Errorf("the other environment counts %v, %v", counts, err)
	}
}

// An operation runs for a moment before it counts as left behind.
func TestAnOperationThatRunsIsNotUnfinished(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	oneOfEach(t, s)
	for after, want := range map[time.Duration]int{app.AtWork - time.Millisecond: 0, app.AtWork: 1} {
		counts, err := s.Attention(t.Context(), env, april.Add(after))
		must(t, err)
		page, _, err := s.WaitingOf(t.Context(), env, app.Unfinished, april.Add(after), "", 50)
		must(t, err)
		if counts.Of[app.Unfinished] != want || len(page) != want {
			t.Errorf("after %s: %d counted, %d listed, want %d", after, counts.Of[app.Unfinished], len(page), want)
		}
	}
}

// A row leaves the list with the write after which it waits no more.
func TestARowLeavesTheListWithItsReason(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	oneOfEach(t, s)
	must(t, s.Commit(t.Context(), env, app.SaveCustomerProduct{Key: "ada", Product: billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active}},
		app.EndOperation{Key: "ada", ID: "op_1"}, app.CloseRedemption{Key: "ada", ID: "rr_1"}, app.ForgetFailure{EventID: "evt_1"},
		app.MismatchSeen{InternalID: "cus_1", AuditID: "01J", By: "dashboard:jo@x.io"}))
	if got, want := waitingIn(t, s), "map[] false map[20270401:1] map[usd:map[202704:1500]]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if err := s.Commit(t.Context(), env, app.MismatchSeen{InternalID: "cus_1", AuditID: "01J", By: "dashboard:jo@x.io"}); !app.ConflictIn[app.MismatchSeen](err) {
		t.Errorf("what was seen is seen again: %v", err)
	}
}

// Rows of before get their place, and are counted, by the upgrade, once.
func TestRowsOfBeforeAreListedAndCountedByTheUpgrade(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	oneOfEach(t, s)
	must(t, s.Commit(t.Context(), env, app.ForgetFailure{EventID: "evt_1"})) // of which there was none
	asBefore(t, s)
	if got, want := waitingIn(t, s), "map[] false map[] map[]"; got != want {
		t.Fatalf("rows of before: %s, want %s", got, want)
	}
	want := "map[differs:1 held:1 past_due:1 unfinished:1] false map[20270401:1] map[usd:map[202704:1500]]"
	for pass, rows := range []int{7, 0} {
		if changed, err := s.Upgrade(t.Context(), s.client.(*dynamodb.Client)); err != nil || changed != rows {
			t.Errorf("pass %d changed %d rows, %v; want %d", pass+1, changed, err, rows)
		}
		if got := waitingIn(t, s); got != want {
			t.Errorf("pass %d: %s, want %s", pass+1, got, want)
		}
	}
}

// asBefore takes off the rows what the release before had not.
func asBefore(t *testing.T, s *Store) {
	t.Helper()
	for _, r := range allRows(t, s) {
		k := key{r.text("PK"), r.text("SK")}
		if k.PK == figuresPK(env) {
			_, err := s.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.table, Key: k.attributes()})
			must(t, err)
			continue
		}
		for _, mark := range []string{"counted", "earned"} {
			delete(r, mark)
		}
		if r.text("list_pk") == attentionPK(env) {
			delete(r, "list_pk")
			delete(r, "list_sk")
		}
		put(t, s, r)
	}
}

func TestPagesOfWhatWaits(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var want []string
	for i := range 7 {
		id := fmt.Sprintf("evt_%d", i)
		want = append([]string{id}, want...)
		for range 2 { // a second try leaves the place as it is
			must(t, s.Commit(t.Context(), env, app.EventFailed{Event: app.Event{ID: id}, Why: "no", Now: april.Add(time.Duration(i) * time.Minute)}))
		}
	}
	for limit := 1; limit <= 8; limit++ {
		var got []string
		for cursor := ""; ; {
			page, next, err := s.WaitingOf(t.Context(), env, app.Failed, may, cursor, limit)
			must(t, err)
			for _, w := range page {
				got = append(got, w.ID)
				if w.Event.Tries != 2 || w.Event.Why != "no" {
					t.Errorf("%+v", w.Event)
				}
			}
			if cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
	_, next, err := s.WaitingOf(t.Context(), env, app.Failed, may, "", 1)
	must(t, err)
	if _, _, err := s.WaitingOf(t.Context(), env, app.Held, may, next, 1); err == nil {
		t.Error("a cursor of one kind is taken for another")
	}
}

// An invoice is revenue once, however often its payment is told of at one moment; its row is
// saved again without being counted.
func TestAnInvoiceIsRevenueOnce(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	in := billing.Invoice{StripeID: "in_1", Status: "paid", Total: 2000, Currency: "usd", CreatedAt: april, PaidAt: april}
	count := app.CountRevenue{At: april, Of: "in_1", Currency: "usd", Amount: 2000}
	must(t, s.Commit(t.Context(), env, app.SaveInvoice{InternalID: "cus_1", Invoice: in, Earned: true}, count))
	if err := s.Commit(t.Context(), env, app.SaveInvoice{InternalID: "cus_1", Invoice: in, Earned: true}, count); !app.ConflictIn[app.SaveInvoice](err) {
		t.Errorf("it is counted again: %v", err)
	}
	must(t, s.Commit(t.Context(), env, app.SaveInvoice{InternalID: "cus_1", Invoice: in}))
	figures, err := s.Figures(t.Context(), env, april)
	must(t, err)
	if got := figures.Revenue["usd"]["202704"]; got != 2000 {
		t.Errorf("revenue %d, want 2000", got)
	}
}
