package stack

import (
	"encoding/json"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// readAnswer reads the answer of a success.
func readAnswer(operation string, answer *dynamodb.Answered) (any, error) {
	var (
		last     map[string]types.AttributeValue
		consumed []types.ConsumedCapacity
		count    int32
		scanned  int32
		failed   error
	)
	r := protocol.NewReader(answer.Body())
	r.Object(func(name string) {
		switch name {
		case "LastEvaluatedKey":
			last = valuesOf(attribute.ReadItem(r))
		case "Count":
			count = int32(r.Integer())
		case "ScannedCount":
			scanned = int32(r.Integer())
		case "ConsumedCapacity":
			raw := r.Raw()
			if len(raw) > 0 && raw[0] == '[' {
				failed = json.Unmarshal(raw, &consumed)
				return
			}
			consumed = make([]types.ConsumedCapacity, 1)
			failed = json.Unmarshal(raw, &consumed[0])
		default:
			r.Skip()
		}
	})
	if r.End(); r.Err() != nil {
		return nil, r.Err()
	}
	var one *types.ConsumedCapacity
	if len(consumed) > 0 {
		one = &consumed[0]
	}
	switch operation {
	case "GetItem":
		out := &ddb.GetItemOutput{ConsumedCapacity: one}
		for _, it := range answer.Items() {
			out.Item = valuesOf(it)
		}
		return out, failed
	case "Query":
		items := make([]map[string]types.AttributeValue, len(answer.Items()))
		for i, it := range answer.Items() {
			items[i] = valuesOf(it)
		}
		return &ddb.QueryOutput{Items: items, Count: count, ScannedCount: scanned, LastEvaluatedKey: last, ConsumedCapacity: one}, failed
	}
	return &ddb.TransactWriteItemsOutput{ConsumedCapacity: consumed}, failed
}

func valuesOf(it attribute.Item) map[string]types.AttributeValue {
	out := make(map[string]types.AttributeValue, len(it))
	for _, a := range it {
		out[a.Name] = valueOf(a.Value)
	}
	return out
}

func valueOf(v attribute.Value) types.AttributeValue {
	texts := func() []string {
		out := make([]string, len(v.Elements))
		for i, e := range v.Elements {
			out[i] = e.Text
		}
		return out
	}
	switch v.Kind {
	case attribute.String:
		return &types.AttributeValueMemberS{Value: v.Text}
	case attribute.Number:
		return &types.AttributeValueMemberN{Value: v.Text}
	case attribute.Binary:
		return &types.AttributeValueMemberB{Value: []byte(v.Text)}
	case attribute.Bool:
		return &types.AttributeValueMemberBOOL{Value: v.Truth}
	case attribute.Null:
		return &types.AttributeValueMemberNULL{Value: true}
	case attribute.StringSet:
		return &types.AttributeValueMemberSS{Value: texts()}
	case attribute.NumberSet:
		return &types.AttributeValueMemberNS{Value: texts()}
	case attribute.BinarySet:
		out := make([][]byte, len(v.Elements))
		for i, e := range v.Elements {
			out[i] = []byte(e.Text)
		}
		return &types.AttributeValueMemberBS{Value: out}
	case attribute.List:
		out := make([]types.AttributeValue, len(v.Elements))
		for i, e := range v.Elements {
			out[i] = valueOf(e)
		}
		return &types.AttributeValueMemberL{Value: out}
	default:
		return &types.AttributeValueMemberM{Value: valuesOf(v.Fields)}
	}
}
