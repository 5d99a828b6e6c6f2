// Command local runs Windfall on a laptop: the API, the database, Stripe with
// a checkout page, and a clock you can move. See package stack for what is
// where, and package control for what can be done with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"windfall/local/control"
	"windfall/local/demo"
	"windfall/local/stack"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "windfall:", err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:8787", "address to listen on; loopback only")
	data := flag.String("data", ".local", "folder of the data; empty keeps everything in memory")
	fill := flag.Bool("demo", true, "fill an empty catalog with the demo's products")
	clock := flag.String("clock", "", "where the clock stands (RFC 3339); empty runs with the wall clock")
	key := flag.String("key", stack.DefaultKey, "the API key")
	verbose := flag.Bool("verbose", false, "log every request, not only failures")
	stripeAddr := flag.String("stripe-addr", "", "serve the Stripe simulator there, too, for clients that take a host but no path")
	binaries := flag.String("lambda", "", "run the built functions of this folder, each as its own process")
	shop := flag.String("shop", "", "the seller's name on checkout pages and invoices")
	flag.Parse()

	listener, err := listen("-addr", *addr)
	if err != nil {
		return err
	}
	level := slog.LevelWarn
	if *verbose {
		level = slog.LevelInfo
	}
	o := stack.Options{BaseURL: "http://" + listener.Addr().String(), Dir: *data, Key: *key, Binaries: *binaries,
		Log: slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})), StripeKey: os.Getenv("STRIPE_SECRET_KEY"),
		StripeWebhookSecret: os.Getenv("STRIPE_WEBHOOK_SECRET")}
	o.Shop = *shop
	if *clock != "" {
		if o.Clock, err = time.Parse(time.RFC3339, *clock); err != nil {
			return fmt.Errorf("-clock: %w", err)
		}
	}
	if o.StripeKey != "" && !strings.HasPrefix(o.StripeKey, "sk_test_") {
		return errors.New("STRIPE_SECRET_KEY is not a test key (sk_test_…); a laptop never touches real money")
	}
	var stripe net.Listener
	if *stripeAddr != "" {
		if stripe, err = listen("-stripe-addr", *stripeAddr); err != nil {
			return err
		}
		o.StripeAddr = stripe.Addr().String()
	}
	s, err := stack.Open(o)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve(ctx, s, listener, alone(s, stripe), *fill)
}

// listen refuses every address but loopback: the database and the control API
// ask nobody for a key.
func listen(name, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s %s: only loopback addresses, such as 127.0.0.1:8787", name, addr)
	}
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; is Windfall running already? Otherwise, for example: make dev ARGS='%s 127.0.0.1:8788'", addr, name)
	}
	return listener, err
}

// alone serves the simulator at the root of an address of its own: Stripe's
// libraries for Node, Python and PHP take a host, but no path in front of /v1.
// Without a listener it does nothing.
func alone(s *stack.Stack, listener net.Listener) *http.Server {
	server := &http.Server{Handler: s.Sim, ReadHeaderTimeout: 10 * time.Second}
	if listener == nil {
		return server
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.Log.Error("-stripe-addr", "cause", err)
		}
	}()
	fmt.Printf("\nThe Stripe simulator alone: http://%s   (its key is sk_test_sim)\n", listener.Addr())
	return server
}

// serve answers until the context ends. Calls to the API wait until the demo is
// there; the functions' own calls, which fill it, do not.
func serve(ctx context.Context, s *stack.Stack, listener net.Listener, stripe *http.Server, fill bool) error {
	refill := func() error {
		if !fill {
			return nil
		}
		return demo.Fill(context.WithoutCancel(ctx), s)
	}
	s.Control(control.New(s, refill))
	filled := make(chan struct{})
	server := &http.Server{Handler: after(filled, s), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err := refill(); err != nil {
		return errors.Join(err, s.Close())
	}
	close(filled)
	demo.Greet(os.Stdout, s, fill)
	go sweep(ctx, s)
	select {
	case err := <-ended:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
	}
	quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(quiet), stripe.Shutdown(quiet), s.Close())
}

// after lets the application's calls wait for ready. What begins with /_ is
// the laptop's own.
func after(ready <-chan struct{}, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/_") {
			select {
			case <-ready:
			case <-r.Context().Done():
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// sweep runs close_periods as EventBridge does.
func sweep(ctx context.Context, s *stack.Stack) {
	tick := time.NewTicker(5 * time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.Due(ctx, s.Sim.Now()); err != nil {
				s.Log.Error("sweep", "cause", err)
			}
		}
	}
}
