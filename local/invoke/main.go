// Command invoke runs one event through a function's built binary, without
// Docker:
//
//	go run ./local/invoke -function check -event events/check.json
//
// The function talks to the database and the Stripe simulator of a running
// `make dev`, unless AWS_ENDPOINT_URL_DYNAMODB, STRIPE_API_BASE and similar
// variables are set. The answer goes to standard output, the function's log and
// its init time to standard error.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"windfall/local/gateway"
	"windfall/local/template"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "invoke:", err)
		os.Exit(1)
	}
}

// run invokes the function that args name and writes its answer to out.
func run(args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("invoke", flag.ContinueOnError)
	flags.SetOutput(log)
	name := flags.String("function", "", "folder of the function, like check")
	path := flags.String("event", "", "file with the event, like events/check.json")
	dir := flags.String("build", ".local/build", "folder with the binaries")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *name == "" || *path == "" {
		return errors.New("name a function and an event: -function check -event events/check.json")
	}
	f, err := find(*name)
	if err != nil {
		return err
	}
	environment := variables(os.LookupEnv)
	now, err := stackClock(environment)
	if err != nil {
		return err
	}
	event, err := readEvent(*path, now)
	if err != nil {
		return err
	}
	return invoke(f, event, *dir, environment, out, log)
}

// find returns the function as a template of its own, so that no other needs
// to be built.
func find(name string) (*template.Template, error) {
	path, err := template.Find()
	if err != nil {
		return nil, err
	}
	t, err := template.Load(path)
	if err != nil {
		return nil, err
	}
	f, ok := t.Function(name)
	if !ok {
		return nil, fmt.Errorf("no function %q in %s; the folders of functions/ are the names", name, path)
	}
	t.Functions = []template.Function{f}
	return t, nil
}

func invoke(t *template.Template, event []byte, dir string, environment []string, out, log io.Writer) error {
	name := t.Functions[0].Folder
	processes, err := gateway.Bootstrap(dir, t, func(string) []string { return environment }, gateway.BootstrapOptions{Log: log})
	if err != nil {
		return err
	}
	started := time.Now()
	answer, err := processes.Invoke(context.Background(), name, event)
	took := time.Since(started)
	if closeErr := processes.Close(); err == nil {
		err = closeErr
	}
	for _, init := range processes.Stats()[name].Inits {
		_, _ = fmt.Fprintf(log, "init %s, in all %s\n", init.Round(10*time.Microsecond), took.Round(10*time.Microsecond))
	}
	if err != nil {
		return err
	}
	return show(out, answer)
}

// show indents JSON, and writes anything else as it is.
func show(out io.Writer, answer []byte) error {
	var b bytes.Buffer
	if json.Indent(&b, answer, "", "  ") != nil {
		b.Reset()
		b.Write(answer)
	}
	_, err := fmt.Fprintln(out, b.String())
	return err
}
