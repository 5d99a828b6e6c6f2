// Package endpoints joins the dialects to functions: a Lambda serves the routes of
// v1 and those of v2 for the same commands. A constructor is called like the one
// of each dialect that lists its routes, and as its folder in functions/.
package endpoints
