package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"windfall/local/loopback"
	"windfall/local/stack"
)

// listen refuses every address but loopback: the database and the control API
// need no key.
func listen(name, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !loopback.IsName(host) {
		return nil, fmt.Errorf("%s %s: only loopback addresses, such as 127.0.0.1:8787", name, addr)
	}
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; is Windfall running already? A second one needs an address and a folder of its own, for example: make dev ARGS='%s 127.0.0.1:8788 -data .local/second'", addr, name)
	}
	return listener, err
}

// alone serves the simulator at the root of an address of its own: Stripe's
// libraries for Node, Python and PHP take a host, but no path in front of /v1.
// Without a listener it does nothing.
func alone(s *stack.Stack, listener net.Listener) *http.Server {
	if listener == nil {
		return &http.Server{ReadHeaderTimeout: 10 * time.Second} // serves nothing
	}
	base := "http://" + listener.Addr().String()
	server := &http.Server{Handler: s.StripeAlone(base), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.Log.Error("-stripe-addr", "cause", err)
		}
	}()
	fmt.Printf("\nThe Stripe simulator alone: %s   (its key is sk_test_sim)\n", base)
	return server
}
