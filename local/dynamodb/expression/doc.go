// Package expression parses the expressions of a request and evaluates them on
// items: conditions and filters, key conditions, projections and updates.
//
// It owns the grammar, the placeholders and the reserved words. It does not own
// the stored items or the limits of their size (packages storage and dynamodb).
//
// A parser refuses as AWS does, with a ValidationException. A parsed expression is
// immutable; evaluation never changes an item but returns a new one.
package expression
