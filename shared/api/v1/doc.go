// Package v1 is the first dialect of the API: the routes, bodies and answers of
// the first generation of the SDKs. Each function has one file, named like its
// folder under functions/, that lists its routes and maps requests and answers
// to package app. No rule lives here.
package v1
