// Package fields has what both dialects read and write alike: fields of requests,
// of pages and of lists. What only one of them has is there.
package fields
