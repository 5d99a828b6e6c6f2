package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"windfall/local/control"
	"windfall/local/demo"
	"windfall/local/stack"
)

// A filling says what an empty stack is filled with.
type filling struct {
	products, history bool
	log               *demo.Log
}

// serve runs until the context ends. Calls to the API wait until the demo is
// filled; the functions' own calls, which fill it, do not.
func serve(ctx context.Context, s *stack.Stack, listener net.Listener, stripe *http.Server, fill filling) error {
	refill := func() error {
		if !fill.products {
			return nil
		}
		if err := demo.Fill(context.WithoutCancel(ctx), s); err != nil || !fill.history {
			return err
		}
		fmt.Println("\nThree months of 200 customers, by calls of the API and a moved clock:")
		return fill.log.During(os.Stdout, func() error { return demo.History(ctx, s, os.Stdout) })
	}
	c := control.New(s, refill)
	c.Progress = os.Stdout
	s.Control(c)
	filled := make(chan struct{})
	server := &http.Server{Handler: after(filled, s), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err := refill(); err != nil {
		return errors.Join(err, s.Close())
	}
	close(filled)
	demo.Greet(os.Stdout, s, fill.products)
	go sweep(ctx, s)
	select {
	case err := <-ended:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
	}
	err := errors.Join(end(server), end(stripe), s.Close())
	if err == nil {
		demo.Farewell(os.Stdout, s)
	}
	return err
}

// end lets running requests finish, but not for long: a browser may hold a
// connection open without a request.
func end(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// after lets the application's calls wait for ready. Paths from /_ are the
// laptop's own.
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
			if err := s.Due(ctx, s.Sim.Now()); err != nil && ctx.Err() == nil {
				s.Log.Error("sweep", "cause", err)
			}
		}
	}
}
