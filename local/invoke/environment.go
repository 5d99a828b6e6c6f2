package main

import (
	"fmt"
	"net"
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
	"STRIPE_API_BASE":           "http://127.0.0.1:8787/_stripe",
	"STRIPE_SECRET_KEY":         "sk_test_sim",
	"STRIPE_WEBHOOK_SECRET":     "whsec_local",
}

// variables returns what the function gets to see: the defaults, each
// overridden by the variable of the same name when that is set.
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

// reachable reports in one sentence when nothing listens where the database
// should be.
func reachable(environment []string) error {
	for _, v := range environment {
		name, value, _ := strings.Cut(v, "=")
		if name != "AWS_ENDPOINT_URL_DYNAMODB" || value == "" {
			continue // without an endpoint, the SDK finds AWS itself
		}
		u, err := url.Parse(value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		connection, err := net.DialTimeout("tcp", u.Host, 2*time.Second)
		if err != nil {
			return fmt.Errorf("nothing answers at %s: start the local stack with `make dev` in another terminal, or set %s", u.Host, name)
		}
		return connection.Close()
	}
	return nil
}
