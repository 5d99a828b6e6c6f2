package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMain makes this program the AWS command line if it is called `aws`.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "aws" {
		os.Exit(standIn(os.Args[1:]))
	}
	// A program built with -race sleeps for a second before it ends; as the command line it is started a hundred times.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// standIn sends DynamoDB's operations to the address in the file beside it, and
// answers the rest as an existing stack.
func standIn(args []string) int {
	dir := filepath.Dir(os.Args[0])
	address, err := os.ReadFile(filepath.Join(dir, "address"))
	switch {
	case err != nil || len(address) == 0:
		_, _ = os.Stderr.WriteString("Unable to locate credentials. You can configure credentials by running \"aws configure\".\n")
		return 253
	case args[0] == "cloudformation" && strings.Contains(strings.Join(args, " "), "ApiUrl"):
		_, _ = os.Stdout.WriteString("https://shop.example.com\n")
		return 0
	case args[0] == "cloudformation" && slices.Contains(args, "shop"):
		table, _ := os.ReadFile(filepath.Join(dir, "table"))
		_, _ = os.Stdout.Write(append(table, '\n'))
		return 0
	case args[0] == "cloudformation":
		_, _ = os.Stderr.WriteString("An error occurred (ValidationError): Stack does not exist\n")
		return 254
	case args[0] == "sts":
		_, _ = os.Stdout.WriteString("arn:aws:iam::123456789012:user/ops\n")
		return 0
	}
	input := args[slices.Index(args, "--cli-input-json")+1]
	var target strings.Builder
	for word := range strings.SplitSeq(args[1], "-") {
		target.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	r, err := http.NewRequest(http.MethodPost, string(address), strings.NewReader(input))
	if err != nil {
		return 1
	}
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+target.String())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 1
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.Copy(os.Stderr, answer.Body)
		return 254
	}
	_, _ = io.Copy(os.Stdout, answer.Body)
	return 0
}
