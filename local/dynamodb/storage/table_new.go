package storage

import (
	"regexp"
	"slices"

	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

var tableName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

// newTable checks the request and builds the empty table.
func (q tableRequest) newTable() (*Table, error) {
	if !tableName.MatchString(q.name) {
		return nil, protocol.Invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
	}
	t := &Table{Name: q.name, billing: q.billing, defined: q.defined, items: newRecords()}
	var err error
	if t.Schema, err = q.keySchema(q.schema); err != nil {
		return nil, err
	}
	for _, x := range q.indexes {
		built, err := q.newIndex(x)
		if err != nil {
			return nil, err
		}
		if t.FindIndex(x.name) != nil {
			return nil, protocol.InvalidValue("Duplicate index name: %s", x.name)
		}
		t.Indexes = append(t.Indexes, built)
	}
	return t, q.checkAllUsed(t)
}

func (q tableRequest) newIndex(x indexRequest) (*Index, error) {
	schema, err := q.keySchema(x.schema)
	switch {
	case err != nil:
		return nil, err
	case !tableName.MatchString(x.name):
		return nil, protocol.Invalid("IndexName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
	case x.projection.kind == "":
		return nil, protocol.InvalidValue("Unknown ProjectionType: null")
	case (x.projection.kind == "INCLUDE") != (len(x.projection.included) > 0):
		return nil, protocol.InvalidValue("ProjectionType is %s, but NonKeyAttributes is specified wrongly", x.projection.kind)
	}
	return &Index{Name: x.name, Schema: schema, projection: x.projection, entries: newRecords()}, nil
}

func (q tableRequest) keySchema(parts []keyPart) (schema keys.Schema, err error) {
	if len(parts) < 1 || len(parts) > 2 || parts[0].role != "HASH" || len(parts) == 2 && parts[1].role != "RANGE" {
		return schema, protocol.Invalid("Invalid KeySchema: a HASH key, and after it at most one RANGE key")
	}
	if len(parts) == 2 && parts[0].name == parts[1].name {
		return schema, protocol.Invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	}
	for i, part := range parts {
		at := slices.IndexFunc(q.defined, func(a keys.Part) bool { return a.Name == part.name })
		if at < 0 {
			return schema, protocol.InvalidValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s]", part.name)
		}
		if i == 0 {
			schema.Hash = q.defined[at]
		} else {
			schema.Sort = q.defined[at]
		}
	}
	return schema, nil
}

// checkAllUsed refuses definitions of attributes that are in no key.
func (q tableRequest) checkAllUsed(t *Table) error {
	for i, a := range q.defined {
		used := t.Schema.Has(a.Name)
		for _, x := range t.Indexes {
			used = used || x.Schema.Has(a.Name)
		}
		if !used {
			return protocol.InvalidValue("Some AttributeDefinitions are not used. AttributeDefinitions: [%s]", a.Name)
		}
		for _, b := range q.defined[:i] {
			if a.Name == b.Name {
				return protocol.Invalid("Duplicate AttributeName in AttributeDefinitions: %s", a.Name)
			}
		}
	}
	return nil
}
