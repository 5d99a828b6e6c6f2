package dynamodb_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// tried is a condition and its values :a, :b, :c, :d, as many as it has.
type tried struct {
	condition string
	values    []any
}

func conditionOperators(s *session) {
	s.store(row("p", "s", object{
		"n": num("5"), "s": "hello", "ss": strs{"a", "b"}, "l": list{"a", num("2")}, "m": object{"k": "v", "n": num("7")},
		"b": bin("abc"), "t": true, "nul": nil, "empty": "", "el": list{}, "big": num("100")}))
	for _, conditions := range [][]tried{logic, functions, comparisons, wrongSyntax} {
		for _, c := range conditions {
			values := object{}
			for i, v := range c.values {
				values[":"+string(rune('a'+i))] = v
			}
			s.holds(c.condition, nil, values)
		}
	}
}

var logic = []tried{
	{"n = :a AND s = :b", []any{num("5"), "hello"}},
	{"n = :a AND s = :b OR n = :c", []any{num("1"), "x", num("5")}},
	{"n = :c OR n = :a AND s = :b", []any{num("1"), "x", num("5")}},
	{"NOT n = :a", []any{num("1")}},
	{"NOT (n = :a OR s = :b)", []any{num("1"), "x"}},
	{"NOT n = :a AND s = :b", []any{num("1"), "x"}},
	{"NOT attribute_exists(nope) AND n >= :a", []any{num("5")}},
	{"n BETWEEN :a AND :b", []any{num("5"), num("10")}},
	{"n BETWEEN :a AND :b AND s = :c", []any{num("1"), num("4"), "hello"}},
	{"big BETWEEN :a AND :b", []any{num("5"), num("99")}},
	{"n IN (:a, :b)", []any{num("1"), num("5")}},
	{"s IN (:a, :b)", []any{"1", "5"}},
	{"NOT s IN (:a, :b)", []any{"1", "5"}},
}

var functions = []tried{
	{"contains(s, :a)", []any{"ell"}},
	{"contains(ss, :a)", []any{"a"}},
	{"contains(ss, :a)", []any{"z"}},
	{"contains(l, :a)", []any{num("2")}},
	{"contains(l, :a)", []any{num("2.0")}},
	{"contains(n, :a)", []any{"5"}},
	{"contains(nope, :a)", []any{"5"}},
	{"begins_with(s, :a)", []any{"he"}},
	{"begins_with(n, :a)", []any{"5"}},
	{"begins_with(nope, :a)", []any{"5"}},
	{"begins_with(b, :a)", []any{bin("ab")}},
	{"size(s) = :a", []any{num("5")}},
	{"size(l) > :a", []any{num("1")}},
	{"size(m) = :a", []any{num("2")}},
	{"size(ss) = :a", []any{num("2")}},
	{"size(b) = :a", []any{num("3")}},
	{"size(n) = :a", []any{num("3")}},
	{"size(nope) = :a", []any{num("3")}},
	{"attribute_type(s, :a)", []any{"S"}},
	{"attribute_type(n, :a)", []any{"S"}},
	{"attribute_type(nul, :a)", []any{"NULL"}},
	{"attribute_type(m, :a)", []any{"M"}},
	{"attribute_type(s, :a)", []any{"BAD"}},
	{"attribute_exists(m.k) AND attribute_not_exists(m.z)", nil},
}

var comparisons = []tried{
	{"m.n > :a", []any{num("6")}},
	{"l[1] = :a", []any{num("2")}},
	{"attribute_exists(l[5])", nil},
	{"n <> :a", []any{num("5.0")}},
	{"n = :a", []any{num("5.00")}},
	{"n = :a", []any{"5"}},
	{"n > :a", []any{"4"}},
	{"n <> :a", []any{"5"}},
	{"nope <> :a", []any{"5"}},
	{"nope = :a", []any{"5"}},
	{"nope < :a", []any{num("5")}},
	{"nope < :a OR n = :b", []any{num("5"), num("5")}},
	{"attribute_not_exists(nope) OR nope < :a", []any{num("5")}},
	{"nul = :a", []any{nil}},
	{"t = :a", []any{true}},
	{"empty = :a", []any{""}}, // a reserved word
	{"el = :a", []any{list{}}},
	{"ss = :a", []any{strs{"b", "a"}}},
	{"l = :a", []any{list{"a", num("2")}}},
	{"m = :a", []any{object{"k": "v", "n": num("7.0")}}},
	{"s > :a", []any{"Hello"}},
	{"n < big", nil},
}

var wrongSyntax = []tried{
	{"((n = :a))", []any{num("5")}},
	{"n = :a AND (s = :b OR (s = :c AND n > :d))", []any{num("5"), "x", "hello", num("1")}}, // right
	{":a = n", []any{num("5")}},                      // right
	{":a IN (s, n)", []any{num("5")}},                // right
	{"n >= :a and s = :b", []any{num("5"), "hello"}}, // right
	{"n==:a", []any{num("5")}},
	{"n = ", nil},
	{"n = 5", nil},
	{"foo(n)", nil},
	{"attribute_exists(:a)", []any{"n"}},
	{"size(size(s)) = :a", []any{num("5")}},
}

func placeholdersMustFit(s *session) {
	s.store(row("p", "s", object{"n": num("5")}))
	five := object{":a": num("5")}
	s.holds("n = :a", nil, object{":a": num("5"), ":unused": num("1")})
	s.holds("n = :missing", nil, nil)
	s.holds("#x = :a", map[string]string{"#x": "n", "#unused": "q"}, five)
	s.holds("#nope = :a", nil, five)
	s.holds("", nil, nil)
	s.put(&awsdynamodb.PutItemInput{Item: key("p", "z"), ExpressionAttributeValues: attributes(object{":a": num("1")})})
	s.put(&awsdynamodb.PutItemInput{Item: key("p", "z"), ConditionExpression: aws.String("attribute_not_exists(PK)"),
		ExpressionAttributeValues: wire{}})
	s.put(&awsdynamodb.PutItemInput{Item: key("p", "z"), ConditionExpression: aws.String(":a = :ab OR n = :a"),
		ExpressionAttributeValues: attributes(object{":a": num("1"), ":ab": num("2")})})
}

func reservedWords(s *session) {
	s.store(row("p", "s", object{"status": "x", "name": "n"}))
	x := object{":a": "x"}
	s.holds("status = :a", nil, x)
	s.holds("#s = :a", map[string]string{"#s": "status"}, x)
	for _, c := range []change{
		{do: "SET name = :a"},
		{do: "SET data = :a"},
		{do: "SET total = :a"},
		{do: "SET #n = :a", names: map[string]string{"#n": "name"}},
		{do: "SET a1_b = :a, _x = :a"},
		{do: "SET credits_used = :a, period2 = :a, version = :a"},
		{do: "set version = :a remove foo"},
		{do: "SET a = :a SET b = :a"},
	} {
		c.with = x
		s.update(c)
	}
}
