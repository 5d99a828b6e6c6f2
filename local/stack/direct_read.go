package stack

import (
	"encoding/json"
	"errors"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// told is what the body of an answer says besides the items.
type told struct {
	last           map[string]types.AttributeValue
	consumed       []types.ConsumedCapacity
	count, scanned int32
}

// readAnswer reads the body of a success.
func readAnswer(answer *dynamodb.Answered) (is told, err error) {
	r := protocol.NewReader(answer.Body())
	r.Object(func(name string) {
		switch name {
		case "LastEvaluatedKey":
			is.last = valuesOf(attribute.ReadItem(r))
		case "Count":
			is.count = int32(r.Integer())
		case "ScannedCount":
			is.scanned = int32(r.Integer())
		case "ConsumedCapacity":
			raw := r.Raw()
			if len(raw) > 0 && raw[0] == '[' {
				err = json.Unmarshal(raw, &is.consumed)
				return
			}
			is.consumed = make([]types.ConsumedCapacity, 1)
			err = json.Unmarshal(raw, &is.consumed[0])
		default:
			r.Skip()
		}
	})
	r.End()
	return is, errors.Join(err, r.Err())
}

// one is what a request on one table consumed, nil where that was not asked for.
func (is told) one() *types.ConsumedCapacity {
	if len(is.consumed) == 0 {
		return nil
	}
	return &is.consumed[0]
}

func readGet(answer *dynamodb.Answered) (*ddb.GetItemOutput, error) {
	is, err := readAnswer(answer)
	out := &ddb.GetItemOutput{ConsumedCapacity: is.one()}
	for _, it := range answer.Items() {
		out.Item = valuesOf(it)
	}
	return out, err
}

func readQuery(answer *dynamodb.Answered) (*ddb.QueryOutput, error) {
	is, err := readAnswer(answer)
	items := make([]map[string]types.AttributeValue, len(answer.Items()))
	for i, it := range answer.Items() {
		items[i] = valuesOf(it)
	}
	return &ddb.QueryOutput{Items: items, Count: is.count, ScannedCount: is.scanned, LastEvaluatedKey: is.last, ConsumedCapacity: is.one()}, err
}

func readTransaction(answer *dynamodb.Answered) (*ddb.TransactWriteItemsOutput, error) {
	is, err := readAnswer(answer)
	return &ddb.TransactWriteItemsOutput{ConsumedCapacity: is.consumed}, err
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
