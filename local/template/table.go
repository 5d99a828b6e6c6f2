package template

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A Table is the DynamoDB table as the template declares it.
type Table struct {
	LogicalID    string // Table
	Name         string // DefaultTableName, as the template leaves the name to AWS
	Attributes   []Attribute
	Key          Key
	Indexes      []Index
	TTLAttribute string // empty when items never expire
}

// DefaultTableName is the name of the table outside of AWS.
const DefaultTableName = "windfall"

// An Attribute is a key attribute with its type: S, N or B.
type Attribute struct{ Name, Type string }

// A Key names the attributes of a primary key; Sort may be empty.
type Key struct{ Partition, Sort string }

// An Index is a global secondary index.
type Index struct {
	Name       string
	Key        Key
	Projection string   // KEYS_ONLY, ALL or INCLUDE
	Include    []string // the attributes of an INCLUDE projection
}

// CreateTableInput returns the request that creates this table.
func (t Table) CreateTableInput() *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName:   aws.String(t.Name),
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   t.Key.schema(),
	}
	for _, a := range t.Attributes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(a.Name), AttributeType: types.ScalarAttributeType(a.Type),
		})
	}
	for _, x := range t.Indexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(x.Name),
			KeySchema: x.Key.schema(),
			Projection: &types.Projection{
				ProjectionType: types.ProjectionType(x.Projection), NonKeyAttributes: x.Include,
			},
		})
	}
	return in
}

// TimeToLiveInput returns the request that switches expiry on, or nil if the
// table has none.
func (t Table) TimeToLiveInput() *dynamodb.UpdateTimeToLiveInput {
	if t.TTLAttribute == "" {
		return nil
	}
	return &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String(t.Name),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(t.TTLAttribute), Enabled: aws.Bool(true),
		},
	}
}

func (k Key) schema() []types.KeySchemaElement {
	schema := []types.KeySchemaElement{{AttributeName: aws.String(k.Partition), KeyType: types.KeyTypeHash}}
	if k.Sort != "" {
		schema = append(schema, types.KeySchemaElement{AttributeName: aws.String(k.Sort), KeyType: types.KeyTypeRange})
	}
	return schema
}

func table(all map[string]Resource) (Table, error) {
	var found []Table
	for id, r := range all {
		if r.Type != "AWS::DynamoDB::Table" {
			continue
		}
		t := Table{LogicalID: id, Name: DefaultTableName, Key: key(r.Properties["KeySchema"])}
		if ttl := asMap(r.Properties["TimeToLiveSpecification"]); ttl["Enabled"] == true {
			t.TTLAttribute = asString(ttl["AttributeName"])
		}
		for _, a := range asMaps(r.Properties["AttributeDefinitions"]) {
			t.Attributes = append(t.Attributes, Attribute{asString(a["AttributeName"]), asString(a["AttributeType"])})
		}
		for _, x := range asMaps(r.Properties["GlobalSecondaryIndexes"]) {
			projection := asMap(x["Projection"])
			t.Indexes = append(t.Indexes, Index{
				Name: asString(x["IndexName"]), Key: key(x["KeySchema"]),
				Projection: asString(projection["ProjectionType"]), Include: asStrings(projection["NonKeyAttributes"]),
			})
		}
		found = append(found, t)
	}
	switch len(found) {
	case 0:
		return Table{}, errors.New("no AWS::DynamoDB::Table in the template")
	case 1:
		return found[0], nil
	}
	return Table{}, fmt.Errorf("%d tables in the template; everything lives in one", len(found))
}

func key(schema any) (k Key) {
	for _, part := range asMaps(schema) {
		switch part["KeyType"] {
		case "HASH":
			k.Partition = asString(part["AttributeName"])
		case "RANGE":
			k.Sort = asString(part["AttributeName"])
		}
	}
	return k
}
