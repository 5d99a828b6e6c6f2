package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

const (
	maxBatchGets      = 100
	maxBatchWrites    = 25
	maxBatchBytes     = 16 << 20
	batchTooLong      = "Too many items requested for the %s call"
	batchRepeats      = "Provided list of item keys contains duplicates"
	batchMemberLength = "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1"
)

// batchGet is one table's part of a BatchGetItem request.
type batchGet struct {
	table   *storage.Table
	request *request
	paths   []expression.Path
	keys    []attribute.Item
	first   int // position of its first key among those of the whole request
}

func (ex *exchange) batchGetItem(r *protocol.Reader) error {
	gets, err := ex.readBatchGet(r)
	if err != nil {
		return err
	}
	total := 0
	for i := range gets {
		gets[i].first = total
		total += len(gets[i].keys)
		if err := ex.prepareBatchGet(&gets[i]); err != nil {
			return err
		}
	}
	switch {
	case total > maxBatchGets:
		return protocol.Invalid(batchTooLong, "BatchGetItem")
	case total == 0:
		return protocol.Invalid(batchMemberLength)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerBatchGet(gets)
}

func (ex *exchange) readBatchGet(r *protocol.Reader) (gets []batchGet, err error) {
	r.Object(func(name string) {
		switch name {
		case "RequestItems":
			r.Object(func(table string) { gets = append(gets, readBatchKeys(r, table)) })
		case "ReturnConsumedCapacity":
			ex.meter.mode = readCapacityMode(r, name)
		default:
			r.Skip()
		}
	})
	r.End()
	return gets, r.Err()
}

func readBatchKeys(r *protocol.Reader, table string) batchGet {
	g := batchGet{request: &request{table: table}}
	r.Object(func(name string) {
		switch {
		case name == "Keys":
			r.Array(func() { g.keys = append(g.keys, attribute.ReadItem(r)) })
		case !g.request.readExpression(r, name) && !g.request.readChoice(r, name):
			r.Skip()
		}
	})
	if r.Err() == nil {
		r.Fail(g.request.check())
	}
	if r.Err() == nil && len(g.keys) == 0 {
		r.Fail(protocol.Invalid(batchMemberLength))
	}
	return g
}

func (ex *exchange) prepareBatchGet(g *batchGet) (err error) {
	if g.table, err = ex.db.store.Table(g.request.table); err != nil {
		return err
	}
	if g.paths, err = g.request.projection(); err != nil {
		return err
	}
	seen := make(map[keys.Place]bool, len(g.keys))
	for _, key := range g.keys {
		if err := g.table.Schema.CheckKey(key); err != nil {
			return err
		}
		at := g.table.Schema.PlaceOf(key)
		if seen[at] {
			return protocol.Invalid(batchRepeats)
		}
		seen[at] = true
		ex.touch("BatchGetItem", g.table, key)
	}
	return nil
}

// answerBatchGet reads key by key; what goes beyond 16 MB, or is struck by a
// fault, is handed back as unprocessed.
func (ex *exchange) answerBatchGet(gets []batchGet) error {
	bytes := 0
	left := make([][]attribute.Item, len(gets))
	ex.out = append(ex.out, `{"Responses":{`...)
	for i := range gets {
		g := &gets[i]
		ex.out = append(protocol.Member(ex.out, g.table.Name), '[')
		start := len(ex.out)
		for k, key := range g.keys {
			if bytes > maxBatchBytes || ex.fault.Kind == FaultUnprocessed && ex.fault.strikes(g.first+k) {
				left[i] = append(left[i], key)
				continue
			}
			found, err := g.table.Find(g.table.Schema.PlaceOf(key))
			if err != nil {
				return err
			}
			ex.meter.read(g.table.Name, "", found.Bytes(), g.request.consistent)
			if found != nil {
				bytes += found.Size
				ex.out = attribute.AppendItem(protocol.Comma(ex.out, len(ex.out)-start), expression.Project(found.Item(), g.paths))
			}
		}
		ex.out = append(ex.out, ']')
	}
	ex.out = append(ex.out, `},"UnprocessedKeys":{`...)
	for i := range gets {
		if left[i] != nil {
			ex.out = gets[i].appendUnprocessed(protocol.Member(ex.out, gets[i].table.Name), left[i])
		}
	}
	ex.out = append(ex.out, '}')
	ex.finish(true)
	return nil
}

// appendUnprocessed writes keys the way they were asked for, so that the caller
// can send them again as they are.
func (g *batchGet) appendUnprocessed(out []byte, keys []attribute.Item) []byte {
	out = append(out, `{"Keys":[`...)
	for i, key := range keys {
		out = attribute.AppendItem(protocol.Comma(out, i), key)
	}
	out = append(out, ']')
	if g.request.consistent {
		out = append(protocol.Member(out, "ConsistentRead"), "true"...)
	}
	if text := g.request.conditions.projection; text != nil {
		out = protocol.AppendText(protocol.Member(out, "ProjectionExpression"), *text)
	}
	return append(g.request.given.AppendNames(out), '}')
}
