package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"windfall/shared/app"
)

// refuseWrites stands in front of every call to the database: in a read-only
// context nothing but reads gets past it, whatever code made the call.
func refuseWrites(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("ReadOnly",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			if app.IsReadOnly(ctx) && !isRead(in.Parameters) {
				return middleware.InitializeOutput{}, middleware.Metadata{}, app.ErrReadOnly
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
}

// isRead reports whether a call leaves the table as it is. A call of a new kind
// counts as a write until it is listed here.
func isRead(call any) bool {
	switch call.(type) {
	case *dynamodb.GetItemInput, *dynamodb.BatchGetItemInput, *dynamodb.QueryInput, *dynamodb.TransactGetItemsInput:
		return true
	}
	return false
}
