package dynamodb_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// session plays one case on a table of its own and notes an answer per step.
type session struct {
	t       *testing.T
	client  *awsdynamodb.Client
	table   *string
	answers []string
}

const allOld = types.ReturnValuesOnConditionCheckFailureAllOld

// note ends a step.
func (s *session) note(text string, err error) {
	if err != nil {
		text = renderError(err)
	}
	s.answers = append(s.answers, text)
}

// store puts an item for the case; it is not a step.
func (s *session) store(item wire) {
	s.t.Helper()
	if _, err := s.client.PutItem(s.t.Context(), &awsdynamodb.PutItemInput{TableName: s.table, Item: item}); err != nil {
		s.t.Fatal(err)
	}
}

// remove deletes an item; it is not a step.
func (s *session) remove(k wire) {
	s.t.Helper()
	if _, err := s.client.DeleteItem(s.t.Context(), &awsdynamodb.DeleteItemInput{TableName: s.table, Key: k}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) put(in *awsdynamodb.PutItemInput) {
	in.TableName = s.table
	out, err := s.client.PutItem(s.t.Context(), in)
	if err != nil || in.ReturnValues == "" {
		s.note("ok ", err)
		return
	}
	s.note(answer(member("Attributes", out.Attributes), capacity(out.ConsumedCapacity)), nil)
}

func (s *session) putItem(item wire) { s.put(&awsdynamodb.PutItemInput{Item: item}) }

func (s *session) get(pk, sk string) {
	s.getWith(&awsdynamodb.GetItemInput{Key: key(pk, sk), ConsistentRead: aws.Bool(true)})
}

func (s *session) getWith(in *awsdynamodb.GetItemInput) {
	in.TableName = s.table
	out, err := s.client.GetItem(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(answer(capacity(out.ConsumedCapacity), member("Item", out.Item)), nil)
}

func (s *session) delete(in *awsdynamodb.DeleteItemInput) {
	in.TableName, in.Key = s.table, key("p", "s")
	out, err := s.client.DeleteItem(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(answer(member("Attributes", out.Attributes), capacity(out.ConsumedCapacity)), nil)
}

// change is an update: of item p/s and returning ALL_NEW unless given
// otherwise.
type change struct {
	pk, sk    string
	do        string // UpdateExpression
	when      string // ConditionExpression
	names     map[string]string
	with      object // the values
	returning types.ReturnValue
	onFailure types.ReturnValuesOnConditionCheckFailure
}

func (s *session) update(c change) {
	if c.pk == "" {
		c.pk, c.sk = "p", "s"
	}
	if c.returning == "" {
		c.returning = types.ReturnValueAllNew
	}
	s.send(&awsdynamodb.UpdateItemInput{
		Key: key(c.pk, c.sk), UpdateExpression: given(c.do), ConditionExpression: given(c.when),
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: attributes(c.with),
		ReturnValues: c.returning, ReturnValuesOnConditionCheckFailure: c.onFailure,
	})
}

// holds tries a condition on item p/s, by an update that also touches it.
func (s *session) holds(condition string, names map[string]string, values object) {
	all := attributes(object{":tch": num("1")})
	for name, v := range values {
		all[name] = value(v)
	}
	s.send(&awsdynamodb.UpdateItemInput{
		Key: key("p", "s"), UpdateExpression: aws.String("SET tch = :tch"), ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: all,
	})
}

func (s *session) send(in *awsdynamodb.UpdateItemInput) {
	in.TableName = s.table
	out, err := s.client.UpdateItem(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return
	}
	s.note(answer(member("Attributes", out.Attributes), capacity(out.ConsumedCapacity)), nil)
}

func (s *session) query(in *awsdynamodb.QueryInput) *awsdynamodb.QueryOutput {
	in.TableName = s.table
	out, err := s.client.Query(s.t.Context(), in)
	if err != nil {
		s.note("", err)
		return nil
	}
	s.note(renderQuery(out), nil)
	return out
}

// find queries the table, or an index if one is named.
func (s *session) find(index, condition string, values object) {
	in := where(condition, values)
	in.IndexName = given(index)
	s.query(in)
}

func where(condition string, values object) *awsdynamodb.QueryInput {
	return &awsdynamodb.QueryInput{KeyConditionExpression: &condition, ExpressionAttributeValues: attributes(values)}
}

// given omits an empty parameter.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
