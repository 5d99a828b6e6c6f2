package dynamo

import (
	"fmt"
	"reflect"

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

// itemsOf turns one write into items, as the kind of its rows declares.
func itemsOf(name string, env catalog.Env, w app.Write) items {
	h, declared := handlers[reflect.TypeOf(w)]
	if !declared {
		panic(fmt.Sprintf("dynamo: no kind of row declares %T", w))
	}
	return h.do(table{name, env}, w)
}

func init() {
	across(func(t table, w app.DeleteRows) (out items) {
		for _, k := range allKinds() {
			if k.deleted != nil {
				out = append(out, k.deleted(t, w)...)
			}
		}
		return out
	})
}
