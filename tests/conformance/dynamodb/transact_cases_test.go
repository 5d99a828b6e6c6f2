package dynamodb_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type onFailure = types.ReturnValuesOnConditionCheckFailure

func (s *session) transact(token string, actions ...types.TransactWriteItem) {
	_, err := s.client.TransactWriteItems(s.t.Context(), &awsdynamodb.TransactWriteItemsInput{
		TransactItems: actions, ClientRequestToken: given(token)})
	s.note("ok ", err)
}

func (s *session) txPut(item wire, when string, show onFailure) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{TableName: s.table, Item: item,
		ConditionExpression: given(when), ReturnValuesOnConditionCheckFailure: show}}
}

func (s *session) txUpdate(sk, do, when string, values object, show onFailure) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{TableName: s.table, Key: key("t", sk), UpdateExpression: &do,
		ConditionExpression: given(when), ExpressionAttributeValues: attributes(values), ReturnValuesOnConditionCheckFailure: show}}
}

func (s *session) txDelete(sk, when string, values object, show onFailure) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: s.table, Key: key("t", sk),
		ConditionExpression: given(when), ExpressionAttributeValues: attributes(values), ReturnValuesOnConditionCheckFailure: show}}
}

func (s *session) txCheck(sk, when string, values object, show onFailure) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: s.table, Key: key("t", sk),
		ConditionExpression: &when, ExpressionAttributeValues: attributes(values), ReturnValuesOnConditionCheckFailure: show}}
}

const (
	fresh = "attribute_not_exists(PK)"
	there = "attribute_exists(PK)"
)

func transactionOfEveryKind(s *session) {
	s.store(row("t", "acct", object{"bal": num("10")}))
	s.store(row("t", "old", object{"v": num("1")}))
	s.store(row("t", "chk", object{"v": num("1"), "G1": "open", "G1S": "a"}))
	one, much := object{":o": num("1")}, object{":o": num("99")}
	pay := s.txUpdate("acct", "SET bal = bal - :o", "bal >= :o", one, "")
	all := func() { s.find("", "PK = :p", object{":p": "t"}) }

	s.transact("", s.txPut(row("t", "new", object{"x": num("1")}), fresh, ""), pay,
		s.txDelete("old", "v = :o", one, ""), s.txCheck("chk", "v = :o", one, ""))
	all()
	again := row("t", "new", object{"x": num("2")})
	s.transact("", s.txPut(again, fresh, allOld), s.txUpdate("acct", "SET bal = bal - :o", "bal >= :o", much, allOld),
		s.txDelete("chk", "v = :o", much, allOld), s.txCheck("none", there, nil, allOld))
	all()
	s.transact("", pay, s.txPut(again, fresh, ""), s.txUpdate("fresh", "SET bal = :o", "", one, ""))
	all()
	s.transact("", pay, s.txPut(again, fresh, allOld))
	s.transact("", s.txUpdate("chk", "REMOVE G1", "", nil, ""), s.txCheck("none", there, nil, ""))
	s.findIn("open")
}

func transactionShowsItems(s *session) {
	s.store(row("t", "a", object{"x": num("1")}))
	s.transact("", s.txPut(row("t", "a", object{"x": num("2")}), fresh, allOld))
	s.transact("", s.txDelete("a", fresh, nil, allOld))
	s.transact("", s.txUpdate("a", "SET q = x", fresh, nil, allOld))
	s.transact("", s.txCheck("a", fresh, nil, allOld))
}

func transactionLimits(s *session) {
	puts := func(n int) (actions []types.TransactWriteItem) {
		for i := range n {
			actions = append(actions, s.txPut(key("t", fmt.Sprintf("%03d", i)), "", ""))
		}
		return actions
	}
	put := func() types.TransactWriteItem { return puts(1)[0] }
	s.transact("", puts(100)...)
	s.transact("", puts(101)...)
	s.transact("")
	s.transact("", put(), put())
	s.transact("", put(), s.txCheck("000", there, nil, ""))
	s.transact("", types.TransactWriteItem{})
	s.transact("", types.TransactWriteItem{Put: put().Put, Delete: s.txDelete("q", "", nil, "").Delete})
	elsewhere := put()
	elsewhere.Put.TableName = aws.String("nope")
	s.transact("", elsewhere)
	s.transact("", s.txPut(attributes(object{"PK": "t"}), "", ""))

	first := s.txPut(key("t", "first"), "", "")
	one := object{":o": num("1")}
	s.transact("", s.txUpdate("zz", "SET x = nope + :o", "", one, ""))
	s.transact("", first, s.txUpdate("zz", "SET x = nope + :o", "", one, ""))
	s.transact("", first, s.txUpdate("zz", "SET PK = :o", "", one, ""))
	s.transact("", first, s.txUpdate("zz", "SET x = :unused", "", one, ""))
	s.transact("", first, s.txPut(row("t", "bad", object{"G2": "x", "G2N": "notnum"}), "", ""))
	s.get("t", "first")
	s.get("t", "bad")

	var large []types.TransactWriteItem
	for i := range 12 {
		large = append(large, s.txPut(row("t", fmt.Sprintf("big%d", i), object{"v": repeated(390 * 1024)}), "", ""))
	}
	s.transact("", large...)
}

func transactionToken(s *session) {
	s.store(row("t", "a", object{"n": num("0")}))
	count := func(by string) types.TransactWriteItem {
		return s.txUpdate("a", "SET n = n + :o", "", object{":o": num(by)}, "")
	}
	token := fmt.Sprint(time.Now().UnixNano()) // servers remember it beyond this run
	s.transact(token, count("1"))
	s.transact(token, count("1"))
	s.get("t", "a")
	s.transact(token, count("2"))
	s.get("t", "a")
}

func transactionGet(s *session) {
	s.store(row("t", "a", object{"n": num("0"), "m": "x"}))
	read := func(sk, paths string) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{TableName: s.table, Key: key("t", sk), ProjectionExpression: given(paths)}}
	}
	s.transactGet(read("a", ""), read("none", ""), read("b", ""))
	s.transactGet(read("a", "n"))
	s.transactGet(read("a", ""), read("a", ""))
	s.transactGet()
	var many []types.TransactGetItem
	for i := range 101 {
		many = append(many, read(fmt.Sprint(i), ""))
	}
	s.transactGet(many...)
}

func (s *session) transactGet(reads ...types.TransactGetItem) {
	out, err := s.client.TransactGetItems(s.t.Context(), &awsdynamodb.TransactGetItemsInput{TransactItems: reads})
	if err != nil {
		s.note("", err)
		return
	}
	var found []string
	for _, r := range out.Responses {
		found = append(found, member("Item", r.Item))
	}
	s.note("ok Responses:["+strings.Join(found, " , ")+"]", nil)
}
