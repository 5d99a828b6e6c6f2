package dynamodb_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// The recording has one line for each step: "ok" and the answer, with names
// sorted and empty members left out, or "ERR" and the class of the error
// without its wording.

func renderItem(item wire) string {
	var members []string
	for _, name := range slices.Sorted(maps.Keys(item)) {
		members = append(members, name+"="+renderValue(item[name]))
	}
	return "{" + strings.Join(members, " ") + "}"
}

func renderValue(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		if len(v.Value) > 60 {
			return fmt.Sprintf("S<%d>", len(v.Value))
		}
		return fmt.Sprintf("%q", v.Value)
	case *types.AttributeValueMemberN:
		return "N:" + v.Value
	case *types.AttributeValueMemberB:
		return fmt.Sprintf("B:%x", v.Value)
	case *types.AttributeValueMemberBOOL:
		return fmt.Sprint(v.Value)
	case *types.AttributeValueMemberNULL:
		return "NULL"
	case *types.AttributeValueMemberSS:
		return fmt.Sprintf("SS%q", slices.Sorted(slices.Values(v.Value)))
	case *types.AttributeValueMemberNS:
		return fmt.Sprintf("NS%v", slices.Sorted(slices.Values(v.Value)))
	case *types.AttributeValueMemberBS:
		return fmt.Sprintf("BS%v", renderBinaries(v.Value))
	case *types.AttributeValueMemberL:
		var elements []string
		for _, e := range v.Value {
			elements = append(elements, renderValue(e))
		}
		return "[" + strings.Join(elements, " ") + "]"
	case *types.AttributeValueMemberM:
		return renderItem(v.Value)
	}
	return fmt.Sprintf("unknown %T", v)
}

func renderBinaries(all [][]byte) []string {
	var texts []string
	for _, b := range all {
		texts = append(texts, fmt.Sprintf("%x", b))
	}
	slices.Sort(texts)
	return texts
}

// member is a named part of an answer, "" if it is empty.
func member(name string, item wire) string {
	if len(item) == 0 {
		return ""
	}
	return name + ":" + renderItem(item)
}

func capacity(c *types.ConsumedCapacity) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("ConsumedCapacity:CapacityUnits:%v TableName:%s", aws.ToFloat64(c.CapacityUnits), aws.ToString(c.TableName))
}

func count(name string, n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", name, n)
}

func items(all []wire) string {
	if len(all) == 0 {
		return ""
	}
	var texts []string
	for _, item := range all {
		texts = append(texts, renderItem(item))
	}
	return "Items:[" + strings.Join(texts, " , ") + "]"
}

// answer joins the members that are not empty.
func answer(members ...string) string {
	return "ok " + strings.Join(slices.DeleteFunc(members, func(m string) bool { return m == "" }), " ")
}

func renderQuery(out *awsdynamodb.QueryOutput) string {
	return answer(capacity(out.ConsumedCapacity), count("Count", out.Count), items(out.Items), member("LastEvaluatedKey", out.LastEvaluatedKey))
}

func renderScan(out *awsdynamodb.ScanOutput) string {
	return answer(capacity(out.ConsumedCapacity), count("Count", out.Count), items(out.Items), member("LastEvaluatedKey", out.LastEvaluatedKey))
}

func renderError(err error) string {
	var cancelled *types.TransactionCanceledException
	var failed *types.ConditionalCheckFailedException
	var api smithy.APIError
	switch {
	case errors.As(err, &cancelled):
		var reasons []string
		for _, r := range cancelled.CancellationReasons {
			text := aws.ToString(r.Code)
			if len(r.Item) > 0 {
				text += renderItem(r.Item)
			}
			reasons = append(reasons, text)
		}
		return "ERR TransactionCanceled[" + strings.Join(reasons, ",") + "]"
	case errors.As(err, &failed):
		return "ERR ConditionalCheckFailed" + renderItem(failed.Item)
	case errors.As(err, &api):
		return "ERR " + api.ErrorCode()
	}
	return "ERR(other) " + strings.ReplaceAll(err.Error(), "\n", " ") // the SDK itself refused it
}
