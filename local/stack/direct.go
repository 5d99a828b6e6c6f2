package stack

import (
	"context"
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"windfall/local/dynamodb"
	"windfall/local/dynamodb/protocol"
)

// direct takes the commonest requests of the AWS SDK to the embedded database past
// the SDK's HTTP: no signature, no headers, no endpoint. They are encoded and read
// as the protocol has them. Every answer but a success goes the long way, where the
// SDK makes an error of it, or tries again.
type direct struct{ db *dynamodb.DB }

func (d direct) addTo(stack *middleware.Stack) error {
	return stack.Initialize.Add(d, middleware.After)
}

// ID implements middleware.InitializeMiddleware.
func (direct) ID() string { return "windfall/direct" }

// HandleInitialize implements middleware.InitializeMiddleware.
func (d direct) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, data middleware.Metadata, err error) {
	body := make([]byte, 0, 512)
	operation := ""
	switch p := in.Parameters.(type) {
	case *ddb.GetItemInput:
		if p.AttributesToGet == nil {
			operation, body = "GetItem", appendGet(body, p)
		}
	case *ddb.QueryInput:
		if p.AttributesToGet == nil && p.KeyConditions == nil && p.QueryFilter == nil && p.ConditionalOperator == "" {
			operation, body = "Query", appendQuery(body, p)
		}
	case *ddb.TransactWriteItemsInput:
		if p.ReturnItemCollectionMetrics == "" {
			operation, body = "TransactWriteItems", appendTransaction(body, p)
		}
	}
	if operation == "" || ctx.Err() != nil || !utf8.Valid(body) { // the SDK replaces what is no text
		return next.HandleInitialize(ctx, in)
	}
	answer := d.db.Direct(ctx, operation, body)
	if !answer.OK() {
		return next.HandleInitialize(answer.Into(ctx), in)
	}
	out.Result, err = readAnswer(operation, answer)
	return out, data, err
}

// fields writes the members of a JSON object that are set.
type fields struct {
	out   []byte
	first bool
}

func object(out []byte) *fields { return &fields{append(out, '{'), true} }

func (f *fields) name(name string) {
	if !f.first {
		f.out = append(f.out, ',')
	}
	f.first = false
	f.out = append(append(append(f.out, '"'), name...), '"', ':')
}

func (f *fields) text(name string, v *string) {
	if v != nil {
		f.name(name)
		f.out = protocol.AppendText(f.out, *v)
	}
}

func (f *fields) word(name, v string) {
	if v != "" {
		f.text(name, &v)
	}
}

func (f *fields) boolean(name string, v *bool) {
	if v != nil {
		f.name(name)
		f.out = strconv.AppendBool(f.out, *v)
	}
}

func (f *fields) names(names map[string]string) {
	if names == nil {
		return
	}
	f.name("ExpressionAttributeNames")
	inner := object(f.out)
	for k, v := range names {
		inner.text(k, &v)
	}
	f.out = inner.end()
}

func (f *fields) values(name string, values map[string]types.AttributeValue) {
	if values != nil {
		f.name(name)
		f.out = appendValues(f.out, values)
	}
}

func (f *fields) end() []byte { return append(f.out, '}') }

func appendGet(out []byte, p *ddb.GetItemInput) []byte {
	f := object(out)
	f.text("TableName", p.TableName)
	f.values("Key", p.Key)
	f.boolean("ConsistentRead", p.ConsistentRead)
	f.text("ProjectionExpression", p.ProjectionExpression)
	f.names(p.ExpressionAttributeNames)
	f.word("ReturnConsumedCapacity", string(p.ReturnConsumedCapacity))
	return f.end()
}

func appendQuery(out []byte, p *ddb.QueryInput) []byte {
	f := object(out)
	f.text("TableName", p.TableName)
	f.text("IndexName", p.IndexName)
	f.text("KeyConditionExpression", p.KeyConditionExpression)
	f.text("FilterExpression", p.FilterExpression)
	f.text("ProjectionExpression", p.ProjectionExpression)
	f.names(p.ExpressionAttributeNames)
	f.values("ExpressionAttributeValues", p.ExpressionAttributeValues)
	f.values("ExclusiveStartKey", p.ExclusiveStartKey)
	f.boolean("ConsistentRead", p.ConsistentRead)
	f.boolean("ScanIndexForward", p.ScanIndexForward)
	if p.Limit != nil {
		f.name("Limit")
		f.out = strconv.AppendInt(f.out, int64(*p.Limit), 10)
	}
	f.word("Select", string(p.Select))
	f.word("ReturnConsumedCapacity", string(p.ReturnConsumedCapacity))
	return f.end()
}

