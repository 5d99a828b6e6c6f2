package dynamodb

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
	table   *table
	request *request
	paths   []path
	keys    []item
	first   int // position of its first key among those of the whole request
}

func (ex *exchange) batchGetItem(r *jsonReader) error {
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
		return invalid(batchTooLong, "BatchGetItem")
	case total == 0:
		return invalid(batchMemberLength)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerBatchGet(gets)
}

func (ex *exchange) readBatchGet(r *jsonReader) (gets []batchGet, err error) {
	r.object(func(name string) {
		switch name {
		case "RequestItems":
			r.object(func(table string) { gets = append(gets, readBatchKeys(r, table)) })
		case "ReturnConsumedCapacity":
			ex.meter.mode = readCapacityMode(r, name)
		default:
			r.skip()
		}
	})
	r.end()
	return gets, r.Err()
}

func readBatchKeys(r *jsonReader, table string) batchGet {
	g := batchGet{request: &request{table: table}}
	r.object(func(name string) {
		switch {
		case name == "Keys":
			r.array(func() { g.keys = append(g.keys, readItem(r)) })
		case !g.request.readExpression(r, name) && !g.request.readChoice(r, name):
			r.skip()
		}
	})
	if r.Err() == nil {
		r.fail(g.request.check())
	}
	if r.Err() == nil && len(g.keys) == 0 {
		r.fail(invalid(batchMemberLength))
	}
	return g
}

func (ex *exchange) prepareBatchGet(g *batchGet) (err error) {
	if g.table, err = ex.db.store.table(g.request.table); err != nil {
		return err
	}
	if g.paths, err = g.request.projection(); err != nil {
		return err
	}
	seen := make(map[place]bool, len(g.keys))
	for _, key := range g.keys {
		if err := g.table.schema.checkKey(key); err != nil {
			return err
		}
		at := g.table.schema.placeOf(key)
		if seen[at] {
			return invalid(batchRepeats)
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
	left := make([][]item, len(gets))
	ex.out = append(ex.out, `{"Responses":{`...)
	for i := range gets {
		g := &gets[i]
		ex.out = append(member(ex.out, g.table.name), '[')
		start := len(ex.out)
		for k, key := range g.keys {
			if bytes > maxBatchBytes || ex.fault.Kind == FaultUnprocessed && ex.fault.strikes(g.first+k) {
				left[i] = append(left[i], key)
				continue
			}
			found, err := g.table.find(g.table.schema.placeOf(key))
			if err != nil {
				return err
			}
			ex.meter.read(g.table.name, "", found.bytes(), g.request.consistent)
			if found != nil {
				bytes += found.size
				ex.out = appendItem(comma(ex.out, len(ex.out)-start), project(found.attributes, g.paths))
			}
		}
		ex.out = append(ex.out, ']')
	}
	ex.out = append(ex.out, `},"UnprocessedKeys":{`...)
	for i := range gets {
		if left[i] != nil {
			ex.out = gets[i].appendUnprocessed(member(ex.out, gets[i].table.name), left[i])
		}
	}
	ex.out = append(ex.out, '}')
	ex.finish(true)
	return nil
}

// appendUnprocessed writes keys the way they were asked for, so that the caller
// can send them again as they are.
func (g *batchGet) appendUnprocessed(out []byte, keys []item) []byte {
	out = append(out, `{"Keys":[`...)
	for i, key := range keys {
		out = appendItem(comma(out, i), key)
	}
	out = append(out, ']')
	if g.request.consistent {
		out = append(member(out, "ConsistentRead"), "true"...)
	}
	if text := g.request.conditions.projection; text != nil {
		out = appendText(member(out, "ProjectionExpression"), *text)
	}
	return append(g.request.given.appendNames(out), '}')
}
