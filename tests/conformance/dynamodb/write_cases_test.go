package dynamodb_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func putOnlyWhenMissing(s *session) {
	attempt := func(v string, onFailure types.ReturnValuesOnConditionCheckFailure) {
		s.put(&awsdynamodb.PutItemInput{
			Item: row("p", "s", object{"v": v}), ConditionExpression: aws.String("attribute_not_exists(PK)"),
			ReturnValuesOnConditionCheckFailure: onFailure})
	}
	attempt("1", "")
	attempt("2", "")
	attempt("3", allOld)
	s.get("p", "s")
}

func putReturnsOld(s *session) {
	attempt := func(sk, v string, returning types.ReturnValue) {
		s.put(&awsdynamodb.PutItemInput{Item: row("p", sk, object{"v": v}), ReturnValues: returning})
	}
	attempt("s", "1", types.ReturnValueNone)
	attempt("s", "2", types.ReturnValueAllOld)
	attempt("s2", "2", types.ReturnValueAllOld)
	attempt("s2", "2", types.ReturnValueAllNew)
}

func deleteWithConditions(s *session) {
	s.store(row("p", "s", object{"v": num("1")}))
	wrong := attributes(object{":x": num("2")})
	s.delete(&awsdynamodb.DeleteItemInput{ConditionExpression: aws.String("v = :x"), ExpressionAttributeValues: wrong})
	s.delete(&awsdynamodb.DeleteItemInput{ConditionExpression: aws.String("v = :x"), ExpressionAttributeValues: wrong,
		ReturnValuesOnConditionCheckFailure: allOld})
	s.delete(&awsdynamodb.DeleteItemInput{ReturnValues: types.ReturnValueAllOld})
	s.delete(&awsdynamodb.DeleteItemInput{ReturnValues: types.ReturnValueAllOld})
	s.delete(&awsdynamodb.DeleteItemInput{ConditionExpression: aws.String("attribute_exists(PK)"),
		ReturnValuesOnConditionCheckFailure: allOld})
}

func failedUpdateChangesNothing(s *session) {
	s.store(row("p", "s", object{"bal": num("10")}))
	s.update(change{do: "SET bal = bal - :v, oth = mssng + :v", with: object{":v": num("4")}})
	s.get("p", "s")
}

func updateReturnValues(s *session) {
	s.store(row("p", "s", object{"a": num("1"), "b": num("2"), "m": object{"x": num("1"), "y": num("2")}}))
	one := object{":o": num("1")}
	for _, returning := range []types.ReturnValue{"ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "NONE"} {
		s.update(change{do: "SET a = a + :o, m.x = :o", with: one, returning: returning})
	}
	s.update(change{do: "SET a = a", returning: types.ReturnValueUpdatedNew})
	s.update(change{pk: "n", sk: "n", do: "SET a = :o", with: one, returning: types.ReturnValueAllOld})
}

func failedConditionShowsItem(s *session) {
	s.store(row("p", "s", object{"a": num("1"), "l": list{}, "m": object{}, "bin": bin("x"), "nul": nil}))
	one := object{":o": num("1")}
	s.update(change{do: "SET a = :o", when: "a > :o", with: one, onFailure: allOld})
	s.update(change{do: "SET a = :o", when: "a > :o", with: one})
	s.update(change{pk: "no", sk: "no", do: "SET a = :o", when: "attribute_exists(PK)", with: one, onFailure: allOld})
	s.get("no", "no")
}

func capacityOfPut(s *session) {
	s.put(&awsdynamodb.PutItemInput{Item: row("p", "s", object{"v": repeated(3000)}),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
}
