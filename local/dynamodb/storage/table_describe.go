package storage

import (
	"strconv"

	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

func (t *Table) arn() string {
	return "arn:aws:dynamodb:" + region + ":000000000000:table/" + t.Name
}

// Describe writes the table's description. It fails when the table is gone.
func (t *Table) Describe(out []byte) ([]byte, error) {
	err := t.Read(func() { out = t.appendDescription(out, "ACTIVE") })
	return out, err
}

// appendDescription writes the table's description. The caller holds its lock,
// or that of the store when the table is new.
func (t *Table) appendDescription(out []byte, status string) []byte {
	out = protocol.AppendText(append(out, `{"TableName":`...), t.Name)
	out = protocol.AppendText(protocol.Member(out, "TableArn"), t.arn())
	out = protocol.AppendText(protocol.Member(out, "TableStatus"), status)
	out = strconv.AppendInt(protocol.Member(out, "CreationDateTime"), t.created.Unix(), 10)
	out = append(protocol.Member(out, "AttributeDefinitions"), '[')
	for i, a := range t.defined {
		out = protocol.AppendText(append(protocol.Comma(out, i), `{"AttributeName":`...), a.Name)
		out = append(protocol.AppendText(protocol.Member(out, "AttributeType"), a.Kind.String()), '}')
	}
	out = append(out, ']')
	out = appendSchema(protocol.Member(out, "KeySchema"), t.Schema)
	out = t.items.appendCounts(out, "TableSizeBytes")
	out = append(protocol.Member(out, "BillingModeSummary"), '{')
	out = append(protocol.AppendText(protocol.Member(out, "BillingMode"), t.billing), '}')
	out = append(protocol.Member(out, "ProvisionedThroughput"), `{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0}`...)
	if len(t.Indexes) > 0 {
		out = append(protocol.Member(out, "GlobalSecondaryIndexes"), '[')
		for i, x := range t.Indexes {
			out = x.appendDescription(protocol.Comma(out, i), t.arn())
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func (x *Index) appendDescription(out []byte, tableARN string) []byte {
	out = protocol.AppendText(append(out, `{"IndexName":`...), x.Name)
	out = protocol.AppendText(protocol.Member(out, "IndexArn"), tableARN+"/index/"+x.Name)
	out = protocol.AppendText(protocol.Member(out, "IndexStatus"), "ACTIVE")
	out = appendSchema(protocol.Member(out, "KeySchema"), x.Schema)
	out = protocol.AppendText(append(protocol.Member(out, "Projection"), `{"ProjectionType":`...), x.projection.kind)
	if x.projection.included != nil {
		out = append(protocol.Member(out, "NonKeyAttributes"), '[')
		for i, name := range x.projection.included {
			out = protocol.AppendText(protocol.Comma(out, i), name)
		}
		out = append(out, ']')
	}
	out = append(out, '}')
	return append(x.entries.appendCounts(out, "IndexSizeBytes"), '}')
}

func (s *Records) appendCounts(out []byte, sizeName string) []byte {
	out = strconv.AppendInt(protocol.Member(out, "ItemCount"), int64(s.count()), 10)
	return strconv.AppendInt(protocol.Member(out, sizeName), int64(s.bytes), 10)
}

func appendSchema(out []byte, s keys.Schema) []byte {
	out = append(out, '[')
	for i, part := range s.Parts() {
		out = protocol.AppendText(append(protocol.Comma(out, i), `{"AttributeName":`...), part.Name)
		role := "HASH"
		if i == 1 {
			role = "RANGE"
		}
		out = append(protocol.AppendText(protocol.Member(out, "KeyType"), role), '}')
	}
	return append(out, ']')
}
