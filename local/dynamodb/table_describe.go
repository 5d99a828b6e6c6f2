package dynamodb

import "strconv"

func (t *table) arn() string {
	return "arn:aws:dynamodb:" + region + ":000000000000:table/" + t.name
}

// describe writes the table's description. It fails when the table is gone.
func (t *table) describe(out []byte) ([]byte, error) {
	err := t.read(func() { out = t.appendDescription(out, "ACTIVE") })
	return out, err
}

// appendDescription writes the table's description. The caller holds its lock,
// or that of the store when the table is new.
func (t *table) appendDescription(out []byte, status string) []byte {
	out = appendText(append(out, `{"TableName":`...), t.name)
	out = appendText(member(out, "TableArn"), t.arn())
	out = appendText(member(out, "TableStatus"), status)
	out = strconv.AppendInt(member(out, "CreationDateTime"), t.created.Unix(), 10)
	out = append(member(out, "AttributeDefinitions"), '[')
	for i, a := range t.defined {
		out = appendText(append(comma(out, i), `{"AttributeName":`...), a.name)
		out = append(appendText(member(out, "AttributeType"), a.kind.String()), '}')
	}
	out = append(out, ']')
	out = appendSchema(member(out, "KeySchema"), t.schema)
	out = t.items.appendCounts(out, "TableSizeBytes")
	out = append(member(out, "BillingModeSummary"), '{')
	out = append(appendText(member(out, "BillingMode"), t.billing), '}')
	out = append(member(out, "ProvisionedThroughput"), `{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0}`...)
	if len(t.indexes) > 0 {
		out = append(member(out, "GlobalSecondaryIndexes"), '[')
		for i, x := range t.indexes {
			out = x.appendDescription(comma(out, i), t.arn())
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func (x *index) appendDescription(out []byte, tableARN string) []byte {
	out = appendText(append(out, `{"IndexName":`...), x.name)
	out = appendText(member(out, "IndexArn"), tableARN+"/index/"+x.name)
	out = appendText(member(out, "IndexStatus"), "ACTIVE")
	out = appendSchema(member(out, "KeySchema"), x.schema)
	out = appendText(append(member(out, "Projection"), `{"ProjectionType":`...), x.projection.kind)
	if x.projection.included != nil {
		out = append(member(out, "NonKeyAttributes"), '[')
		for i, name := range x.projection.included {
			out = appendText(comma(out, i), name)
		}
		out = append(out, ']')
	}
	out = append(out, '}')
	return append(x.entries.appendCounts(out, "IndexSizeBytes"), '}')
}

func (s *records) appendCounts(out []byte, sizeName string) []byte {
	out = strconv.AppendInt(member(out, "ItemCount"), int64(s.count), 10)
	return strconv.AppendInt(member(out, sizeName), int64(s.bytes), 10)
}

func appendSchema(out []byte, s keySchema) []byte {
	out = append(out, '[')
	for i, part := range s.parts() {
		out = appendText(append(comma(out, i), `{"AttributeName":`...), part.name)
		role := "HASH"
		if i == 1 {
			role = "RANGE"
		}
		out = append(appendText(member(out, "KeyType"), role), '}')
	}
	return append(out, ']')
}
