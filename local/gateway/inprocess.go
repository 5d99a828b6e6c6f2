package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

const localRegion = "eu-west-1"

// InProcess returns a backend that calls handlers, by folder name, inside this
// process. Calls run at the same time, each with the deadline of its function
// in its context, as in Lambda.
func InProcess(handlers map[string]lambda.Handler) Backend { return inProcess(handlers) }

type inProcess map[string]lambda.Handler

func (p inProcess) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	handler, ok := p[function]
	if !ok {
		return nil, &FunctionError{Type: "Runtime.Unknown", Message: "no handler for function " + function}
	}
	return runOne(ctx, function, func(ctx context.Context) ([]byte, error) { return handler.Invoke(ctx, payload) })
}

// runOne calls a function with its time-out.
func runOne[A any](ctx context.Context, function string, invoke func(context.Context) (A, error)) (answer A, err error) {
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID: newInvocationID(), InvokedFunctionArn: functionARN(function),
	})
	if ctx.Done() == nil { // nothing ends it early
		return call(ctx, invoke)
	}
	type result struct {
		answer A
		err    error
	}
	done := make(chan result, 1) // a late answer stays here unread
	go func() {
		answer, err := call(ctx, invoke)
		done <- result{answer, err}
	}()
	select {
	case r := <-done:
		return r.answer, r.err
	case <-ctx.Done():
		return answer, fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
}

// call turns the error or panic of a function into a *FunctionError.
func call[A any](ctx context.Context, invoke func(context.Context) (A, error)) (answer A, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &FunctionError{Type: "Runtime.Panic", Message: fmt.Sprintf("%v\n%s", p, debug.Stack())}
		}
	}()
	if answer, err = invoke(ctx); err != nil {
		err = &FunctionError{Type: errorType(err), Message: err.Error()}
	}
	return answer, err
}

func errorType(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return "Runtime.UnmarshalError"
	}
	return "errorString"
}

func functionARN(function string) string {
	return "arn:aws:lambda:" + localRegion + ":" + localAccount + ":function:" + function
}
