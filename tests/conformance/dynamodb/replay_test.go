// Package dynamodb_test replays the answers recorded from Amazon's DynamoDB
// Local 3.3.1 to 530 steps in 54 cases, through the real SDK. It runs against
// the embedded database, or against any endpoint:
//
//	DYNAMODB_ENDPOINT=http://127.0.0.1:8000 go test ./tests/conformance/dynamodb
package dynamodb_test

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
)

//go:embed testdata/recorded.txt
var recording string

// tally counts over all cases.
type tally struct {
	mu       sync.Mutex
	steps    int
	matched  int
	excepted []string
}

func TestAnswersAreThoseRecorded(t *testing.T) {
	t.Parallel()
	recorded := map[string]string{}
	for line := range strings.Lines(recording) {
		step, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		recorded[step] = text
	}
	client := connect(t)
	var total tally
	t.Run("cases", func(t *testing.T) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := newSession(t, client, fmt.Sprintf("conformance-%d", i))
				c.play(s)
				total.compare(t, c.name, s.answers, recorded)
			})
		}
	})
	fmt.Printf("steps matched %d / total %d\n", total.matched, len(recorded))
	for _, step := range slices.Sorted(slices.Values(total.excepted)) {
		fmt.Printf("  exception %s: %s\n", step, exceptions[step].reason)
	}
	if total.steps != len(recorded) {
		t.Errorf("played %d steps, the recording has %d", total.steps, len(recorded))
	}
	if os.Getenv("DYNAMODB_ENDPOINT") == "" && len(total.excepted) != len(exceptions) {
		t.Errorf("%d exceptions were met, %d are listed", len(total.excepted), len(exceptions))
	}
}

// compare compares the answers of a case with the recording; an exception
// replaces its step only with the very answer that it names.
func (sum *tally) compare(t *testing.T, name string, answers []string, recorded map[string]string) {
	t.Helper()
	sum.mu.Lock()
	defer sum.mu.Unlock()
	for i, got := range answers {
		step := fmt.Sprintf("%s#%d", name, i+1)
		want, known := recorded[step]
		sum.steps++
		e, excepted := exceptions[step]
		switch {
		case known && got == want:
			sum.matched++
		case known && excepted && got == e.answer:
			sum.excepted = append(sum.excepted, step)
		default:
			t.Errorf("%s\n  want %s\n  got  %s", step, want, got)
		}
	}
}

// connect opens the SDK on the embedded database, or on the endpoint named in
// the environment.
func connect(t *testing.T) *awsdynamodb.Client {
	t.Helper()
	options := awsdynamodb.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String("http://dynamodb.local"),
		Credentials:      credentials.NewStaticCredentialsProvider("key", "secret", ""),
		RetryMaxAttempts: 1,
	}
	if endpoint := os.Getenv("DYNAMODB_ENDPOINT"); endpoint != "" {
		options.BaseEndpoint = &endpoint
		return awsdynamodb.New(options)
	}
	db, err := dynamodb.Open(dynamodb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	options.HTTPClient = db.Client()
	return awsdynamodb.New(options)
}

// newSession creates the table of all cases: two string keys, and an index with
// a string and one with a number as sort key.
func newSession(t *testing.T, client *awsdynamodb.Client, table string) *session {
	t.Helper()
	s := &session{t: t, client: client, table: &table}
	if err := s.createTable(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if os.Getenv("DYNAMODB_ENDPOINT") != "" {
			_, _ = client.DeleteTable(context.Background(), &awsdynamodb.DeleteTableInput{TableName: &table})
		}
	})
	return s
}

func (s *session) createTable() error {
	define := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: kind}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange}}
	}
	index := func(name, hash, sort string) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{IndexName: &name, KeySchema: keys(hash, sort),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}
	}
	_, err := s.client.CreateTable(s.t.Context(), &awsdynamodb.CreateTableInput{
		TableName: s.table, BillingMode: types.BillingModePayPerRequest, KeySchema: keys("PK", "SK"),
		AttributeDefinitions: []types.AttributeDefinition{define("PK", "S"), define("SK", "S"),
			define("G1", "S"), define("G1S", "S"), define("G2", "S"), define("G2N", "N")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{index("gs1", "G1", "G1S"), index("gn1", "G2", "G2N")},
	})
	return err
}
