// Command key makes, lists and revokes the API keys of a deployed stack.
//
//	go run ./scripts/key -stack windfall-dev -env sandbox -name backend
//	go run ./scripts/key -stack windfall-dev -list
//	go run ./scripts/key -stack windfall-dev -revoke backend
//	go run ./scripts/key -stack windfall-dev -admin you@example.com
//
// The last one makes somebody an editor of the dashboard, and prints a link by which they choose a password.
//
// A key is printed once, at its creation: the table has its hash, its first
// characters and its name. Everything goes through the AWS command line, with
// that program's own configuration; its errors are passed on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"windfall/scripts/awscli"
	"windfall/shared/catalog"
)

func main() {
	if err := run(context.Background(), "aws", os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "key:", err)
		os.Exit(1)
	}
}

// A command is the parsed command line.
type command struct {
	stack, env, name, revoke, admin string
	publishable, list               bool

	table *keyTable
	out   io.Writer // the key, or the list
	notes io.Writer // messages for the operator
}

func run(ctx context.Context, aws string, args []string, out, notes io.Writer) error {
	c := command{out: out, notes: notes}
	if done, err := c.parse(args); done || err != nil {
		return err
	}
	cli := awscli.CLI{Program: aws}
	table, err := cli.Output(ctx, c.stack, "TableName")
	if err != nil {
		return fmt.Errorf("find the table of stack %s: %w", c.stack, err)
	}
	c.table = openKeyTable(cli, cli, table)
	switch {
	case c.list:
		return c.listKeys(ctx)
	case c.admin != "":
		return c.makeAdmin(ctx, time.Now().UTC())
	case c.revoke != "":
		return c.revokeKey(ctx, time.Now().UTC())
	}
	return c.makeKey(ctx, time.Now().UTC())
}

// parse reads the flags; done is true after -help.
func (c *command) parse(args []string) (done bool, err error) {
	flags := flag.NewFlagSet("key", flag.ContinueOnError)
	flags.SetOutput(c.notes)
	flags.StringVar(&c.stack, "stack", "windfall-dev", "the CloudFormation stack")
	flags.StringVar(&c.env, "env", "", "sandbox or live: what a new key opens (sandbox unless said), or which keys to list or revoke (both unless said)")
	flags.StringVar(&c.name, "name", "", "a name for the new key, by which it can be revoked")
	flags.BoolVar(&c.publishable, "publishable", false, "make a key for browsers, which may read products and check")
	flags.BoolVar(&c.list, "list", false, "list the keys, newest first")
	flags.StringVar(&c.revoke, "revoke", "", "the name, the first characters or the whole of the key to revoke")
	flags.StringVar(&c.admin, "admin", "", "the e-mail address of an editor of the dashboard, who gets a link to choose a password")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	revoking := false
	c.revoke = strings.TrimSpace(c.revoke) // a pasted key often has spaces around it
	flags.Visit(func(f *flag.Flag) { revoking = revoking || f.Name == "revoke" })
	switch {
	case flags.NArg() > 0:
		return false, fmt.Errorf("%q is no flag: see -help", flags.Arg(0))
	case c.env != "" && c.env != string(catalog.Sandbox) && c.env != string(catalog.Live):
		return false, fmt.Errorf("-env %s: must be sandbox or live", c.env)
	case revoking && c.revoke == "":
		return false, fmt.Errorf("-revoke needs the name, the first characters or the whole of a key")
	case c.list && revoking:
		return false, fmt.Errorf("-list and -revoke are two commands: choose one")
	case c.admin != "" && (c.list || revoking || c.name != "" || c.publishable || c.env != ""):
		return false, fmt.Errorf("-admin goes with -stack alone")
	case (c.list || revoking) && (c.name != "" || c.publishable):
		return false, fmt.Errorf("-name and -publishable are for a new key, not for -list or -revoke")
	}
	return false, nil
}
