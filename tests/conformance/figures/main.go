// Command figures prints the amounts and dates that Stripe publishes, or that
// follow from its rules by hand, beside those of the simulator, each with its
// source. The cases are the tests TestGolden… in local/stripesim.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	cmd := exec.Command("go", "test", "-json", "-count=1", "-run", "^TestGolden", "./local/stripesim/...")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	r, err := read(out)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		r.print(w)
		return err
	}
	r.print(w)
	if r.compared == 0 {
		return errors.New("no case was run")
	}
	return nil
}
