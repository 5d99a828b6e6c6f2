package template

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const small = `
Parameters:
  Stage: {Type: String, Default: dev}
  Origins: {Type: CommaDelimitedList, Default: "https://a.example, https://b.example"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
Globals:
  Function:
    Timeout: 10
    MemorySize: 256
    Environment: {Variables: {TABLE_NAME: !Ref Orders}}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: !Ref Origins, AllowMethods: [GET], AllowHeaders: ["*"], MaxAge: 600}
  RedeemReferralFunction:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties:
      Timeout: !If [IsProd, 29, 5]
      MemorySize: !If [IsTest, 128, 512]
      LoggingConfig: {LogGroup: !Ref RedeemLogs}
      ReservedConcurrentExecutions: !If [IsProd, 1, !Ref AWS::NoValue]
      Environment: {Variables: {STRIPE_API_BASE: ""}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: [dynamodb:GetItem, dynamodb:PutItem], Resource: !GetAtt Orders.Arn}
            - {Effect: Allow, Action: dynamodb:Query, Resource: [!Sub "${Orders.Arn}/index/due"]}
      Events:
        Read: {Type: HttpApi, Properties: {Method: get, Path: "/v1/things/{id}"}}
        Rest: {Type: HttpApi, Properties: {ApiId: !Ref Api}}
  SweepFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(5 minutes)}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: N}, {AttributeName: due, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: due
          KeySchema: [{AttributeName: due, KeyType: HASH}, {AttributeName: id, KeyType: RANGE}]
          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [name]}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	wantFunctions := []Function{
		{
			LogicalID: "RedeemReferralFunction", Folder: "redeem_referral",
			Timeout: 5 * time.Second, Memory: 128, BuildMethod: "makefile", LogGroup: "RedeemLogs",
			Env:    []string{"STRIPE_API_BASE", "TABLE_NAME"},
			Routes: []Route{{Path: "$default"}, {"GET", "/v1/things/{id}"}},
			Policies: []Statement{
				{"Allow", []string{"dynamodb:GetItem", "dynamodb:PutItem"}, []string{"Orders.Arn"}, nil},
				{"Allow", []string{"dynamodb:Query"}, []string{"${Orders.Arn}/index/due"}, nil},
			},
		},
		{
			LogicalID: "SweepFunction", Folder: "sweep", Timeout: 10 * time.Second, Memory: 256,
			Env: []string{"TABLE_NAME"}, Schedule: "rate(5 minutes)",
		},
	}
	if diff := cmp.Diff(wantFunctions, got.Functions); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
	wantTable := Table{
		LogicalID: "Orders", Name: DefaultTableName, TTLAttribute: "ttl",
		Attributes: []Attribute{{"id", "N"}, {"due", "S"}},
		Key:        Key{Partition: "id"},
		Indexes:    []Index{{"due", Key{"due", "id"}, "INCLUDE", []string{"name"}}},
	}
	if diff := cmp.Diff(wantTable, got.Table); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	wantCORS := CORS{
		AllowOrigins: []string{"https://a.example", "https://b.example"},
		AllowMethods: []string{"GET"}, AllowHeaders: []string{"*"}, MaxAge: 10 * time.Minute,
	}
	if diff := cmp.Diff(wantCORS, got.CORS); diff != "" {
		t.Errorf("CORS (-want +got):\n%s", diff)
	}
	if _, there := got.Resources["RedeemReferralFunction"].Properties["ReservedConcurrentExecutions"]; there {
		t.Error("a property set to AWS::NoValue is still there")
	}
}

func TestOverridesDecideConditions(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte(small), "Stage=prod", "Origins=https://c.example")
	if err != nil {
		t.Fatal(err)
	}
	if f := got.Functions[0]; f.Timeout != 29*time.Second || f.Memory != 512 {
		t.Errorf("timeout %s, memory %d", f.Timeout, f.Memory)
	}
	if n := got.Resources["RedeemReferralFunction"].Properties["ReservedConcurrentExecutions"]; n != 1 {
		t.Errorf("reserved concurrency = %v", n)
	}
	if diff := cmp.Diff([]string{"https://c.example"}, got.CORS.AllowOrigins); diff != "" {
		t.Error(diff)
	}
	if _, err := Parse([]byte(small), "Stag=prod"); err == nil || !strings.Contains(err.Error(), `no parameter "Stag"`) {
		t.Errorf("a misspelt parameter: %v", err)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ change, into, want string }{
		"an event nobody can send": {"Type: ScheduleV2", "Type: Kinesis", `SweepFunction: event Tick: no support for type "Kinesis"`},
		"no table":                 {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "no AWS::DynamoDB::Table"},
		"no API":                   {"AWS::Serverless::HttpApi", "AWS::SQS::Queue", "no AWS::Serverless::HttpApi"},
		"bad YAML":                 {"Resources:", "\tResources:", "found character that cannot start any token"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(strings.Replace(small, tt.change, tt.into, 1)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

// The project's own template is the most important input; tests/wiring checks
// its content.
func TestTheProjectsTemplateLoads(t *testing.T) {
	t.Parallel()
	path, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Function("check"); !ok {
		t.Error("no function check")
	}
	in := got.Table.CreateTableInput()
	if len(in.KeySchema) != 2 || len(in.GlobalSecondaryIndexes) != 6 || len(in.AttributeDefinitions) != 10 {
		t.Errorf("table = %+v", in)
	}
	if ttl := got.Table.TimeToLiveInput(); ttl == nil || *ttl.TimeToLiveSpecification.AttributeName != "ttl" {
		t.Errorf("TTL = %+v", ttl)
	}
}
