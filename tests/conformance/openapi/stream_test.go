package main

import (
	"strings"
	"testing"
)

func TestEachLineIsAnswered(t *testing.T) {
	lines := good + // three that are fine
		`{"method":"DELETE","path":"/v1/coupons/x","status":200,"body":{"deleted":true,"id":"x","object":"coupon","name":"n"}}` + "\n" +
		`{"method":"DELETE","path":"/v1/coupons/x","form":"now=1","status":200,"body":{"deleted":true,"id":"x","object":"coupon"}}` + "\n" +
		`{"event":{"type":"coupon.seeded"}}` + "\n" + `{"method":` + "\n"
	var out strings.Builder
	if err := stream(strings.NewReader(lines), &out); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	want := []string{"ok", "ok", "ok", "no such field", "accepted, although", "cannot ask for it", "unexpected end"}
	if len(got) != len(want) {
		t.Fatalf("%d answers to %d lines: %q", len(got), len(want), got)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("line %d: %q, want %q", i, got[i], want[i])
		}
	}
}
