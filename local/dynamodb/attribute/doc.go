// Package attribute holds attribute values and items: their kinds, equality,
// order, size and DynamoDB JSON.
//
// It owns numbers of 38 digits and their canonical spelling. It does not own keys
// (package keys), nor the evaluation of expressions (package expression).
//
// Values and items are immutable once built: tables, indexes, answers and the
// journal share them without copying.
package attribute
