package dynamo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"pgregory.net/rapid"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

func canceled(codes ...string) error {
	e := &types.TransactionCanceledException{}
	for _, c := range codes {
		e.CancellationReasons = append(e.CancellationReasons, types.CancellationReason{Code: aws.String(c)})
	}
	return fmt.Errorf("operation error: %w", e)
}

func TestClassify(t *testing.T) {
	t.Parallel()
	const none, condition, conflict, slow, haste, wrong = "None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "ValidationError"
	for _, tt := range []struct {
		name   string
		err    error
		want   outcome
		failed []int
	}{
		{"a condition", canceled(none, condition, none), refused, []int{1}},
		{"two conditions", canceled(condition, none, condition), refused, []int{0, 2}},
		{"a condition beside contention", canceled(conflict, condition), refused, []int{1}},
		{"a condition beside throttling", canceled(condition, slow), refused, []int{0}},
		{"contention", canceled(none, conflict), contention, nil},
		{"throttling", canceled(slow), throttled, nil},
		{"too little capacity", canceled(none, haste), throttled, nil},
		{"contention and throttling", canceled(conflict, slow), throttled, nil},
		{"throttling and contention", canceled(haste, conflict), throttled, nil},
		{"a bug", canceled(wrong), broken, nil},
		{"a bug beside a condition", canceled(condition, wrong), broken, nil},
		{"a bug beside contention", canceled(conflict, wrong), broken, nil},
		{"a customer larger than a partition may be", canceled("ItemCollectionSizeLimitExceeded", conflict), broken, nil},
		{"no reason at all", canceled(), broken, nil},
		{"nobody to blame", canceled(none, none), broken, nil},
		{"a reason nobody knows", canceled("Whatever"), broken, nil},
		{"a reason without code", &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{{}}}, broken, nil},
		{"the condition of one write", &types.ConditionalCheckFailedException{}, refused, []int{0}},
		{"contention of one write", &types.TransactionConflictException{}, contention, nil},
		{"the same transaction still at work", fmt.Errorf("operation error: %w", &types.TransactionInProgressException{}), unfinished, nil},
		{"throttling of one write", &types.ProvisionedThroughputExceededException{}, throttled, nil},
		{"throttling of the account", &types.RequestLimitExceeded{}, throttled, nil},
		{"throttling by its code", &smithy.GenericAPIError{Code: "ThrottlingException"}, throttled, nil},
		{"a server's fault", &types.InternalServerError{}, broken, nil},
		{"a lost connection", errors.New("EOF"), broken, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, failed := classify(tt.err)
			if got != tt.want || !slices.Equal(failed, tt.failed) {
				t.Errorf("got %d %v, want %d %v", got, failed, tt.want, tt.failed)
			}
		})
	}
}

// Whatever the mix of reasons: a bug comes first, then the conditions, then
// throttling, then contention, and the order of the writes makes no difference.
func TestReasonsAreRanked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfN(rapid.SampledFrom([]string{"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError",
			"ProvisionedThroughputExceeded", "ValidationError"}), 0, 6).Draw(t, "codes")
		all := strings.Join(codes, " ")
		want := broken
		switch {
		case strings.Contains(all, "Validation"):
		case strings.Contains(all, "Conditional"):
			want = refused
		case strings.Contains(all, "Thr"):
			want = throttled
		case strings.Contains(all, "Conflict"):
			want = contention
		}
		got, failed := classify(canceled(codes...))
		if got != want {
			t.Fatalf("%v: got %d, want %d", codes, got, want)
		}
		for i, c := range codes {
			if got == refused && slices.Contains(failed, i) != (c == "ConditionalCheckFailed") {
				t.Fatalf("%v failed at %v", codes, failed)
			}
		}
	})
}

func TestFailuresAreToldApart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		err  error
		kind refusal.Kind // "" is our own fault
		why  refusal.Reason
	}{
		{"throttling", canceled("ThrottlingError"), refusal.KindThrottled, app.ReasonTooManyRequests},
		{"contention", canceled("TransactionConflict"), refusal.KindUnavailable, refusal.ReasonDatabaseUnavailable},
		{"a transaction still at work", &types.TransactionInProgressException{}, refusal.KindUnavailable, refusal.ReasonDatabaseUnavailable},
		{"a bug", canceled("ValidationError"), "", ""},
		{"a lost connection", errors.New("EOF"), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := failed("save", tt.err)
			var known *refusal.Error
			if errors.As(got, &known) != (tt.kind != "") || known != nil && (known.Kind != tt.kind || known.Reason != tt.why) {
				t.Errorf("got %v", got)
			}
			if !errors.Is(got, tt.err) {
				t.Error("the cause is lost")
			}
		})
	}
}
