package dynamodb

import (
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/protocol"
)

// request holds the parameters of an operation on one table, or of one action of a
// transaction. Each operation uses the fields that it knows.
type request struct {
	table string
	index string

	key        attribute.Item
	item       attribute.Item
	hasKey     bool
	hasItem    bool
	conditions expressions
	given      expression.Placeholders

	returnValues    string // NONE, ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATED_NEW
	returnOnFailure string // NONE, ALL_OLD
	returnCapacity  string // NONE, TOTAL, INDEXES
	consistent      bool

	selected string // ALL_ATTRIBUTES, COUNT, SPECIFIC_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES
	backward bool
	limit    *int
	start    attribute.Item // ExclusiveStartKey
	segment  *int
	segments *int
}

// expressions are the texts of a request's expressions; nil when not given.
type expressions struct {
	condition, update, filter, projection, keyCondition *string
}

func (e expressions) any() bool { return e != expressions{} }

// legacy are the parameters that expressions replaced. The project does not use
// them, and ignoring them would change the meaning of a request.
const legacy = " AttributesToGet AttributeUpdates Expected ConditionalOperator KeyConditions QueryFilter ScanFilter "

// readRequest reads the JSON of one operation or action.
func readRequest(r *protocol.Reader) *request {
	q := &request{}
	r.Object(func(name string) {
		if !q.readTarget(r, name) && !q.readExpression(r, name) && !q.readChoice(r, name) {
			if strings.Contains(legacy, " "+name+" ") {
				r.Fail(protocol.Invalid("%s is not supported here, use expressions instead", name))
			}
			r.Skip()
		}
	})
	if r.Err() == nil {
		r.Fail(q.check())
	}
	return q
}

func (q *request) readTarget(r *protocol.Reader, name string) bool {
	switch name {
	case "TableName":
		q.table = r.Text()
	case "IndexName":
		q.index = r.Text()
	case "Key":
		q.key, q.hasKey = attribute.ReadItem(r), true
	case "Item":
		q.item, q.hasItem = attribute.ReadItem(r), true
	case "ExclusiveStartKey":
		q.start = attribute.ReadItem(r)
	default:
		return false
	}
	return true
}

func (q *request) readExpression(r *protocol.Reader, name string) bool {
	text := func() *string {
		read := r.Text()
		return &read
	}
	switch name {
	case "ConditionExpression":
		q.conditions.condition = text()
	case "UpdateExpression":
		q.conditions.update = text()
	case "FilterExpression":
		q.conditions.filter = text()
	case "ProjectionExpression":
		q.conditions.projection = text()
	case "KeyConditionExpression":
		q.conditions.keyCondition = text()
	case "ExpressionAttributeNames":
		q.given.ReadNames(r)
	case "ExpressionAttributeValues":
		q.given.ReadValues(r)
	default:
		return false
	}
	return true
}

func (q *request) readChoice(r *protocol.Reader, name string) bool {
	number := func() *int {
		read := r.Integer()
		return &read
	}
	switch name {
	case "ReturnValues":
		q.returnValues = r.OneOf(name, "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
	case "ReturnValuesOnConditionCheckFailure":
		q.returnOnFailure = r.OneOf(name, "NONE", "ALL_OLD")
	case "ReturnConsumedCapacity":
		q.returnCapacity = readCapacityMode(r, name)
	case "ConsistentRead":
		q.consistent = r.Boolean()
	case "Select":
		q.selected = r.OneOf(name, "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")
	case "ScanIndexForward":
		q.backward = !r.Boolean()
	case "Limit":
		q.limit = number()
	case "Segment":
		q.segment = number()
	case "TotalSegments":
		q.segments = number()
	default:
		return false
	}
	return true
}

// readCapacityMode reads ReturnConsumedCapacity.
func readCapacityMode(r *protocol.Reader, name string) string {
	return r.OneOf(name, "NONE", "TOTAL", "INDEXES")
}

func (q *request) check() error {
	if q.table == "" {
		return protocol.Invalid("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null")
	}
	if err := q.given.Check(q.conditions.any()); err != nil {
		return err
	}
	if q.given.HasValues() && q.onlyProjects() {
		return protocol.Invalid("ExpressionAttributeValues can only be specified when using expressions")
	}
	return nil
}

// onlyProjects tells that no expression could use a value.
func (q *request) onlyProjects() bool {
	e := q.conditions
	e.projection = nil
	return !e.any()
}
