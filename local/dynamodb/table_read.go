package dynamodb

import (
	"regexp"
	"slices"
)

var tableName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

// tableRequest is a CreateTable request as it was sent.
type tableRequest struct {
	name    string
	billing string
	schema  []keyPart
	defined []keyAttribute
	indexes []indexRequest
}

type keyPart struct{ name, role string }

type indexRequest struct {
	name       string
	schema     []keyPart
	projection projection
}

// readTable reads a CreateTable request into an empty table that no store knows
// yet.
func readTable(r *jsonReader) (*table, error) {
	q := readTableRequest(r)
	if r.Err() != nil {
		return nil, r.Err()
	}
	t, err := q.newTable()
	if err != nil {
		return nil, err
	}
	t.request = slices.Clone(r.document())
	return t, nil
}

func readTableRequest(r *jsonReader) tableRequest {
	q := tableRequest{billing: "PROVISIONED"}
	r.object(func(name string) {
		switch name {
		case "TableName":
			q.name = r.text()
		case "BillingMode":
			q.billing = r.oneOf(name, "PROVISIONED", "PAY_PER_REQUEST")
		case "KeySchema":
			q.schema = readKeySchema(r)
		case "AttributeDefinitions":
			r.array(func() { q.defined = append(q.defined, readDefinition(r)) })
		case "GlobalSecondaryIndexes":
			r.array(func() { q.indexes = append(q.indexes, readIndexRequest(r)) })
		case "LocalSecondaryIndexes":
			r.fail(invalid("LocalSecondaryIndexes are not supported here"))
		default:
			r.skip()
		}
	})
	r.end()
	return q
}

func readKeySchema(r *jsonReader) (parts []keyPart) {
	r.array(func() {
		var part keyPart
		r.object(func(name string) {
			switch name {
			case "AttributeName":
				part.name = r.text()
			case "KeyType":
				part.role = r.oneOf(name, "HASH", "RANGE")
			default:
				r.skip()
			}
		})
		parts = append(parts, part)
	})
	return parts
}

func readDefinition(r *jsonReader) (a keyAttribute) {
	r.object(func(name string) {
		switch name {
		case "AttributeName":
			a.name = r.text()
		case "AttributeType":
			a.kind = kindOf(r.oneOf(name, "S", "N", "B"))
		default:
			r.skip()
		}
	})
	return a
}

func readIndexRequest(r *jsonReader) (x indexRequest) {
	r.object(func(name string) {
		switch name {
		case "IndexName":
			x.name = r.text()
		case "KeySchema":
			x.schema = readKeySchema(r)
		case "Projection":
			r.object(func(name string) {
				switch name {
				case "ProjectionType":
					x.projection.kind = r.oneOf(name, "ALL", "KEYS_ONLY", "INCLUDE")
				case "NonKeyAttributes":
					r.array(func() { x.projection.included = append(x.projection.included, r.text()) })
				default:
					r.skip()
				}
			})
		default:
			r.skip()
		}
	})
	return x
}

// newTable checks the request and builds the empty table.
func (q tableRequest) newTable() (*table, error) {
	if !tableName.MatchString(q.name) {
		return nil, invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
	}
	t := &table{name: q.name, billing: q.billing, defined: q.defined, items: newRecords()}
	var err error
	if t.schema, err = q.keySchema(q.schema); err != nil {
		return nil, err
	}
	for _, x := range q.indexes {
		built, err := q.newIndex(x)
		if err != nil {
			return nil, err
		}
		if t.findIndex(x.name) != nil {
			return nil, invalidValue("Duplicate index name: %s", x.name)
		}
		t.indexes = append(t.indexes, built)
	}
	return t, q.checkAllUsed(t)
}

func (q tableRequest) newIndex(x indexRequest) (*index, error) {
	schema, err := q.keySchema(x.schema)
	switch {
	case err != nil:
		return nil, err
	case !tableName.MatchString(x.name):
		return nil, invalid("IndexName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
	case x.projection.kind == "":
		return nil, invalidValue("Unknown ProjectionType: null")
	case (x.projection.kind == "INCLUDE") != (len(x.projection.included) > 0):
		return nil, invalidValue("ProjectionType is %s, but NonKeyAttributes is specified wrongly", x.projection.kind)
	}
	return &index{name: x.name, schema: schema, projection: x.projection, entries: newRecords()}, nil
}

func (q tableRequest) keySchema(parts []keyPart) (schema keySchema, err error) {
	if len(parts) < 1 || len(parts) > 2 || parts[0].role != "HASH" || len(parts) == 2 && parts[1].role != "RANGE" {
		return schema, invalid("Invalid KeySchema: a HASH key, and after it at most one RANGE key")
	}
	if len(parts) == 2 && parts[0].name == parts[1].name {
		return schema, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	}
	for i, part := range parts {
		at := slices.IndexFunc(q.defined, func(a keyAttribute) bool { return a.name == part.name })
		if at < 0 {
			return schema, invalidValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s]", part.name)
		}
		if i == 0 {
			schema.hash = q.defined[at]
		} else {
			schema.sort = q.defined[at]
		}
	}
	return schema, nil
}

// checkAllUsed refuses definitions of attributes that are in no key.
func (q tableRequest) checkAllUsed(t *table) error {
	for i, a := range q.defined {
		used := t.schema.has(a.name)
		for _, x := range t.indexes {
			used = used || x.schema.has(a.name)
		}
		if !used {
			return invalidValue("Some AttributeDefinitions are not used. AttributeDefinitions: [%s]", a.name)
		}
		for _, b := range q.defined[:i] {
			if a.name == b.name {
				return invalid("Duplicate AttributeName in AttributeDefinitions: %s", a.name)
			}
		}
	}
	return nil
}
