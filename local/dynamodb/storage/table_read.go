package storage

import (
	"slices"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

// tableRequest is a CreateTable request as it was sent.
type tableRequest struct {
	name    string
	billing string
	schema  []keyPart
	defined []keys.Part
	indexes []indexRequest
}

type keyPart struct{ name, role string }

type indexRequest struct {
	name       string
	schema     []keyPart
	projection projection
}

// ReadTable reads a CreateTable request into an empty table, in no store yet. It
// fails with a ValidationException or SerializationException.
func ReadTable(r *protocol.Reader) (*Table, error) {
	q := readTableRequest(r)
	if r.Err() != nil {
		return nil, r.Err()
	}
	t, err := q.newTable()
	if err != nil {
		return nil, err
	}
	t.request = slices.Clone(r.Document())
	return t, nil
}

func readTableRequest(r *protocol.Reader) tableRequest {
	q := tableRequest{billing: "PROVISIONED"}
	r.Object(func(name string) {
		switch name {
		case "TableName":
			q.name = r.Text()
		case "BillingMode":
			q.billing = r.OneOf(name, "PROVISIONED", "PAY_PER_REQUEST")
		case "KeySchema":
			q.schema = readKeySchema(r)
		case "AttributeDefinitions":
			r.Array(func() { q.defined = append(q.defined, readDefinition(r)) })
		case "GlobalSecondaryIndexes":
			r.Array(func() { q.indexes = append(q.indexes, readIndexRequest(r)) })
		case "LocalSecondaryIndexes":
			r.Fail(protocol.Invalid("LocalSecondaryIndexes are not supported here"))
		default:
			r.Skip()
		}
	})
	r.End()
	return q
}

func readKeySchema(r *protocol.Reader) (parts []keyPart) {
	r.Array(func() {
		var part keyPart
		r.Object(func(name string) {
			switch name {
			case "AttributeName":
				part.name = r.Text()
			case "KeyType":
				part.role = r.OneOf(name, "HASH", "RANGE")
			default:
				r.Skip()
			}
		})
		parts = append(parts, part)
	})
	return parts
}

func readDefinition(r *protocol.Reader) (a keys.Part) {
	r.Object(func(name string) {
		switch name {
		case "AttributeName":
			a.Name = r.Text()
		case "AttributeType":
			a.Kind = attribute.KindOf(r.OneOf(name, "S", "N", "B"))
		default:
			r.Skip()
		}
	})
	return a
}

func readIndexRequest(r *protocol.Reader) (x indexRequest) {
	r.Object(func(name string) {
		switch name {
		case "IndexName":
			x.name = r.Text()
		case "KeySchema":
			x.schema = readKeySchema(r)
		case "Projection":
			r.Object(func(name string) {
				switch name {
				case "ProjectionType":
					x.projection.kind = r.OneOf(name, "ALL", "KEYS_ONLY", "INCLUDE")
				case "NonKeyAttributes":
					r.Array(func() { x.projection.included = append(x.projection.included, r.Text()) })
				default:
					r.Skip()
				}
			})
		default:
			r.Skip()
		}
	})
	return x
}
