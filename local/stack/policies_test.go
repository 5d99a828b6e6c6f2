package stack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"windfall/local/template"
)

func openStack(t *testing.T) *Stack {
	t.Helper()
	t.Parallel()
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// as marks a call as one of a function.
func as(t *testing.T, function string) context.Context {
	return lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:x:1:function:" + function})
}

func keyed(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: "x"}}
}

// The database refuses a function what its policy does not allow, as AWS does:
// every way to write a key, a read without a grant, another function's index.
func TestAFunctionMayDoWhatItsPolicySays(t *testing.T) {
	s := openStack(t)
	db, table := s.client, &s.Template.Table.Name
	put := func(pk string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := db.PutItem(ctx, &ddb.PutItemInput{TableName: table, Item: keyed(pk)})
			return err
		}
	}
	together := func(ctx context.Context) error {
		_, err := db.TransactWriteItems(ctx, &ddb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: keyed("sandbox#CUS#a")}}, {Put: &types.Put{TableName: table, Item: keyed("KEY#a")}}}})
		return err
	}
	remove := func(ctx context.Context) error {
		_, err := db.DeleteItem(ctx, &ddb.DeleteItemInput{TableName: table, Key: keyed("KEY#a")})
		return err
	}
	change := func(ctx context.Context) error {
		_, err := db.UpdateItem(ctx, &ddb.UpdateItemInput{TableName: table, Key: keyed("KEY#a"), UpdateExpression: aws.String("REMOVE revoked")})
		return err
	}
	get := func(pk string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := db.GetItem(ctx, &ddb.GetItemInput{TableName: table, Key: keyed(pk)})
			return err
		}
	}
	query := func(index, name, pk string) func(context.Context) error {
		return func(ctx context.Context) error {
			in := &ddb.QueryInput{TableName: table, KeyConditionExpression: aws.String(name + " = :pk"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}}}
			if index != "" {
				in.IndexName = &index
			}
			_, err := db.Query(ctx, in)
			return err
		}
	}
	scan := func(ctx context.Context) error {
		_, err := db.Scan(ctx, &ddb.ScanInput{TableName: table})
		return err
	}
	drop := func(ctx context.Context) error {
		_, err := db.DeleteTable(ctx, &ddb.DeleteTableInput{TableName: table})
		return err
	}
	for _, c := range []struct {
		what, function string
		call           func(context.Context) error
		allowed        bool
	}{
		{"write a customer", "attach", put("sandbox#CUS#a"), true},
		{"write a customer of live", "attach", put("live#CUS#a"), true},
		{"write a key", "attach", put("KEY#a"), false},
		{"write a key in a transaction", "customers", together, false},
		{"delete a key", "stripe_webhook", remove, false},
		{"change a key", "close_periods", change, false},
		{"read a key", "check", get("KEY#a"), true},
		{"read a key without asking for one", "stripe_webhook", get("KEY#a"), false},
		{"read a customer", "stripe_webhook", get("sandbox#CUS#a"), true},
		{"read alone", "events", query("", "PK", "sandbox#CUS#a"), true},
		{"write where it reads", "events", put("sandbox#CUS#a"), false},
		{"read its index", "close_periods", query("due", "due_pk", "DUE#sandbox#0"), true},
		{"read another's index", "check", query("due", "due_pk", "DUE#sandbox#0"), false},
		{"scan", "customers", scan, false},
		{"drop a table", "customers", drop, false},
		{"read without any right", "unknown_route", get("sandbox#CUS#a"), false},
		{"be a function that is not deployed", "another", get("sandbox#CUS#a"), false},
	} {
		err := c.call(as(t, c.function))
		var refused smithy.APIError
		denied := errors.As(err, &refused) && refused.ErrorCode() == "AccessDeniedException"
		if c.allowed && err != nil || !c.allowed && !denied {
			t.Errorf("%s may %s: %t, got %v", c.function, c.what, c.allowed, err)
		}
	}
	if err := scan(t.Context()); err != nil {
		t.Errorf("the stack itself: %v", err)
	}
	if err := get("sandbox#CUS#a")(as(t, "check")); err != nil {
		t.Errorf("what was refused before changed something: %v", err)
	}
}

// A function in a process of its own is known by its access key.
func TestAProcessMayDoWhatItsPolicySays(t *testing.T) {
	s := openStack(t)
	body := `{"TableName":"` + s.Template.Table.Name + `","Item":{"PK":{"S":"sandbox#CUS#a"},"SK":{"S":"x"}}}`
	for _, c := range []struct {
		identity string
		status   int
	}{
		{functionIdentity + "attach", 200}, {functionIdentity + "events", 400}, {functionIdentity + "another", 400}, {functionIdentity, 400},
		{"local", 200}, {"", 200}, // a person with the AWS command line
	} {
		r := httptest.NewRequest(http.MethodPost, s.BaseURL+"/_dynamodb", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.identity+"/20270401/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.status || c.status == 400 && !strings.Contains(w.Body.String(), "AccessDeniedException") {
			t.Errorf("%q: %d %s", c.identity, w.Code, w.Body)
		}
	}
	if names := s.environment("attach"); !slices.Contains(names, "AWS_ACCESS_KEY_ID="+functionIdentity+"attach") {
		t.Errorf("the process of attach is given %q", names)
	}
}

// The first call that needs a missing right finds it: a 500 with its cause in
// the log.
func TestALackingPolicyIsFoundByACall(t *testing.T) {
	s := openStack(t)
	var lines strings.Builder
	s.Log = slog.New(slog.NewTextHandler(&lines, nil))
	own := *s.Template // all stacks share the template
	own.Functions = slices.Clone(own.Functions)
	s.Template = &own
	for i, f := range s.Template.Functions {
		if f.Folder == "features" {
			s.Template.Functions[i].Policies = f.Policies[:1] // reads only
		}
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, s.BaseURL+"/v1/features", strings.NewReader(`{"id":"seats","name":"Seats","type":"boolean"}`))
	r.Header.Set("Authorization", "Bearer "+s.Key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 500 || !strings.Contains(lines.String(), "AccessDeniedException") {
		t.Errorf("%d %s\n%s", w.Code, w.Body, &lines)
	}
}

// A policy that this stack does not support would prove nothing, so it is an
// error.
func TestAPolicyThatIsNotUnderstoodStopsTheStack(t *testing.T) {
	t.Parallel()
	read := []string{"dynamodb:GetItem"}
	for what, s := range map[string]template.Statement{
		"a denial":          {Effect: "Deny", Actions: read},
		"another operator":  {Effect: "Allow", Actions: read, Condition: map[string]any{"StringEquals": map[string]any{"dynamodb:Select": "COUNT"}}},
		"two conditions":    {Effect: "Allow", Actions: read, Condition: map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"a*"}, "x": "y"}}},
		"a pattern inside":  {Effect: "Allow", Actions: read, Condition: map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"a*b*"}}}},
		"a pattern's end":   {Effect: "Allow", Actions: read, Condition: map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"sandbox#"}}}},
		"no pattern at all": {Effect: "Allow", Actions: read, Condition: map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{}}}},
	} {
		_, err := tablePolicies(&template.Template{Functions: []template.Function{{LogicalID: "AFunction", Folder: "a", Policies: []template.Statement{s}}}})
		if err == nil || !strings.Contains(err.Error(), "AFunction") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
