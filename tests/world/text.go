package world

import "strings"

// LongText is a text of n letters.
func LongText(n int) string { return strings.Repeat("x", n) }
