// Package keys holds the key of a table or an index, and the order that keys give
// to items: a place is a partition and a position in it.
//
// It owns the checks of key attributes and the bytes by which positions sort. It
// does not own the items at those places (package storage), nor the text of a key
// condition (package expression).
package keys
