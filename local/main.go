// Command local runs Windfall on a laptop: the API, the database, Stripe with a
// checkout page, and a clock you can move. Package stack lists the addresses,
// and package control its own calls.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"windfall/local/demo"
	"windfall/local/stack"
	"windfall/shared/money"
)

// beforeExit lets make handle the same Ctrl-C first: it reports a child that
// has ended before.
const beforeExit = 100 * time.Millisecond

// garbagePercent lets the heap grow more before it is collected: what is kept is
// small, and a moved clock makes much garbage.
const garbagePercent = 400

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "windfall:", err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:8787", "address to listen on; loopback only")
	data := flag.String("data", dataFolder(), "folder of the data; empty keeps everything in memory")
	fill := flag.Bool("demo", true, "fill an empty catalog with the demo's products")
	history := flag.Bool("history", false, "fill an empty stack with 200 customers and their three months; its clock stands at the end of them")
	clock := flag.String("clock", "", "where the clock stands (RFC 3339); empty runs with the wall clock")
	key := flag.String("key", stack.DefaultKey, "the API key")
	verbose := flag.Bool("verbose", false, "log every request, not only failures")
	live := flag.Bool("live", false, "have a live environment, too, with an account of its own at the Stripe simulator")
	stripeAddr := flag.String("stripe-addr", "", "serve the Stripe simulator there, too, for clients that take a host but no path")
	binaries := flag.String("lambda", "", "run the built functions of this folder, each as its own process")
	currency := flag.String("currency", "usd", "what prices are in until the settings say another currency")
	shop := flag.String("shop", "", "the seller's name on checkout pages and invoices")
	flag.Parse()
	debug.SetGCPercent(garbagePercent)

	listener, err := listen("-addr", *addr)
	if err != nil {
		return err
	}
	level := slog.LevelWarn
	if *verbose {
		level = slog.LevelInfo
	}
	log := demo.NewLog(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	o := stack.Options{BaseURL: "http://" + listener.Addr().String(), Dir: *data, Key: *key, Binaries: *binaries, Events: stack.WebhookEvents,
		Log: slog.New(log), StripeKey: os.Getenv("STRIPE_SECRET_KEY"),
		StripeWebhookSecret: os.Getenv("STRIPE_WEBHOOK_SECRET")}
	o.Shop, o.Currency, o.Live = *shop, money.Currency(*currency), *live
	if !o.Currency.Known() {
		return fmt.Errorf("-currency: %q is no currency that Stripe charges in", *currency)
	}
	if *clock != "" {
		if o.Clock, err = time.Parse(time.RFC3339, *clock); err != nil {
			return fmt.Errorf("-clock: %w", err)
		}
	}
	if *history {
		if o.StripeKey != "" {
			return errors.New("-history is lived at the Stripe simulator; leave STRIPE_SECRET_KEY out")
		}
		if o.Clock.IsZero() {
			o.Clock = time.Now().UTC().Truncate(time.Hour).AddDate(0, 0, -demo.HistoryDays)
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
	watched, err := watch(&o)
	if err != nil {
		return err
	}
	s, err := stack.Open(o)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait
	err = serve(ctx, s, listener, alone(s, stripe), filling{*fill || *history, *history, log})
	if ctx.Err() != nil {
		time.Sleep(beforeExit)
	}
	return errors.Join(err, watched())
}
