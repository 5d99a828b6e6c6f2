// Package v2 is the second dialect of the API: the routes, bodies and answers of
// the second generation of the SDKs. Each function has one file, named like its
// folder under functions/, that lists its routes and maps requests and answers
// to package app. What a type of the API looks like is in files named after it:
// NOUN_json.go. No rule lives here.
package v2
