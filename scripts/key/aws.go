package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// An awsCLI runs the AWS command line.
type awsCLI struct{ program string }

// run returns the program's output. Its error output becomes the error.
func (a awsCLI) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, a.program, args...)
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

// output reads one of the stack's outputs.
func (a awsCLI) output(ctx context.Context, stack, name string) (string, error) {
	value, err := a.run(ctx, "cloudformation", "describe-stacks", "--stack-name", stack,
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

// identity is the ARN of the operator.
func (a awsCLI) identity(ctx context.Context) (string, error) {
	arn, err := a.run(ctx, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
	return strings.TrimSpace(string(arn)), err
}

var wordStart = regexp.MustCompile(`\B[A-Z]`)

// Do implements the SDK's HTTPClient: a request of the DynamoDB protocol has
// the same JSON as the program's input and output.
func (a awsCLI) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	operation = strings.ToLower(wordStart.ReplaceAllString(operation, "-$0"))
	answer, err := a.run(r.Context(), "dynamodb", operation, "--cli-input-json", string(body), "--no-paginate", "--output", "json")
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(answer)) == 0 {
		answer = []byte("{}") // the program prints nothing for an empty answer
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}
