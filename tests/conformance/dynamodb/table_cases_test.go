package dynamodb_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func unknownTable(s *session) {
	ctx, nope := s.t.Context(), aws.String("nope")
	_, err := s.client.GetItem(ctx, &awsdynamodb.GetItemInput{TableName: nope, Key: key("a", "b")})
	s.note("ok ", err)
	_, err = s.client.PutItem(ctx, &awsdynamodb.PutItemInput{TableName: nope, Item: key("a", "b")})
	s.note("ok ", err)
	in := where("PK = :p", object{":p": "x"})
	in.TableName = nope
	_, err = s.client.Query(ctx, in)
	s.note("ok ", err)
	_, err = s.client.DescribeTable(ctx, &awsdynamodb.DescribeTableInput{TableName: nope})
	s.note("ok ", err)
	_, err = s.client.DeleteTable(ctx, &awsdynamodb.DeleteTableInput{TableName: nope})
	s.note("ok ", err)
	s.note("ok again", s.createTable())
}

func describeTable(s *session) {
	s.store(key("a", "b"))
	out, err := s.client.DescribeTable(s.t.Context(), &awsdynamodb.DescribeTableInput{TableName: s.table})
	if err != nil {
		s.note("", err)
		return
	}
	t := out.Table
	s.note(fmt.Sprintf("ok status=%s items=%d gsis=%d arn=%v bill=%v attrs=%d", t.TableStatus, aws.ToInt64(t.ItemCount),
		len(t.GlobalSecondaryIndexes), t.TableArn != nil, t.BillingModeSummary != nil, len(t.AttributeDefinitions)), nil)
	all, err := s.client.ListTables(s.t.Context(), &awsdynamodb.ListTablesInput{})
	s.note(fmt.Sprintf("ok %v", err == nil && len(all.TableNames) > 0), err)
}

func timeToLive(s *session) {
	describe := func() {
		out, err := s.client.DescribeTimeToLive(s.t.Context(), &awsdynamodb.DescribeTimeToLiveInput{TableName: s.table})
		if err != nil {
			s.note("", err)
			return
		}
		attribute := ""
		if name := out.TimeToLiveDescription.AttributeName; name != nil {
			attribute = "AttributeName:" + *name + " "
		}
		s.note("ok TimeToLiveDescription:"+attribute+"TimeToLiveStatus:"+string(out.TimeToLiveDescription.TimeToLiveStatus), nil)
	}
	describe()
	out, err := s.client.UpdateTimeToLive(s.t.Context(), &awsdynamodb.UpdateTimeToLiveInput{TableName: s.table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)}})
	if err != nil {
		s.note("", err)
	} else {
		spec := out.TimeToLiveSpecification
		s.note(fmt.Sprintf("ok TimeToLiveSpecification:AttributeName:%s Enabled:%v", aws.ToString(spec.AttributeName), aws.ToBool(spec.Enabled)), nil)
	}
	describe()
}
