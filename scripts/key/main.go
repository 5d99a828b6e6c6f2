// Command key makes an API key in a deployed stack and prints it once: only
// its hash is stored. With -revoke it ends one.
//
//	go run ./scripts/key -stack windfall-dev -env sandbox
//	go run ./scripts/key -stack windfall-dev -revoke am_sk_test_…
//
// It uses the AWS command line's own configuration to find the table.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/dynamo"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "key:", err)
		os.Exit(1)
	}
}

func run() error {
	stack := flag.String("stack", "windfall-dev", "the CloudFormation stack")
	env := flag.String("env", "sandbox", "what the key opens: sandbox or live")
	publishable := flag.Bool("publishable", false, "a key for browsers, which may read products and check")
	revoke := flag.String("revoke", "", "a key to end; it stops working within a minute")
	flag.Parse()
	if *env != string(billing.Sandbox) && *env != string(billing.Live) {
		return fmt.Errorf("-env %s: sandbox or live", *env)
	}
	table, err := output(*stack, "TableName")
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	if *revoke != "" {
		return put(table, app.Key{Hash: api.HashKey(*revoke), Prefix: prefix(*revoke), Env: envOf(*revoke),
			Publishable: strings.HasPrefix(*revoke, "am_pk_"), CreatedAt: now, RevokedAt: now})
	}
	key := newKey(billing.Env(*env), *publishable)
	if err := put(table, app.Key{Hash: api.HashKey(key), Prefix: prefix(key), Env: billing.Env(*env), Publishable: *publishable, CreatedAt: now}); err != nil {
		return err
	}
	fmt.Println(key)
	fmt.Fprintln(os.Stderr, "Keep it: it can't be shown again.")
	return nil
}

// newKey is a kind, an environment and 42 random letters and digits.
func newKey(env billing.Env, publishable bool) string {
	kind, world := "am_sk_", "test_"
	if publishable {
		kind = "am_pk_"
	}
	if env == billing.Live {
		world = "live_"
	}
	return kind + world + (rand.Text() + rand.Text())[:42]
}

func prefix(key string) string { return key[:min(14, len(key))] }

func envOf(key string) billing.Env {
	if strings.Contains(key[:min(12, len(key))], "_live_") {
		return billing.Live
	}
	return billing.Sandbox
}

// output reads an output of the stack.
func output(stack, name string) (string, error) {
	query := fmt.Sprintf("Stacks[0].Outputs[?OutputKey=='%s'].OutputValue", name)
	out, err := exec.Command("aws", "cloudformation", "describe-stacks", "--stack-name", stack, "--query", query, "--output", "text").Output()
	if err != nil {
		return "", fmt.Errorf("find the table of stack %s with the aws command: %w", stack, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// put writes the key's row; the secret itself goes nowhere.
func put(table string, key app.Key) error {
	item, err := json.Marshal(dynamo.KeyJSON(key))
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), "aws", "dynamodb", "put-item", "--table-name", table, "--item", string(item))
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
