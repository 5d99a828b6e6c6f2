package dynamodb_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// storeOrders fills the table for the reading cases: twelve orders and two more
// items in partition A, every second order in index gs1 and every third in gn1,
// and a few items in other partitions.
func storeOrders(s *session) {
	for i := range 12 {
		more := object{"i": num(fmt.Sprint(i)), "even": i%2 == 0}
		if i%2 == 0 {
			more["G1"], more["G1S"] = "open", fmt.Sprintf("d%02d", 50-i)
		}
		if i%3 == 0 {
			more["G2"], more["G2N"] = "num", num(fmt.Sprint(i*7-20))
		}
		s.store(row("A", fmt.Sprintf("ord#%03d", i), more))
	}
	s.store(row("A", "meta", object{"x": "y"}))
	s.store(row("A", "zz", object{"G1": "open"})) // half a key: not in the index
	s.store(row("AB", "ord#001", object{"x": "other"}))
	s.store(row("B", "ord#001", object{"G1": "open", "G1S": "d44"}))
	s.store(row("C", "ord#001", object{"G1": "closed", "G1S": "d44", "G2": "num", "G2N": num("9")}))
	s.store(row("C", "ord#002", object{"G2": "num", "G2N": num("100")}))
	s.store(row("C", "ord#003", object{"G2": "num", "G2N": num("-100.5")}))
	s.store(row("C", "ord#004", object{"G2": "num", "G2N": num("1e2")}))
}

func queries(s *session) {
	storeOrders(s)
	keyConditions(s)
	s.query(&awsdynamodb.QueryInput{})
	inA := func(more object, shape func(*awsdynamodb.QueryInput)) {
		condition := "PK = :p"
		if _, begins := more[":s"]; begins {
			condition += " AND begins_with(SK, :s)"
		}
		values := object{":p": "A"}
		for name, v := range more {
			values[name] = v
		}
		in := where(condition, values)
		shape(in)
		s.query(in)
	}
	even := object{":t": true}
	inA(nil, func(in *awsdynamodb.QueryInput) { in.IndexName = aws.String("nope") })
	inA(nil, func(in *awsdynamodb.QueryInput) { in.Limit = aws.Int32(0) })
	inA(object{":s": "ord"}, func(in *awsdynamodb.QueryInput) { in.ScanIndexForward, in.Limit = aws.Bool(false), aws.Int32(2) })
	inA(nil, func(in *awsdynamodb.QueryInput) { in.Select = types.SelectCount })
	inA(nil, func(in *awsdynamodb.QueryInput) { in.ProjectionExpression = aws.String("SK, i") })
	inA(even, func(in *awsdynamodb.QueryInput) { in.FilterExpression = aws.String("even = :t") })
	inA(even, func(in *awsdynamodb.QueryInput) {
		in.FilterExpression, in.Limit = aws.String("even = :t"), aws.Int32(3)
	})
	inA(even, func(in *awsdynamodb.QueryInput) {
		in.FilterExpression, in.Select = aws.String("even = :t"), types.SelectCount
	})
	inA(object{":t": "meta"}, func(in *awsdynamodb.QueryInput) { in.FilterExpression = aws.String("SK = :t") })
}

