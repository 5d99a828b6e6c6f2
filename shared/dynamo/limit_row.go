package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const limitKept = time.Hour // longer than any window

func init() {
	declare(kind{name: "limit in use", pk: "<env>#LIMIT#<name>#<s>#<of>", sk: "LIMIT", version: 1})
}

// CountWithin implements app.Store. Windows begin at whole multiples of their
// length, and each has a row of its own.
func (s *Store) CountWithin(ctx context.Context, env catalog.Env, l app.Limit, now time.Time) (bool, error) {
	window := now.Truncate(l.Window).Unix()
	k := lookUp(env, "LIMIT", fmt.Sprintf("%s#%d#%s", l.Name, window, l.Of))
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.attributes(),
		UpdateExpression:         aws.String("SET #ttl = :ttl, v = :form ADD used :one"),
		ConditionExpression:      aws.String("attribute_not_exists(used) OR used < :most"),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: values{":form": newRow(k)[formVersion], ":one": integer(1), ":most": integer(int64(l.Most)),
			":ttl": integer(now.Add(limitKept).Unix())},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	err := s.surely(ctx, func() error {
		out, err := s.client.UpdateItem(ctx, in)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	if errors.As(err, new(*types.ConditionalCheckFailedException)) {
		return false, nil
	}
	if err != nil {
		return false, failed("count against the limit "+l.Name, err)
	}
	return true, nil
}
