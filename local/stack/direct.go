package stack

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
	"windfall/local/dynamodb/protocol"
)

// client is the SDK's, but takes the commonest requests to the embedded database past
// it: no middleware, no signature, no headers, no endpoint. They are encoded and read
// as the protocol has them. Every answer but a success goes the long way, where the
// SDK makes an error of it, or tries again.
type client struct {
	*ddb.Client
	db *dynamodb.DB // nil: all go the long way
}

// GetItem implements dynamo.Client.
func (c client) GetItem(ctx context.Context, in *ddb.GetItemInput, more ...func(*ddb.Options)) (*ddb.GetItemOutput, error) {
	if in.AttributesToGet == nil && len(more) == 0 {
		var answer *dynamodb.Answered
		if ctx, answer = c.ask(ctx, "GetItem", appendGet(paper(), in)); answer != nil {
			return readGet(answer)
		}
	}
	return c.Client.GetItem(ctx, in, more...)
}

// Query implements dynamo.Client.
func (c client) Query(ctx context.Context, in *ddb.QueryInput, more ...func(*ddb.Options)) (*ddb.QueryOutput, error) {
	if in.AttributesToGet == nil && in.KeyConditions == nil && in.QueryFilter == nil && in.ConditionalOperator == "" && len(more) == 0 {
		var answer *dynamodb.Answered
		if ctx, answer = c.ask(ctx, "Query", appendQuery(paper(), in)); answer != nil {
			return readQuery(answer)
		}
	}
	return c.Client.Query(ctx, in, more...)
}

// TransactWriteItems implements dynamo.Client. As the SDK does, it sets the token of a
// request that has none.
func (c client) TransactWriteItems(ctx context.Context, in *ddb.TransactWriteItemsInput, more ...func(*ddb.Options)) (*ddb.TransactWriteItemsOutput, error) {
	if in.ReturnItemCollectionMetrics == "" && len(more) == 0 {
		if in.ClientRequestToken == nil {
			in.ClientRequestToken = aws.String(rand.Text())
		}
		var answer *dynamodb.Answered
		if ctx, answer = c.ask(ctx, "TransactWriteItems", appendTransaction(paper(), in)); answer != nil {
			return readTransaction(answer)
		}
	}
	return c.Client.TransactWriteItems(ctx, in, more...)
}

func paper() []byte { return make([]byte, 0, 512) }

// ask returns the answer of a success. Any other is in the context, for the SDK.
func (c client) ask(ctx context.Context, operation string, body []byte) (context.Context, *dynamodb.Answered) {
	if c.db == nil || ctx.Err() != nil || !utf8.Valid(body) { // the SDK replaces what is no text
		return ctx, nil
	}
	answer := c.db.Direct(ctx, operation, body)
	if !answer.OK() {
		return answer.Into(ctx), nil
	}
	return ctx, answer
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
