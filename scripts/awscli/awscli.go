// Package awscli runs the AWS command line for the operator's commands, with that program's own configuration; its errors
// are passed on.
package awscli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A CLI runs the AWS command line, "aws".
type CLI struct{ Program string }

// Run returns the program's output. Its error output becomes the error.
func (a CLI) Run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, a.Program, args...)
	cmd.Env = append(os.Environ(), "AWS_PAGER=")
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	switch err := cmd.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("the AWS command line is not installed: %w", err)
	case err != nil:
		return nil, fmt.Errorf("aws %s %s: %w\n%s", args[0], args[1], err, strings.TrimSpace(complaints.String()))
	}
	return out.Bytes(), nil
}

// Output reads one of the stack's outputs.
func (a CLI) Output(ctx context.Context, stack, name string) (string, error) {
	value, err := a.Run(ctx, "cloudformation", "describe-stacks", "--stack-name", stack,
		"--query", fmt.Sprintf("Stacks[0].Outputs[?OutputKey=='%s'].OutputValue", name), "--output", "text")
	if err != nil {
		return "", err
	}
	found := strings.TrimSpace(string(value))
	if found == "" || found == "None" {
		return "", fmt.Errorf("it has no output %s: is it a stack of this project?", name)
	}
	return found, nil
}

// Identity is the ARN of the operator.
func (a CLI) Identity(ctx context.Context) (string, error) {
	arn, err := a.Run(ctx, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
	return strings.TrimSpace(string(arn)), err
}

var wordStart = regexp.MustCompile(`\B[A-Z]`)

// Do implements the SDK's HTTPClient: a request of the DynamoDB protocol has
// the same JSON as the program's input and output.
func (a CLI) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	operation = strings.ToLower(wordStart.ReplaceAllString(operation, "-$0"))
	answer, err := a.Run(r.Context(), "dynamodb", operation, "--cli-input-json", string(body), "--no-paginate", "--output", "json")
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(answer)) == 0 {
		answer = []byte("{}") // the program prints nothing for an empty answer
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

// Client is a client of the table with the credentials and the region that the program has: for commands that make more
// requests than one would start a program for.
func (a CLI) Client(ctx context.Context, options ...func(*dynamodb.Options)) (*dynamodb.Client, error) {
	var keys struct{ AccessKeyId, SecretAccessKey, SessionToken string }
	out, err := a.Run(ctx, "configure", "export-credentials", "--format", "process")
	if err == nil {
		err = json.Unmarshal(out, &keys)
	}
	if err != nil {
		return nil, fmt.Errorf("read the credentials of the AWS command line: %w", err)
	}
	region := cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	if region == "" {
		out, err := a.Run(ctx, "configure", "get", "region")
		if region = strings.TrimSpace(string(out)); err != nil || region == "" {
			return nil, fmt.Errorf("the AWS command line has no region: set AWS_REGION, or run aws configure (%w)", err)
		}
	}
	return dynamodb.New(dynamodb.Options{Region: region, Credentials: credentials.NewStaticCredentialsProvider(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken)}, options...), nil
}
