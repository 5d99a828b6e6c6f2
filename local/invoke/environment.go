package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"windfall/local/template"
)

// defaults point at a running `make dev`.
var defaults = map[string]string{
	"TABLE_NAME":                template.DefaultTableName,
	"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8787/_dynamodb",
	"AWS_ACCESS_KEY_ID":         "local",
	"AWS_SECRET_ACCESS_KEY":     "local",
	"STACK_NAME":                "local",
	"DEFAULT_CURRENCY":          "usd",
	"STRIPE_API_BASE":           "http://127.0.0.1:8787/_stripe",
	"STRIPE_SECRET_KEY":         "sk_test_sim",
	"STRIPE_WEBHOOK_SECRET":     "whsec_local",
}

// variables returns the function's environment: the defaults, each overridden
// by the variable of the same name if that is set.
func variables(lookup func(string) (string, bool)) []string {
	var list []string
	for name, value := range defaults {
		if own, ok := lookup(name); ok {
			value = own
		}
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}

// stackClock asks the local stack behind a database endpoint for its time,
// which may have been moved. Another database has no such clock; then the wall
// clock is right. Its error is one sentence if nothing listens there.
func stackClock(environment []string) (time.Time, error) {
	for _, v := range environment {
		name, value, _ := strings.Cut(v, "=")
		if name != "AWS_ENDPOINT_URL_DYNAMODB" || value == "" {
			continue // without an endpoint, the SDK finds AWS itself
		}
		u, err := url.Parse(value)
		if err != nil {
			return time.Time{}, fmt.Errorf("%s: %w", name, err)
		}
		client := http.Client{Timeout: 5 * time.Second}
		res, err := client.Get(u.Scheme + "://" + u.Host + "/_local/clock")
		if err != nil {
			return time.Time{}, fmt.Errorf("nothing answers at %s: start the local stack with `make dev` in another terminal, or set %s", u.Host, name)
		}
		defer res.Body.Close()
		var clock struct {
			Now int64 // milliseconds
		}
		if err := json.NewDecoder(res.Body).Decode(&clock); err == nil && clock.Now > 0 {
			return time.UnixMilli(clock.Now), nil
		}
	}
	return time.Now(), nil
}
