// Command count runs the suites that speak to the API, counts the exchanges that
// were checked against openapi.yaml, and makes mistakes in samples of them, each of
// which must be found.
//
//	go run ./tests/contract/count            all suites
//	go run ./tests/contract/count -from DIR  what suites have left with WINDFALL_CONTRACT=DIR
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"windfall"
	"windfall/local/contract"
	"windfall/tests/contract/mistakes"
)

// suites are what is run, from the root of the module.
var suites = [][]string{
	{"go", "test", "-vet=off", "-count=1", "./tests/stories/...", "./tests/security", "./tests/contract"},
	{"scripts/test-sdk"},
	{"scripts/test-node", "tests/stripe-node"},
}

func main() {
	from := flag.String("from", "", "count what is in this folder, and run nothing")
	flag.Parse()
	if err := run(os.Stdout, *from); err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, from string) error {
	var failed error
	if from == "" {
		dir, err := os.MkdirTemp("", "contract-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		failed, from = record(w, dir), dir
	}
	seen, err := contract.Load(from)
	if err != nil {
		return errors.Join(failed, err)
	}
	operations, all := map[string]bool{}, 0
	for key, n := range seen.Counts {
		all += n
		if cut := strings.LastIndex(key, " "); cut > 0 {
			operations[key[:cut]] = true
		}
	}
	fmt.Fprintf(w, "exchanges  %d, of %d operations and %d answers of theirs\nfindings   %d\n", all, len(operations), len(seen.Counts), seen.Findings)
	if seen.Findings > 0 {
		failed = errors.Join(failed, fmt.Errorf("%d findings", seen.Findings))
	}
	if c, err := contract.Embedded(); err == nil {
		for _, op := range c.Operations() {
			if !operations[op] {
				failed = errors.Join(failed, fmt.Errorf("no suite calls %s", op))
			}
		}
	}
	return errors.Join(failed, sow(w, seen.Samples))
}

func record(w io.Writer, dir string) (failed error) {
	for _, suite := range suites {
		fmt.Fprintln(w, strings.Join(suite, " "))
		cmd := exec.Command(suite[0], suite[1:]...)
		cmd.Env = append(os.Environ(), contract.FolderVariable+"="+dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w\n%s", strings.Join(suite, " "), err, out))
		}
	}
	return failed
}

// sow makes the mistakes and prints how many of each were found.
func sow(w io.Writer, samples []contract.Sample) error {
	var plain any
	if err := yaml.Unmarshal(windfall.OpenAPI, &plain); err != nil {
		return err
	}
	document, err := json.Marshal(plain)
	if err != nil {
		return err
	}
	kinds, err := mistakes.Make(document, few(samples))
	if err != nil {
		return err
	}
	var failed error
	fmt.Fprintf(w, "\n%-50s %7s %7s\n", "mistakes made on purpose", "made", "found")
	made, found := 0, 0
	for _, k := range kinds {
		fmt.Fprintf(w, "%-50s %7d %7d\n", k.Name, k.Found+k.Missed, k.Found)
		made, found = made+k.Found+k.Missed, found+k.Found
		if k.Missed > 0 {
			failed = errors.Join(failed, fmt.Errorf("%s: missed in %s", k.Name, k.First))
		}
	}
	fmt.Fprintf(w, "%-50s %7d %7d\n", "", made, found)
	if made == 0 {
		return errors.New("nothing was recorded")
	}
	return failed
}

// few keeps two samples of each operation and status.
func few(samples []contract.Sample) (out []contract.Sample) {
	slices.SortFunc(samples, func(a, b contract.Sample) int { return strings.Compare(a.URL+a.Body, b.URL+b.Body) })
	c, err := contract.Embedded()
	if err != nil {
		return samples
	}
	kept := map[string]int{}
	for _, s := range samples {
		key := fmt.Sprint(c.Operation(s.Exchange()), s.Status)
		if kept[key]++; kept[key] <= 2 {
			out = append(out, s)
		}
	}
	return out
}
