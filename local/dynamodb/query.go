package dynamodb

import "iter"

func (ex *exchange) query(r *jsonReader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	read, err := prepareReading(t, q)
	if err != nil {
		return err
	}
	if q.conditions.keyCondition == nil {
		return invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if read.key, err = parseKeyCondition(*q.conditions.keyCondition, &q.given, read.schema); err != nil {
		return err
	}
	if err := read.prepareRest(); err != nil {
		return err
	}
	if read.start != nil && !read.startsInside() {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	ex.call.Index = q.index
	ex.touch("Query", t, item{{t.schema.hash.name, read.key.hash}})
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerReading(read, func() iter.Seq[*record] {
		return read.records().visit(keyBytes(read.key.hash), read.key.within, !q.backward, read.start)
	})
}
