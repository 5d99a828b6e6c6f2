package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"testing"

	"windfall/local/stack"
)

// A newcomer's first call, however early, finds the demo's products.
func TestTheFirstCallFindsTheDemo(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := stack.Open(stack.Options{BaseURL: "http://" + listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, s, listener, alone(s, nil), filling{products: true}) }()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.BaseURL+"/v1/products", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.Key)
	answer, err := http.DefaultClient.Do(request) // the port is open: the answer comes once the demo is filled
	if err != nil {
		t.Fatal(err)
	}
	var products struct{ List []struct{ ID string } }
	err = json.NewDecoder(answer.Body).Decode(&products)
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || len(products.List) < 3 {
		t.Errorf("%d, %d products, %v", answer.StatusCode, len(products.List), err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
