package dynamodb_test

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func repeated(n int) string { return strings.Repeat("x", n) }

func untouchedNumbersStayExact(s *session) {
	s.store(row("p", "s", object{"ref": num("9007199254740993"), "price": num("1.10"), "m": object{"id": num("12345678901234567890")}}))
	s.update(change{do: "SET oth = :v", with: object{":v": "x"}})
}

func integersStayExact(s *session) {
	s.store(row("p", "s", object{"bal": num("1000000")}))
	s.update(change{do: "SET bal = bal - :v", when: "bal >= :v", with: object{":v": num("1")}})
	s.update(change{do: "ADD bal :v", with: object{":v": num("-999999")}})
	s.update(change{do: "SET bal = bal + :v", with: object{":v": num("9007199254740000")}})
}

func exactNumbers(s *session) {
	const big = "12345678901234567890123456789012345678"
	s.store(row("p", "s", object{"a": num("0.1"), "big": num(big), "micro": num("9007199254740993"), "neg": num("-3.5"), "z": num("0")}))
	set := func(do, v string) {
		c := change{do: do, returning: types.ReturnValueUpdatedNew}
		if v != "" {
			c.with = object{":v": num(v)}
		}
		s.update(c)
	}
	set("SET a = a + :v", "0.2")
	set("ADD a :v", "0.000000000000000000001")
	set("SET big = big + :v", "1")
	set("ADD micro :v", "1")
	set("SET neg = neg - :v", "0.05")
	set("ADD neg :v", "3.55")
	set("SET c = :v", "9007199254740993")
	set("SET q = micro", "")
	s.holds("c = :v", nil, object{":v": num("9007199254740992")})
	s.holds("c > :v", nil, object{":v": num("9007199254740992")})
	s.holds("big > :v", nil, object{":v": num(big)})
	set("SET cents = :v", "19.99")
	set("SET cents = cents - :v", "0.01")
	s.update(change{do: "ADD ns :c", with: object{":c": nums{"0.1", "12345678901234567890", "9007199254740993"}},
		returning: types.ReturnValueUpdatedNew})
}

func numberSpellings(s *session) {
	for i, spelling := range []num{"0", "-0", "0.0", "00", "+1", "007", "1.00", "1e3", "1E-3", "1e125", "1e126", "1e-130", "1e-131",
		".5", "5.", "", "abc", "NaN", "Infinity", "0x10", "99999999999999999999999999999999999999",
		"999999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "1 ",
		"100000000000000000000000000000000000000000", "0.00000000000000000001"} {
		sk := fmt.Sprint(i)
		s.putItem(row("p", sk, object{"n": spelling}))
		s.get("p", sk)
	}
	s.store(row("p", "s", object{"n": num("1e125")}))
	s.update(change{do: "SET n = n + n"})
	s.update(change{do: "ADD n :v", with: object{":v": num("9e125")}})
}

func nested(levels int) any {
	var v any = "x"
	for range levels {
		v = object{"d": v}
	}
	return v
}

func everyTypeComesBack(s *session) {
	for i, v := range []any{"", "ü€😀", bin(""), bin("\x00\xff"), false, true, nil, notNull{}, list{}, object{},
		list{list{}, object{}, "", nil, false, bin("")}, strs{"a"}, strs{}, strs{""}, strs{"a", "a"}, nums{"1", "1.0"}, nums{},
		bins{"a"}, bins{""}, object{"": "x"}, object{"a.b": list{object{"c": strs{"q"}}}}, nested(30)} {
		sk := fmt.Sprint(i)
		s.putItem(row("p", sk, object{"v": v}))
		s.get("p", sk)
	}
	s.putItem(row("p", "toodeep", object{"v": nested(40)}))
	s.putItem(row("p", "emptyname", object{"": "x"}))
	s.update(change{do: "SET v = :v", with: object{":v": nil}})
	s.update(change{do: "SET v = :v, w = :w, e = :e", with: object{":v": list{}, ":w": object{}, ":e": ""}})
	s.update(change{do: "SET b = :v", with: object{":v": strs{}}})
	s.update(change{do: "SET x = v, y = w, z = e"})
}

func keysAreChecked(s *session) {
	for _, item := range []wire{
		key("", "s"),
		key("p", ""),
		attributes(object{"PK": "p"}),
		attributes(object{"PK": num("1"), "SK": "s"}),
		key(repeated(2049), "s"),
		key("p", repeated(1025)),
		row("p", "g", object{"G1": num("1"), "G1S": "x"}),
		row("p", "g", object{"G1": "", "G1S": "x"}),
		row("p", "g", object{"G2": "q", "G2N": "x"}),
	} {
		s.putItem(item)
	}
	s.get("p", "g")
	s.update(change{do: "SET G2 = :g, G2N = :n", with: object{":g": "a", ":n": "bad"}})
	s.get("p", "s")
	for _, k := range []wire{
		attributes(object{"PK": "p"}),
		attributes(object{"PK": "p", "SK": "s", "X": "y"}),
		attributes(object{"PK": "p", "SK": num("1")}),
		attributes(object{"PK": "p", "XX": "1"}),
		key("p", ""),
	} {
		s.getWith(&awsdynamodb.GetItemInput{Key: k})
	}
}

func keysDoNotCollide(s *session) {
	s.store(row("a.b", "c", object{"v": "first"}))
	s.store(row("a", "b.c", object{"v": "second"}))
	s.get("a.b", "c")
	s.get("a", "b.c")
	fresh := aws.String("attribute_not_exists(PK)")
	s.put(&awsdynamodb.PutItemInput{Item: row("user@x.com", "p", object{"v": "1"}), ConditionExpression: fresh})
	s.put(&awsdynamodb.PutItemInput{Item: row("user@x", "com.p", object{"v": "2"}), ConditionExpression: fresh})
}

func projections(s *session) {
	s.store(row("p", "s", object{"a": num("1"), "m": object{"x": num("1"), "y": object{"z": "q"}},
		"l": list{"0", "1", "2"}, "status": "s"}))
	for _, paths := range []string{"a", "a, m.x", "m.y.z, l[1]", "l[0], l[2]", "l[9]", "nope", "#s, PK", "status", "a, a", "m, m.x"} {
		in := &awsdynamodb.GetItemInput{Key: key("p", "s"), ProjectionExpression: aws.String(paths)}
		if strings.Contains(paths, "#s") {
			in.ExpressionAttributeNames = map[string]string{"#s": "status"}
		}
		s.getWith(in)
	}
	s.get("no", "no")
}

func itemAndPageSizes(s *session) {
	s.putItem(row("p", "s", object{"v": repeated(400*1024 - 20)}))
	s.putItem(row("p", "s2", object{"v": repeated(400*1024 + 1)}))
	s.update(change{do: "SET w = :v", with: object{":v": repeated(1000)}, returning: types.ReturnValueNone})
	s.transact("", s.txPut(row("p", "s3", object{"v": repeated(400*1024 + 1)}), "", ""))
	for i := range 5 {
		s.store(row("pg", fmt.Sprint(i), object{"v": repeated(300 * 1024)}))
	}
	in := where("PK = :p", object{":p": "pg"})
	in.TableName = s.table
	out, err := s.client.Query(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(fmt.Sprintf("ok 1MB page: n=%d more=%v", len(out.Items), len(out.LastEvaluatedKey) > 0), nil)
}
