package dynamo

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
	"windfall/tests/tabletest"
)

const env = catalog.Sandbox

// fresh is an empty table, as the template declares it, and a store on it that
// waits no time between tries.
func fresh(t *testing.T) (*local.DB, *Store) {
	t.Helper()
	tb := tabletest.New(t, func(o *dynamodb.Options) {
		o.RetryMaxAttempts = 0 // the retryer says how often
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 3, time.Nanosecond })
	})
	return tb.DB, New(tb.Client, tb.Name, "usd", func() time.Time { return april }, func(context.Context, int) bool { return true })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stale fails unless err says that something changed meanwhile.
func stale(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, refusal.ErrStale) {
		t.Errorf("err = %v, want that something changed meanwhile", err)
	}
}

// wantKind fails unless err is of a kind that callers are told about.
func wantKind(t *testing.T, err error, kind refusal.Kind) {
	t.Helper()
	var known *refusal.Error
	if !errors.As(err, &known) || known.Kind != kind {
		t.Errorf("err = %v, want one of kind %s", err, kind)
	}
}

// saves puts a balance of ada's and returns it as it is stored.
func saves(t *testing.T, s *Store, b entitlement.Balance) entitlement.Balance {
	t.Helper()
	must(t, s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: b, Now: april}))
	return reads(t, s, b.FeatureID)
}

func reads(t *testing.T, s *Store, feature string) entitlement.Balance {
	t.Helper()
	b, err := s.Balance(t.Context(), env, "ada", feature)
	must(t, err)
	return b
}
