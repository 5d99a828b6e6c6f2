package dynamodb_test

import (
	"fmt"

	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func batches(s *session) {
	put := func(item wire) types.WriteRequest {
		return types.WriteRequest{PutRequest: &types.PutRequest{Item: item}}
	}
	remove := func(sk string) types.WriteRequest {
		return types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key("b", sk)}}
	}
	var puts []types.WriteRequest
	for i := range 26 {
		puts = append(puts, put(row("b", fmt.Sprint(i), object{"v": num(fmt.Sprint(i))})))
	}
	s.batchWrite(puts[:25]...)
	s.batchWrite(puts...)
	s.batchWrite(puts[0], puts[0])
	s.batchWrite(remove("0"), puts[1], remove("zz"))
	s.batchWrite(puts[0], put(attributes(object{"PK": "x"})))
	s.batchWrite()

	var keys []wire
	for i := range 101 {
		keys = append(keys, key("b", fmt.Sprint(i)))
	}
	s.batchGet(*s.table, keys[1], keys[2], key("b", "none"))
	s.batchGet(*s.table, keys[1], keys[1])
	s.batchGet(*s.table)
	s.batchGet(*s.table, keys...)
	s.batchGet(*s.table, keys[:100]...)
	s.batchGet("nope", keys[0])
}

func (s *session) batchWrite(writes ...types.WriteRequest) {
	out, err := s.client.BatchWriteItem(s.t.Context(), &awsdynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{*s.table: append([]types.WriteRequest{}, writes...)}}) // none is sent as an empty list
	if err == nil && len(out.UnprocessedItems) > 0 {
		s.t.Errorf("unprocessed items: %v", out.UnprocessedItems)
	}
	s.note("ok ", err)
}

func (s *session) batchGet(table string, keys ...wire) {
	out, err := s.client.BatchGetItem(s.t.Context(), &awsdynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{table: {Keys: keys}}})
	if err != nil {
		s.note("", err)
		return
	}
	s.note(fmt.Sprintf("ok n=%d unproc=%d", len(out.Responses[table]), len(out.UnprocessedKeys)), nil)
}
