package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	isNew    = "attribute_not_exists(PK)"
	isThere  = "attribute_exists(PK)"
	whenever = ""
)

type values = map[string]types.AttributeValue

// A table turns writes into items of one table.
type table struct {
	name string
	env  catalog.Env
}

func (t table) put(r row, condition string, v values) types.TransactWriteItem {
	p := &types.Put{TableName: &t.name, Item: r, ExpressionAttributeValues: v}
	if condition != "" {
		p.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Put: p}
}

// putData writes a row that holds one value as JSON.
func (t table) putData(k key, data any, condition string) items {
	r := newRow(k)
	r.setJSON("data", data)
	return items{t.put(r, condition, nil)}
}

// putVersion writes the next version of what an edit has read: of two edits at one
// moment the second is decided again.
func (t table) putVersion(k key, data any, version int64) items {
	r := newRow(k)
	r.setJSON("data", data)
	r.setInt("ver", version+1)
	condition, v := atVersion(version)
	return items{t.put(r, condition, v)}
}

func (t table) remove(k key, condition string, v values) types.TransactWriteItem {
	d := &types.Delete{TableName: &t.name, Key: k.attributes(), ExpressionAttributeValues: v}
	if condition != "" {
		d.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Delete: d}
}

func (t table) update(k key, expression, condition string, v values) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{TableName: &t.name, Key: k.attributes(),
		UpdateExpression: &expression, ConditionExpression: aws.String(condition), ExpressionAttributeValues: v}}
}

// atVersion holds when the row was last written at this version; 0 means that
// it was never written.
func atVersion(version int64) (string, values) {
	if version == 0 {
		return isNew, nil
	}
	return "ver = :ver", values{":ver": integer(version)}
}

// ifNew is the condition of a row that may have to be the first.
func ifNew(first bool) string {
	if first {
		return isNew
	}
	return whenever
}

type items = []types.TransactWriteItem

// keyOf is the key of the row that an item writes.
func keyOf(item types.TransactWriteItem) key {
	var r row
	switch {
	case item.Put != nil:
		r = item.Put.Item
	case item.Update != nil:
		r = item.Update.Key
	case item.Delete != nil:
		r = item.Delete.Key
	}
	return key{r.text("PK"), r.text("SK")}
}

// A transaction collects the items that writes become. It has all app.Tables: a
// write calls its own method, so that what a function never writes isn't linked
// into it.
type transaction struct {
	table
	items    items
	revision int64 // of the catalog that it was decided on, where that must be as it was
}

var _ app.Tables = (*transaction)(nil)

func (t *transaction) add(more ...types.TransactWriteItem) { t.items = append(t.items, more...) }

// itemsOf turns one write into items, as the kind of its rows declares.
func itemsOf(name string, env catalog.Env, w app.Write) *transaction {
	t := &transaction{table: table{name, env}}
	w.To(t)
	return t
}

func (t *transaction) DeleteRows(w app.DeleteRows) {
	for _, k := range allKinds() {
		if k.deleted != nil {
			t.add(k.deleted(t.table, w)...)
		}
	}
}
