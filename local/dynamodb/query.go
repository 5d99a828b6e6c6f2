package dynamodb

import (
	"iter"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

func (ex *exchange) query(r *protocol.Reader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	read, err := prepareReading(t, q)
	if err != nil {
		return err
	}
	if q.conditions.keyCondition == nil {
		return protocol.Invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if read.key, err = expression.ParseKeyCondition(*q.conditions.keyCondition, &q.given, read.schema); err != nil {
		return err
	}
	if err := read.prepareRest(); err != nil {
		return err
	}
	if read.start != nil && !read.startsInside() {
		return protocol.Invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	ex.call.Index = q.index
	ex.touch("Query", t, attribute.Item{{Name: t.Schema.Hash.Name, Value: read.key.Hash}})
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerReading(read, func() iter.Seq[*storage.Record] {
		return read.records().Visit(keys.Bytes(read.key.Hash), read.key.Within, !q.backward, read.start)
	})
}
