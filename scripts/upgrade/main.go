// Command upgrade gives the rows of earlier releases what those of this one have: it puts codes in the list of all codes,
// and more of that kind.
//
//	go run ./scripts/upgrade -stack windfall-dev
//
// Run it after a deployment. It reads the whole table, may run while the functions do, stop anywhere and run again: what
// is done is found done. It has the credentials of the AWS command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/scripts/awscli"
	"windfall/shared/dynamo"
	"windfall/shared/wire"
)

func main() {
	if err := run(context.Background(), awscli.CLI{Program: "aws"}, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "upgrade:", err)
		os.Exit(1)
	}
}

// mostPasses bounds how often the table is read: a row that changed while it was upgraded is in the next pass.
const mostPasses = 5

func run(ctx context.Context, cli awscli.CLI, args []string, out io.Writer, options ...func(*dynamodb.Options)) error {
	flags := flag.NewFlagSet("upgrade", flag.ContinueOnError)
	flags.SetOutput(out)
	stack := flags.String("stack", "windfall-dev", "the CloudFormation stack")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag: see -help", flags.Arg(0))
	}
	name, err := cli.Output(ctx, *stack, "TableName")
	if err != nil {
		return fmt.Errorf("find the table of stack %s: %w", *stack, err)
	}
	client, err := cli.Client(ctx, options...)
	if err != nil {
		return err
	}
	store, is := wire.New(client, name, "", slog.New(slog.DiscardHandler)).Store.(*dynamo.Store)
	if !is {
		return errors.New("the table is no table of DynamoDB")
	}
	for range mostPasses {
		changed, err := store.Upgrade(ctx, client)
		if err != nil {
			return fmt.Errorf("%d rows were upgraded; run it again: %w", changed, err)
		}
		if _, err := fmt.Fprintf(out, "%d rows upgraded.\n", changed); err != nil || changed == 0 {
			return err
		}
	}
	return errors.New("rows are upgraded still after so many passes: run it again")
}
