package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv("STRIPE_TEST_KEY"), "tests/conformance/live/expected"); err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, key, folder string) error {
	if key == "" {
		return plan(ctx, out)
	}
	stripe, err := newStripe(key, time.Now())
	if err != nil {
		return err
	}
	return compare(ctx, out, stripe, folder)
}

// plan prints the requests for Stripe, by sending them to the simulator.
func plan(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "STRIPE_TEST_KEY is not set, so nothing is sent to Stripe. With a test key this would be asked of it:")
	for _, s := range scenarios {
		sim, err := newSimulator()
		if err != nil {
			return err
		}
		_, asked, err := play(ctx, sim, s)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s: %s\n", s.name, s.about)
		for _, line := range together(asked) {
			fmt.Fprintln(out, "  "+line)
		}
	}
	fmt.Fprintf(out, "\n%d scenarios, each on a test clock of its own that is deleted afterwards; products stay behind, out of use.\n", len(scenarios))
	fmt.Fprintln(out, "Run them with: STRIPE_TEST_KEY=sk_test_… make conformance-live")
	return nil
}

// together counts repeated requests in a row, and leaves ids out.
func together(asked []string) []string {
	var out []string
	last, times := "", 0
	flush := func() {
		if times > 1 {
			last = fmt.Sprintf("%s (%d times)", last, times)
		}
		if times > 0 {
			out = append(out, last)
		}
	}
	for _, a := range asked {
		parts := strings.Split(a, "/")
		for i, p := range parts {
			if strings.ContainsAny(p, "0123456789") && p != "v1" {
				parts[i] = "{id}"
			}
		}
		if a = strings.Join(parts, "/"); a == last {
			times++
			continue
		}
		flush()
		last, times = a, 1
	}
	flush()
	return out
}

// compare plays every scenario and prints the differences from the expectation.
func compare(ctx context.Context, out io.Writer, on backend, folder string) error {
	different := 0
	for _, s := range scenarios {
		want, err := expected(folder, s)
		if err != nil {
			return err
		}
		got, _, err := play(ctx, on, s)
		switch {
		case err != nil:
			different++
			fmt.Fprintf(out, "FAIL %s: %v\n", s.name, err)
		case got != want:
			different++
			fmt.Fprintf(out, "DIFF %s\n%s", s.name, diff(want, got))
		default:
			fmt.Fprintf(out, "ok   %s\n", s.name)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if different > 0 {
		return fmt.Errorf("%d of %d scenarios differ", different, len(scenarios))
	}
	return nil
}