func appendTransaction(out []byte, p *ddb.TransactWriteItemsInput) []byte {
	f := object(out)
	f.text("ClientRequestToken", p.ClientRequestToken)
	f.word("ReturnConsumedCapacity", string(p.ReturnConsumedCapacity))
	f.name("TransactItems")
	f.out = append(f.out, '[')
	for i, item := range p.TransactItems {
		if i > 0 {
			f.out = append(f.out, ',')
		}
		f.out = appendAction(f.out, item)
	}
	f.out = append(f.out, ']')
	return f.end()
}

func appendAction(out []byte, item types.TransactWriteItem) []byte {
	f := object(out)
	action := func(name string, table *string, key, put map[string]types.AttributeValue, condition, update *string, names map[string]string, values map[string]types.AttributeValue, show types.ReturnValuesOnConditionCheckFailure) {
		f.name(name)
		a := object(f.out)
		a.text("TableName", table)
		a.values("Key", key)
		a.values("Item", put)
		a.text("ConditionExpression", condition)
		a.text("UpdateExpression", update)
		a.names(names)
		a.values("ExpressionAttributeValues", values)
		a.word("ReturnValuesOnConditionCheckFailure", string(show))
		f.out = a.end()
	}
	if p := item.Put; p != nil {
		action("Put", p.TableName, nil, p.Item, p.ConditionExpression, nil, p.ExpressionAttributeNames, p.ExpressionAttributeValues, p.ReturnValuesOnConditionCheckFailure)
	}
	if p := item.Update; p != nil {
		action("Update", p.TableName, p.Key, nil, p.ConditionExpression, p.UpdateExpression, p.ExpressionAttributeNames, p.ExpressionAttributeValues, p.ReturnValuesOnConditionCheckFailure)
	}
	if p := item.Delete; p != nil {
		action("Delete", p.TableName, p.Key, nil, p.ConditionExpression, nil, p.ExpressionAttributeNames, p.ExpressionAttributeValues, p.ReturnValuesOnConditionCheckFailure)
	}
	if p := item.ConditionCheck; p != nil {
		action("ConditionCheck", p.TableName, p.Key, nil, p.ConditionExpression, nil, p.ExpressionAttributeNames, p.ExpressionAttributeValues, p.ReturnValuesOnConditionCheckFailure)
	}
	return f.end()
}

func appendValues(out []byte, values map[string]types.AttributeValue) []byte {
	f := object(out)
	for name, v := range values {
		if !f.first {
			f.out = append(f.out, ',')
		}
		f.first = false
		f.out = append(protocol.AppendText(f.out, name), ':')
		f.out = appendValue(f.out, v)
	}
	return f.end()
}

func appendValue(out []byte, v types.AttributeValue) []byte {
	f := object(out)
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		f.text("S", &v.Value)
	case *types.AttributeValueMemberN:
		f.text("N", &v.Value)
	case *types.AttributeValueMemberB:
		f.word64("B", v.Value)
	case *types.AttributeValueMemberBOOL:
		f.boolean("BOOL", &v.Value)
	case *types.AttributeValueMemberNULL:
		f.boolean("NULL", &v.Value)
	case *types.AttributeValueMemberSS:
		f.texts("SS", v.Value)
	case *types.AttributeValueMemberNS:
		f.texts("NS", v.Value)
	case *types.AttributeValueMemberBS:
		all := make([]string, len(v.Value))
		for i, b := range v.Value {
			all[i] = base64.StdEncoding.EncodeToString(b)
		}
		f.texts("BS", all)
	case *types.AttributeValueMemberM:
		f.name("M")
		f.out = appendValues(f.out, v.Value)
	case *types.AttributeValueMemberL:
		f.name("L")
		f.out = append(f.out, '[')
		for i, e := range v.Value {
			if i > 0 {
				f.out = append(f.out, ',')
			}
			f.out = appendValue(f.out, e)
		}
		f.out = append(f.out, ']')
	}
	return f.end()
}

func (f *fields) word64(name string, v []byte) {
	text := base64.StdEncoding.EncodeToString(v)
	f.text(name, &text)
}

func (f *fields) texts(name string, all []string) {
	f.name(name)
	f.out = append(f.out, '[')
	for i, v := range all {
		if i > 0 {
			f.out = append(f.out, ',')
		}
		f.out = protocol.AppendText(f.out, v)
	}
	f.out = append(f.out, ']')
}
