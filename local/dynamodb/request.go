package dynamodb

import "strings"

// request is what an operation on one table, or one action of a transaction,
// asks for. Each operation uses the fields that it knows.
type request struct {
	table string
	index string

	key        item
	item       item
	hasKey     bool
	hasItem    bool
	conditions expressions
	given      placeholders

	returnValues    string // NONE, ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATED_NEW
	returnOnFailure string // NONE, ALL_OLD
	returnCapacity  string // NONE, TOTAL, INDEXES
	consistent      bool

	selected string // ALL_ATTRIBUTES, COUNT, SPECIFIC_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES
	backward bool
	limit    *int
	start    item // ExclusiveStartKey
	segment  *int
	segments *int
}

// expressions are the texts of a request's expressions; nil when not given.
type expressions struct {
	condition, update, filter, projection, keyCondition *string
}

func (e expressions) any() bool { return e != expressions{} }

// legacy are the parameters that expressions replaced. The project does not use
// them, and passing over them in silence would change what a request means.
const legacy = " AttributesToGet AttributeUpdates Expected ConditionalOperator KeyConditions QueryFilter ScanFilter "

// readRequest reads the JSON of one operation or action.
func readRequest(r *jsonReader) *request {
	q := &request{}
	r.object(func(name string) {
		if !q.readTarget(r, name) && !q.readExpression(r, name) && !q.readChoice(r, name) {
			if strings.Contains(legacy, " "+name+" ") {
				r.fail(invalid("%s is not supported here, use expressions instead", name))
			}
			r.skip()
		}
	})
	if r.Err() == nil {
		r.fail(q.check())
	}
	return q
}

func (q *request) readTarget(r *jsonReader, name string) bool {
	switch name {
	case "TableName":
		q.table = r.text()
	case "IndexName":
		q.index = r.text()
	case "Key":
		q.key, q.hasKey = readItem(r), true
	case "Item":
		q.item, q.hasItem = readItem(r), true
	case "ExclusiveStartKey":
		q.start = readItem(r)
	default:
		return false
	}
	return true
}

func (q *request) readExpression(r *jsonReader, name string) bool {
	text := func() *string {
		read := r.text()
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
		q.given.readNames(r)
	case "ExpressionAttributeValues":
		q.given.readValues(r)
	default:
		return false
	}
	return true
}

func (q *request) readChoice(r *jsonReader, name string) bool {
	number := func() *int {
		read := r.integer()
		return &read
	}
	switch name {
	case "ReturnValues":
		q.returnValues = r.oneOf(name, "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
	case "ReturnValuesOnConditionCheckFailure":
		q.returnOnFailure = r.oneOf(name, "NONE", "ALL_OLD")
	case "ReturnConsumedCapacity":
		q.returnCapacity = readCapacityMode(r, name)
	case "ConsistentRead":
		q.consistent = r.boolean()
	case "Select":
		q.selected = r.oneOf(name, "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")
	case "ScanIndexForward":
		q.backward = !r.boolean()
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
func readCapacityMode(r *jsonReader, name string) string {
	return r.oneOf(name, "NONE", "TOTAL", "INDEXES")
}

func (q *request) check() error {
	if q.table == "" {
		return invalid("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null")
	}
	if err := q.given.check(q.conditions.any()); err != nil {
		return err
	}
	if q.given.hasValues() && q.onlyProjects() {
		return invalid("ExpressionAttributeValues can only be specified when using expressions")
	}
	return nil
}

// onlyProjects tells that no expression could use a value.
func (q *request) onlyProjects() bool {
	e := q.conditions
	e.projection = nil
	return !e.any()
}
