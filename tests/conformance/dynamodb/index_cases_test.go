package dynamodb_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// indexed is an item of index gs1.
func indexed(pk, sk, partition, sort string) wire {
	return row(pk, sk, object{"G1": partition, "G1S": sort})
}

func (s *session) findIn(partition string) { s.find("gs1", "G1 = :p", object{":p": partition}) }

func putMovesIndexEntry(s *session) {
	s.store(indexed("a", "1", "open", "d1"))
	s.store(indexed("a", "1", "done", "d2"))
	s.findIn("open")
	s.findIn("done")
}

func putDropsIndexEntry(s *session) {
	s.store(indexed("a", "1", "open", "d1"))
	s.store(row("a", "1", object{"v": "x"}))
	s.findIn("open")
	out, err := s.client.Scan(s.t.Context(), &awsdynamodb.ScanInput{TableName: s.table, IndexName: aws.String("gs1")})
	if err != nil {
		s.note("", err)
		return
	}
	s.note(renderScan(out), nil)
}

func tiedEntriesAllCount(s *session) {
	for i := range 3 {
		s.store(indexed("a", fmt.Sprint(i), "open", "d1"))
	}
	s.store(indexed("a", "1", "open", "d0"))
	in := where("G1 = :p", object{":p": "open"})
	in.IndexName, in.Select = aws.String("gs1"), types.SelectCount
	s.query(in)
}

func sparseIndexFollowsItems(s *session) {
	s.store(row("a", "1", object{"G1": "open", "G1S": "d1", "v": num("1")}))
	s.store(indexed("a", "2", "open", "d2"))
	s.update(change{pk: "a", sk: "1", do: "REMOVE G1, G1S"})
	s.findIn("open")
	s.store(row("a", "2", object{"v": "replaced without gsi"}))
	s.findIn("open")
	s.update(change{pk: "a", sk: "1", do: "SET G1 = :g, G1S = :s", with: object{":g": "open", ":s": "d9"}})
	s.findIn("open")
	s.update(change{pk: "a", sk: "1", do: "SET G1 = :g", with: object{":g": "closed"}})
	s.findIn("open")
	s.findIn("closed")
	s.store(indexed("a", "1", "open", "d0"))
	s.findIn("open")
	s.findIn("closed")
	for i := range 3 {
		s.store(indexed("b", fmt.Sprint(i+1), "open", "d0"))
	}
	s.findIn("open")
	s.remove(key("b", "2"))
	s.findIn("open")
	s.remove(key("a", "1"))
	s.findIn("open")
}

func putsMoveEntriesBetweenPartitions(s *session) {
	for i := range 6 {
		s.store(indexed("a", fmt.Sprint(i), "open", fmt.Sprintf("d%d", i)))
	}
	for i := 0; i < 6; i += 2 {
		s.store(indexed("a", fmt.Sprint(i), "done", fmt.Sprintf("d%d", 9-i)))
	}
	s.findIn("open")
	s.findIn("done")
	for i := 1; i < 6; i += 2 {
		s.update(change{pk: "a", sk: fmt.Sprint(i), do: "REMOVE G1"})
	}
	s.findIn("open")
	s.findIn("done")
}

func indexReads(s *session) {
	storeOrders(s)
	open := func(more object) *awsdynamodb.QueryInput {
		values := object{":p": "open"}
		for name, v := range more {
			values[name] = v
		}
		in := where("G1 = :p", values)
		in.IndexName = aws.String("gs1")
		return in
	}
	consistent := open(nil)
	consistent.ConsistentRead = aws.Bool(true)
	s.query(consistent)
	filtered := open(object{":n": num("3")})
	filtered.FilterExpression = aws.String("i > :n")
	s.query(filtered)
	counted := open(nil)
	counted.Select = types.SelectCount
	s.query(counted)
	s.find("gs1", "PK = :p", object{":p": "A"})
	s.scanCount(&awsdynamodb.ScanInput{IndexName: aws.String("gs1")})
}

func (s *session) scanCount(in *awsdynamodb.ScanInput) {
	in.TableName, in.Select = s.table, types.SelectCount
	out, err := s.client.Scan(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(renderScan(out), nil)
}

func scans(s *session) {
	storeOrders(s)
	in := &awsdynamodb.ScanInput{TableName: s.table, Limit: aws.Int32(6)}
	total, pages := 0, 0
	for more := true; more && pages < 20; pages++ {
		out, err := s.client.Scan(s.t.Context(), in)
		if err != nil {
			s.note("", err)
			return
		}
		total += len(out.Items)
		in.ExclusiveStartKey, more = out.LastEvaluatedKey, len(out.LastEvaluatedKey) > 0
	}
	s.note(fmt.Sprintf("ok total %d pages %d", total, pages), nil)
	s.scanCount(&awsdynamodb.ScanInput{FilterExpression: aws.String("attribute_exists(G2)")})
	sum := 0
	for segment := range int32(4) {
		out, err := s.client.Scan(s.t.Context(), &awsdynamodb.ScanInput{TableName: s.table, Segment: &segment, TotalSegments: aws.Int32(4)})
		if err != nil {
			s.note("", err)
			return
		}
		sum += len(out.Items)
	}
	s.note(fmt.Sprintf("ok segments sum %d", sum), nil)
}
