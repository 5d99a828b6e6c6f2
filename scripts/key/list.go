package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"windfall/shared/app"
)

func (c *command) listKeys(ctx context.Context) error {
	keys, err := c.table.all(ctx, c.env)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		fmt.Fprintln(c.notes, "No keys.")
		return nil
	}
	return printKeys(c.out, keys)
}

// printKeys prints what the table has of keys, which is not secret.
func printKeys(w io.Writer, keys []app.Key) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KEY\tNAME\tENV\tKIND\tMADE\tBY\tREVOKED\tBY")
	for _, k := range keys {
		fmt.Fprintf(t, "%s…\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.Prefix, cmp.Or(k.Name, "-"), k.Env, kindOf(k),
			moment(k.CreatedAt), cmp.Or(k.CreatedBy, "-"), moment(k.RevokedAt), cmp.Or(k.RevokedBy, "-"))
	}
	return t.Flush()
}

func kindOf(k app.Key) string {
	if k.Publishable {
		return "publishable"
	}
	return "secret"
}

func moment(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Format(time.RFC3339)
}