func keyConditions(s *session) {
	for _, q := range []struct {
		condition string
		values    object // besides :p, which is A unless it is given here
	}{
		{"PK = :p", nil},
		{"PK = :p AND begins_with(SK, :s)", object{":s": "ord#00"}},
		{"PK = :p AND SK BETWEEN :a AND :b", object{":a": "ord#003", ":b": "ord#006"}},
		{"PK = :p AND SK > :a", object{":a": "ord#010"}},
		{"PK = :p AND SK <= :a", object{":a": "ord#001"}},
		{"SK = :a AND PK = :p", object{":a": "meta"}},
		{"(PK = :p) AND (SK = :a)", object{":a": "meta"}},
		{"PK = :p", object{":p": "none"}},
		{"PK > :p", nil},
		{"SK = :p", nil},
		{"PK = :p OR SK = :p", nil},
		{"PK = :p AND i = :i", object{":i": num("1")}},
		{"PK = :p AND contains(SK, :i)", object{":i": "1"}},
		{"PK = :p AND SK = :a AND SK = :b", object{":a": "1", ":b": "2"}},
		{"PK = :p", object{":p": num("1")}},
		{"PK = :p", object{":u": "x"}},
		{"PK = :p AND SK BETWEEN :a AND :b", object{":a": "z", ":b": "a"}},
	} {
		values := object{":p": "A"}
		for name, v := range q.values {
			values[name] = v
		}
		s.find("", q.condition, values)
	}
}

func scannedCount(s *session) {
	storeOrders(s)
	in := where("PK = :p", object{":p": "A", ":t": true})
	in.TableName, in.FilterExpression, in.Select = s.table, aws.String("even = :t"), types.SelectCount
	out, err := s.client.Query(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(answer(count("Count", out.Count), count("ScannedCount", out.ScannedCount)), nil)
}

// pages notes each page of a query up to the last.
func pages(s *session, in *awsdynamodb.QueryInput, forward bool, most int) {
	in.ScanIndexForward = &forward
	for range most {
		out := s.query(in)
		if out == nil || len(out.LastEvaluatedKey) == 0 {
			s.note("ok end after", nil)
			return
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
	s.note("ok never ended", nil)
}

func limited(in *awsdynamodb.QueryInput, limit int32) *awsdynamodb.QueryInput {
	in.Limit = &limit
	return in
}

func pagesOfTable(s *session, forward bool) {
	storeOrders(s)
	orders := func() *awsdynamodb.QueryInput {
		return where("PK = :p AND begins_with(SK, :s)", object{":p": "A", ":s": "ord#"})
	}
	pages(s, limited(orders(), 5), forward, 10)
	pages(s, limited(orders(), 4), forward, 10) // 4 divides 12: the last page is empty
	filtered := where("PK = :p", object{":p": "A", ":t": true})
	filtered.FilterExpression = aws.String("even = :t")
	pages(s, limited(filtered, 4), forward, 10)
}

func pagesOfStringIndex(s *session, forward bool) {
	storeOrders(s)
	open := func(condition string, more object) *awsdynamodb.QueryInput {
		values := object{":p": "open"}
		for name, v := range more {
			values[name] = v
		}
		in := where("G1 = :p"+condition, values)
		in.IndexName = aws.String("gs1")
		return in
	}
	pages(s, open("", nil), forward, 3)
	pages(s, limited(open("", nil), 3), forward, 10)
	pages(s, limited(open(" AND G1S BETWEEN :a AND :b", object{":a": "d42", ":b": "d46"}), 2), forward, 10)
}

func pagesOfNumberIndex(s *session, forward bool) {
	storeOrders(s)
	numbers := func(condition string, values object) *awsdynamodb.QueryInput {
		values[":p"] = "num"
		in := where("G2 = :p"+condition, values)
		in.IndexName = aws.String("gn1")
		return in
	}
	pages(s, numbers("", object{}), forward, 3)
	pages(s, limited(numbers("", object{}), 2), forward, 10)
	pages(s, numbers(" AND G2N <= :a", object{":a": num("9")}), forward, 10)
	pages(s, limited(numbers(" AND G2N <= :a", object{":a": num("9")}), 2), forward, 10)
}

func pageAfterDeletedItem(s *session) {
	storeOrders(s)
	in := limited(where("PK = :p AND begins_with(SK, :s)", object{":p": "A", ":s": "ord#"}), 3)
	out := s.query(in)
	if out == nil || out.LastEvaluatedKey == nil {
		return
	}
	s.remove(out.LastEvaluatedKey)
	in.ExclusiveStartKey = out.LastEvaluatedKey
	s.query(in)
}
