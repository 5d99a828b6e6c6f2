package dynamodb

import "strconv"

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
	out = AppendText(append(out, `{"TableName":`...), t.Name)
	out = AppendText(Member(out, "TableArn"), t.arn())
	out = AppendText(Member(out, "TableStatus"), status)
	out = strconv.AppendInt(Member(out, "CreationDateTime"), t.created.Unix(), 10)
	out = append(Member(out, "AttributeDefinitions"), '[')
	for i, a := range t.defined {
		out = AppendText(append(Comma(out, i), `{"AttributeName":`...), a.Name)
		out = append(AppendText(Member(out, "AttributeType"), a.Kind.String()), '}')
	}
	out = append(out, ']')
	out = appendSchema(Member(out, "KeySchema"), t.Schema)
	out = t.items.appendCounts(out, "TableSizeBytes")
	out = append(Member(out, "BillingModeSummary"), '{')
	out = append(AppendText(Member(out, "BillingMode"), t.billing), '}')
	out = append(Member(out, "ProvisionedThroughput"), `{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0}`...)
	if len(t.Indexes) > 0 {
		out = append(Member(out, "GlobalSecondaryIndexes"), '[')
		for i, x := range t.Indexes {
			out = x.appendDescription(Comma(out, i), t.arn())
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func (x *Index) appendDescription(out []byte, tableARN string) []byte {
	out = AppendText(append(out, `{"IndexName":`...), x.Name)
	out = AppendText(Member(out, "IndexArn"), tableARN+"/index/"+x.Name)
	out = AppendText(Member(out, "IndexStatus"), "ACTIVE")
	out = appendSchema(Member(out, "KeySchema"), x.Schema)
	out = AppendText(append(Member(out, "Projection"), `{"ProjectionType":`...), x.projection.kind)
	if x.projection.included != nil {
		out = append(Member(out, "NonKeyAttributes"), '[')
		for i, name := range x.projection.included {
			out = AppendText(Comma(out, i), name)
		}
		out = append(out, ']')
	}
	out = append(out, '}')
	return append(x.entries.appendCounts(out, "IndexSizeBytes"), '}')
}

func (s *Records) appendCounts(out []byte, sizeName string) []byte {
	out = strconv.AppendInt(Member(out, "ItemCount"), int64(s.count), 10)
	return strconv.AppendInt(Member(out, sizeName), int64(s.bytes), 10)
}

func appendSchema(out []byte, s Schema) []byte {
	out = append(out, '[')
	for i, part := range s.Parts() {
		out = AppendText(append(Comma(out, i), `{"AttributeName":`...), part.Name)
		role := "HASH"
		if i == 1 {
			role = "RANGE"
		}
		out = append(AppendText(Member(out, "KeyType"), role), '}')
	}
	return append(out, ']')
}
