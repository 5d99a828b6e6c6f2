// Command play runs stories and prints pass or fail.
//
//	go run ./tests/play             every scenario by its id: pass, fail or missing
//	go run ./tests/play UPG-02      the stories of one scenario
//	go run ./tests/play I-16        the tests of an invariant
//	go run ./tests/play Overage     the stories with a word in their name
//
// With -calls it also prints every call and answer of each story.
//
//	Which test belongs to which id?         find.go, files.go
//	Which ids are there?                    scenarios.txt, invariants.txt
//	How are tests run, and events read?     run.go
//	What is printed?                        overview.go, selected.go
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// scenarios and invariants have a line each: id, tab, title.
var (
	//go:embed scenarios.txt
	scenarios string
	//go:embed invariants.txt
	invariants string
)

var errFailed = errors.New("not every story passed")

func main() {
	calls := flag.Bool("calls", false, "print every call and answer of each story")
	flag.Parse()
	if err := play(os.Stdout, ".", flag.Arg(0), *calls); err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(1)
	}
}

// play runs the selected stories of the module in root; "" selects all.
func play(w io.Writer, root, selection string, calls bool) error {
	if selection == "" {
		return overview(w, root)
	}
	files, err := testFiles(root)
	if err != nil {
		return err
	}
	return selected(w, root, files, selection, calls)
}
