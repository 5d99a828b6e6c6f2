package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/scripts/awscli"
	. "windfall/tests/world"
)

// commandLine is an AWS command line that knows a stack, and who asks.
const commandLine = `#!/bin/sh
case "$1 $2" in
cloudformation*) test "$4" = shop && echo TABLE ;;
"configure export-credentials") echo '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}' ;;
"configure get") echo eu-central-1 ;;
esac
`

// An operator upgrades rows of before codes were listed, once.
func TestRowsOfAnEarlierReleaseAreUpgraded(t *testing.T) {
	t.Parallel()
	w := New(t)
	table := w.Stack.Template.Table.Name
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "OLD"}}}))
	server := httptest.NewServer(w.Stack.DB)
	t.Cleanup(server.Close)
	cli := awscli.CLI{Program: filepath.Join(t.TempDir(), "aws")}
	if err := os.WriteFile(cli.Program, []byte(strings.ReplaceAll(commandLine, "TABLE", table)), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	there := func(o *dynamodb.Options) { o.BaseEndpoint = &server.URL }
	client, err := cli.Client(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	all, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Items {
		if sk, _ := r["SK"].(*types.AttributeValueMemberS); sk.Value == "CODE#OLD#" {
			if _, err := client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: &table, UpdateExpression: aws.String("REMOVE list_pk, list_sk"),
				Key: map[string]types.AttributeValue{"PK": r["PK"], "SK": sk}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range []string{"1 rows upgraded.\n0 rows upgraded.\n", "0 rows upgraded.\n"} {
		var said strings.Builder
		if err := run(t.Context(), cli, []string{"-stack", "shop"}, &said, there); err != nil || said.String() != want {
			t.Errorf("said %q, %v; want %q", said.String(), err, want)
		}
	}
	if err := run(t.Context(), cli, []string{"-stack", "other"}, &strings.Builder{}, there); err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("another stack: %v", err)
	}
}
