package dynamodb

import "iter"

func (ex *exchange) query(r *Reader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	read, err := prepareReading(t, q)
	if err != nil {
		return err
	}
	if q.conditions.keyCondition == nil {
		return Invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if read.key, err = ParseKeyCondition(*q.conditions.keyCondition, &q.given, read.schema); err != nil {
		return err
	}
	if err := read.prepareRest(); err != nil {
		return err
	}
	if read.start != nil && !read.startsInside() {
		return Invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	ex.call.Index = q.index
	ex.touch("Query", t, Item{{t.Schema.Hash.Name, read.key.Hash}})
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerReading(read, func() iter.Seq[*Record] {
		return read.records().Visit(Bytes(read.key.Hash), read.key.Within, !q.backward, read.start)
	})
}
