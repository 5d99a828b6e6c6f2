package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// batchWrite is one write of a BatchWriteItem request.
type batchWrite struct {
	kind    string // Put or Delete
	request *request
	write   *write
}

func (ex *exchange) batchWriteItem(r *protocol.Reader) error {
	writes, err := ex.readBatchWrite(r)
	if err != nil {
		return err
	}
	switch {
	case len(writes) > maxBatchWrites:
		return protocol.Invalid(batchTooLong, "BatchWriteItem")
	case len(writes) == 0:
		return protocol.Invalid(batchMemberLength)
	}
	seen := make(map[location]bool, len(writes))
	for i := range writes {
		b := &writes[i]
		t, err := ex.db.store.Table(b.request.table)
		if err != nil {
			return err
		}
		if b.write, err = prepareWrite(b.kind, t, b.request); err != nil {
			return err
		}
		if b.kind == "Put" {
			if err := t.CheckIndexKeys(b.request.item); err != nil {
				return err
			}
		}
		at := location{t, b.write.place}
		if seen[at] {
			return protocol.Invalid(batchRepeats)
		}
		seen[at] = true
		ex.touch("BatchWriteItem", t, b.write.key)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerBatchWrite(writes)
}

func (ex *exchange) readBatchWrite(r *protocol.Reader) (writes []batchWrite, err error) {
	r.Object(func(name string) {
		switch name {
		case "RequestItems":
			r.Object(func(table string) {
				before := len(writes)
				r.Array(func() { writes = append(writes, readBatchMember(r, table)) })
				if len(writes) == before {
					r.Fail(protocol.Invalid(batchMemberLength))
				}
			})
		case "ReturnConsumedCapacity":
			ex.meter.mode = readCapacityMode(r, name)
		default:
			r.Skip()
		}
	})
	r.End()
	return writes, r.Err()
}

func readBatchMember(r *protocol.Reader, table string) batchWrite {
	b := batchWrite{request: &request{table: table}}
	members := 0
	r.Object(func(name string) {
		switch name {
		case "PutRequest":
			b.kind = "Put"
		case "DeleteRequest":
			b.kind = "Delete"
		default:
			r.Skip()
			return
		}
		members++
		r.Object(func(name string) {
			if !b.request.readTarget(r, name) {
				r.Skip()
			}
		})
	})
	if members != 1 {
		r.Fail(protocol.Invalid("Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest"))
	}
	return b
}

// answerBatchWrite makes the writes one by one; a batch is no transaction. What
// a fault strikes is handed back as unprocessed.
func (ex *exchange) answerBatchWrite(writes []batchWrite) error {
	var left []batchWrite
	for i, b := range writes {
		if ex.fault.Kind == FaultUnprocessed && ex.fault.strikes(i) {
			left = append(left, b)
			continue
		}
		if _, err := ex.carryOut(b.write); err != nil {
			return err
		}
	}
	ex.out = append(ex.out, `{"UnprocessedItems":{`...)
	for i, b := range left {
		if i == 0 || left[i-1].request.table != b.request.table {
			if i > 0 {
				ex.out = append(ex.out, ']')
			}
			ex.out = append(protocol.Member(ex.out, b.request.table), '[')
		} else {
			ex.out = append(ex.out, ',')
		}
		ex.out = b.append(ex.out)
	}
	if left != nil {
		ex.out = append(ex.out, ']')
	}
	ex.out = append(ex.out, '}')
	ex.finish(true)
	return nil
}

func (b *batchWrite) append(out []byte) []byte {
	if b.kind == "Put" {
		out = attribute.AppendItem(append(out, `{"PutRequest":{"Item":`...), b.request.item)
	} else {
		out = attribute.AppendItem(append(out, `{"DeleteRequest":{"Key":`...), b.request.key)
	}
	return append(out, '}', '}')
}
