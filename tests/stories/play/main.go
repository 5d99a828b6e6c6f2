// Command play runs the stories and lists every scenario by its id: pass,
// fail or missing. A test belongs to a scenario by its name: TestATT02… tells
// ATT-02.
package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// ids.txt lists the scenarios: id, tab, what it is about.
//
//go:embed ids.txt
var ids string

var named = regexp.MustCompile(`^Test([A-Z]{3})(\d{2})`)

func main() {
	results, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(1)
	}
	counts := map[string]int{}
	for line := range strings.Lines(ids) {
		id, title, _ := strings.Cut(strings.TrimSpace(line), "\t")
		state := results[id]
		if state == "" {
			state = "missing"
		}
		counts[state]++
		fmt.Printf("%-8s %-8s %s\n", id, state, title)
	}
	fmt.Printf("\n%d pass, %d fail, %d missing\n", counts["pass"], counts["fail"], counts["missing"])
	if counts["fail"] > 0 {
		os.Exit(1)
	}
}

// run runs the stories and returns pass or fail by scenario id. A scenario
// with several tests passes when all of them do.
func run() (map[string]string, error) {
	cmd := exec.Command("go", "test", "-json", "./tests/stories/...")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	results, broken := map[string]string{}, ""
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct{ Action, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			continue // not an event: the compiler's words
		}
		switch m := named.FindStringSubmatch(event.Test); {
		case event.Action == "build-output" || event.Action == "fail" && event.Test == "":
			broken += event.Output
		case m == nil || event.Action != "pass" && event.Action != "fail":
		case results[m[1]+"-"+m[2]] != "fail":
			results[m[1]+"-"+m[2]] = event.Action
		}
	}
	_ = cmd.Wait() // a failed test is told by its own line
	if len(results) == 0 {
		return nil, fmt.Errorf("no story ran:\n%s", broken)
	}
	return results, lines.Err()
}
