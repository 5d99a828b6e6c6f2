package dynamo

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// atWork carries transactions out and says, so many times, that the database
// is still at work on them.
type atWork struct {
	next  http.RoundTripper
	times int
}

func (a *atWork) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := a.next.RoundTrip(r)
	if err != nil || a.times == 0 || !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		return res, err
	}
	a.times--
	_ = res.Body.Close()
	return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"__type":"com.amazonaws.dynamodb.v20120810#TransactionInProgressException","Message":"still at work"}`))}, nil
}

// busy is a store whose transactions are still at work so many times.
func busy(t *testing.T, times int) *Store {
	t.Helper()
	db, s := fresh(t)
	o := s.client.(*dynamodb.Client).Options()
	o.HTTPClient = &http.Client{Transport: &atWork{db.Transport(), times}}
	s.client = dynamodb.New(o)
	return s
}

func TestATransactionStillAtWorkIsAskedForAgainAndNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := busy(t, 4) // more than the SDK's own tries
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", CreatedAt: april}}))
	state, found, err := s.State(t.Context(), env, "ada")
	if err != nil || !found || state.Customer.Version != 1 {
		t.Errorf("version %d, found %v, %v", state.Customer.Version, found, err)
	}
}

// A use whose transaction never ends may have counted: saying that it did not
// would invite the caller to count it twice.
func TestAUseThatStaysAtWorkIsUnconfirmed(t *testing.T) {
	t.Parallel()
	s := busy(t, 0)
	b := saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp_1/pr_1", "100")}})
	s.client.(*dynamodb.Client).Options().HTTPClient.(*http.Client).Transport.(*atWork).times = 1000
	u := app.DebitBatch{Debits: []app.Debit{{FeatureID: b.FeatureID, Amount: dec("1")}}, Now: april}
	if _, _, err := s.UseAll(t.Context(), env, "ada", keyed(u, "key")); !errors.Is(err, refusal.ErrUnconfirmed) {
		t.Errorf("err = %v", err)
	}
}
