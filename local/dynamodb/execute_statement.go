package dynamodb

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// maxPartitions is how many values of a partition key one statement may name.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
const maxPartitions = 50

// wholePartitions is the one statement that is known here: it reads partitions whole. Any other
// reads a whole table on AWS, or does what another operation does.
var wholePartitions = regexp.MustCompile(`^SELECT \* FROM "([^"]+)" WHERE "([^"]+)" IN \[(\?(?:,\?)*)\]$`)

// statement is an ExecuteStatement request.
type statement struct {
	text       string
	parameters []attribute.Value
	consistent bool
	next       string
}

// place is where the page before a NextToken ended.
type place struct {
	Partition int    `json:"partition"` // which of the parameters
	After     []byte `json:"after"`     // position of the last item
}

func (ex *exchange) executeStatement(r *protocol.Reader) error {
	st := ex.readStatement(r)
	if r.Err() != nil {
		return r.Err()
	}
	t, err := ex.tableOf(st)
	if err != nil {
		return err
	}
	from, err := st.from()
	if err != nil {
		return err
	}
	for _, value := range st.parameters {
		ex.touch("PartiQLSelect", t, attribute.Item{{Name: t.Schema.Hash.Name, Value: value}})
	}
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerStatement(st, t, from)
}

func (ex *exchange) readStatement(r *protocol.Reader) (st statement) {
	r.Object(func(name string) {
		switch name {
		case "Statement":
			st.text = r.Text()
		case "Parameters":
			r.Array(func() { st.parameters = append(st.parameters, attribute.ReadValue(r)) })
		case "ConsistentRead":
			st.consistent = r.Boolean()
		case "NextToken":
			st.next = r.Text()
		case "ReturnConsumedCapacity":
			ex.meter.mode = readCapacityMode(r, name)
		default:
			r.Fail(protocol.Invalid("%s is not supported here with a statement", name))
			r.Skip()
		}
	})
	r.End()
	return st
}

// tableOf checks a statement against the key of its table.
func (ex *exchange) tableOf(st statement) (*storage.Table, error) {
	parts := wholePartitions.FindStringSubmatch(st.text)
	if parts == nil {
		return nil, protocol.Invalid(`Statement wasn't well formed, can't be processed: only SELECT * FROM "table" WHERE "key" IN [?,…] is known here`)
	}
	t, err := ex.db.store.Table(parts[1])
	if err != nil {
		return nil, err
	}
	named := strings.Count(parts[3], "?")
	switch {
	case parts[2] != t.Schema.Hash.Name:
		return nil, protocol.Invalid("only statements that name partitions are known here: %s is not the partition key", parts[2])
	case named != len(st.parameters):
		return nil, protocol.Invalid("Number of parameters in request and statement don't match.")
	case named > maxPartitions:
		return nil, protocol.Invalid("a statement names at most %d partitions", maxPartitions)
	}
	for _, v := range st.parameters {
		if v.Kind != t.Schema.Hash.Kind || v.Text == "" {
			return nil, protocol.Invalid("One or more parameter values were invalid: %s is no such key", t.Schema.Hash.Name)
		}
	}
	return t, nil
}

// from is where the page begins.
func (st statement) from() (at place, err error) {
	if st.next == "" {
		return at, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(st.next)
	if err != nil || json.Unmarshal(text, &at) != nil || at.Partition < 0 || at.Partition >= len(st.parameters) {
		return at, protocol.Invalid("Given NextToken is not valid")
	}
	return at, nil
}

// answerStatement reads partition after partition, up to 1 MB. AWS promises no order among
// partitions: here it is the reverse of the statement's, so that nobody relies on one.
func (ex *exchange) answerStatement(st statement, t *storage.Table, from place) error {
	var found []*storage.Record
	next := ""
	err := t.Read(func() {
		for i := from.Partition; i < len(st.parameters) && next == ""; i++ {
			partition := keys.Bytes(st.parameters[len(st.parameters)-1-i])
			var after *keys.Place
			if i == from.Partition && len(from.After) > 0 {
				after = &keys.Place{Partition: partition, Position: string(from.After)}
			}
			read := page{}
			for _, r := range found {
				read.bytes += r.Size
			}
			before := read.bytes
			read.fill(t.Records(nil).Visit(partition, keys.Bounds{}, true, after))
			found = append(found, read.found...)
			ex.meter.read(t.Name, "", read.bytes-before, st.consistent)
			if read.last != nil {
				text, _ := json.Marshal(place{i, []byte(t.Schema.PlaceOf(read.last.Item()).Position)}) // a number and bytes: it can't fail
				next = base64.RawURLEncoding.EncodeToString(text)
			}
		}
	})
	if err != nil {
		return err
	}
	ex.out = append(protocol.Member(append(ex.out, '{'), "Items"), '[')
	for i, r := range found {
		ex.out = attribute.AppendItem(protocol.Comma(ex.out, i), expression.Project(r.Item(), nil))
	}
	ex.out = append(ex.out, ']')
	if next != "" {
		ex.out = protocol.AppendText(protocol.Member(ex.out, "NextToken"), next)
	}
	ex.finish(false)
	return nil
}
