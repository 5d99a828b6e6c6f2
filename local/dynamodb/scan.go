package dynamodb

import (
	"iter"

	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

func (ex *exchange) scan(r *protocol.Reader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	if err := q.checkSegments(); err != nil {
		return err
	}
	read, err := prepareReading(t, q)
	if err != nil {
		return err
	}
	if err := read.prepareRest(); err != nil {
		return err
	}
	ex.call.Index = q.index
	ex.touch("Scan", t, nil)
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerReading(read, func() iter.Seq[*storage.Record] {
		all := read.records().All(read.start)
		if q.segments == nil {
			return all
		}
		return storage.Segment(all, *q.segment, *q.segments)
	})
}

func (q *request) checkSegments() error {
	switch {
	case q.segments == nil && q.segment == nil:
		return nil
	case q.segments == nil:
		return protocol.Invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case q.segment == nil:
		return protocol.Invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case *q.segments < 1 || *q.segments > 1000000 || *q.segment < 0:
		return protocol.Invalid("1 validation error detected: Value at 'totalSegments' or 'segment' is out of range")
	case *q.segment >= *q.segments:
		return protocol.Invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", *q.segment, *q.segments)
	}
	return nil
}
