package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// With UPDATE=1 the files are rewritten, to be read in the diff.
func TestTheSimulatorAnswersAsExpected(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sim, err := newSimulator()
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := play(t.Context(), sim, s)
			if err != nil {
				t.Fatal(err)
			}
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(filepath.Join("expected", s.name+".txt"), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := expected("expected", s)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("- expected, + simulator:\n%s", diff(want, got))
			}
		})
	}
}

func TestNoExpectationIsLeftOver(t *testing.T) {
	files, err := filepath.Glob("expected/*.txt")
	if err != nil || len(files) != len(scenarios) {
		t.Errorf("%d files for %d scenarios: %v %v", len(files), len(scenarios), files, err)
	}
}

func TestKeysThatCouldMoveMoneyAreRefused(t *testing.T) {
	for _, key := range []string{"sk_live_x", "rk_live_x", "rk_test_x", "pk_test_x", "x"} {
		if err := run(t.Context(), &bytes.Buffer{}, key, "expected"); !errors.Is(err, errKey) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestWithoutAKeyThePlanIsPrinted(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, "", "expected"); err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		if !strings.Contains(out.String(), "\n"+s.name+": ") {
			t.Errorf("%s is not in the plan", s.name)
		}
	}
	if !strings.Contains(out.String(), "  POST /v1/test_helpers/test_clocks/{id}/advance\n") {
		t.Errorf("the plan names no calls:\n%s", out.String())
	}
}

// Stripe can't be called here, but the client for it can be tested: the
// simulator takes Stripe's place, and one expectation is wrong.
func TestTheWayToStripeTellsADifference(t *testing.T) {
	sim, err := newSimulator()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.sim)
	defer server.Close()
	there, err := newStripeAt("sk_test_sim", server.URL, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	there.pause = 5 * time.Millisecond
	folder := t.TempDir()
	for _, s := range scenarios {
		text, err := expected("expected", s)
		if err != nil {
			t.Fatal(err)
		}
		if s.name == "upgrade" {
			text = strings.Replace(text, "proration -500", "proration -499", 1)
		}
		if err := os.WriteFile(filepath.Join(folder, s.name+".txt"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := compare(t.Context(), &out, there, folder); err == nil || !strings.Contains(err.Error(), "1 of ") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), "DIFF upgrade\n  -   proration -499") || strings.Count(out.String(), "ok   ") != len(scenarios)-1 {
		t.Error(out.String())
	}
}

// A test key of an account that says live must end everything.
func TestALiveAccountIsLeftAlone(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		_, _ = w.Write([]byte(`{"object":"balance","livemode":true,"available":[],"pending":[]}`))
	}))
	defer server.Close()
	_, err := newStripeAt("sk_test_x", server.URL, time.Now())
	if err == nil || !strings.Contains(err.Error(), "live") || asked != 1 {
		t.Errorf("%v after %d requests", err, asked)
	}
}

func TestAnInterruptLeavesNothingBehind(t *testing.T) {
	sim, err := newSimulator()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	interrupted := scenario{name: "interrupted", play: func(w *world) {
		w.subscribe(w.customer("pm_card_visa"), w.price("Pro", 2000), nil)
		cancel()
		w.advance(w.at.Add(24 * time.Hour))
	}}
	if _, _, err := play(ctx, sim, interrupted); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	api := sim.client(quietly)
	if api.TestHelpersTestClocks.List(nil).Next() {
		t.Error("the test clock is still there")
	}
	if prices := api.Prices.List(&stripe.PriceListParams{Active: stripe.Bool(true)}); prices.Next() {
		t.Error("the price is still in use")
	}
}
