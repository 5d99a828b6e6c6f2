// Package security tries every route with every kind of key and with bad
// input of many kinds. The list of calls in calls_test.go has each route at
// least once, in a shop where the call would have its effect; so a new route
// needs its line there.
package security
