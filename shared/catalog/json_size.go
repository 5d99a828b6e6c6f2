package catalog

import (
	"fmt"
	"unicode/utf8"
)

// MeasureJSON returns how many bytes of JSON a decoded value comes to, as the table
// and an answer hold it, and how deep it is. This package encodes nothing, so
// it counts what an encoder would write.
func MeasureJSON(v any) (size, depth int) {
	within := func(e any) {
		s, d := MeasureJSON(e)
		size, depth = size+s, max(depth, d)
	}
	switch v := v.(type) {
	case nil:
		return len("null"), 0
	case string:
		return jsonText(v), 0
	case map[string]any:
		for key, e := range v {
			size += jsonText(key) + len(":")
			within(e)
		}
		return size + len("{}") + max(0, len(v)-1), depth + 1
	case []any:
		for _, e := range v {
			within(e)
		}
		return size + len("[]") + max(0, len(v)-1), depth + 1
	}
	return len(fmt.Sprint(v)), 0 // a boolean, or a number as it was written
}

// jsonText is the length of a text in JSON: quotes, escapes and all.
func jsonText(s string) int {
	n := len(`""`)
	for i, r := range s {
		switch {
		case r == '"', r == '\\', r == '\n', r == '\r', r == '\t', r == '\b', r == '\f':
			n += len(`\n`)
		case r < ' ', r == '\u2028', r == '\u2029':
			n += len(`\u2028`)
		case r == utf8.RuneError && !utf8.ValidString(s[i:min(len(s), i+3)]):
			n += len(`\ufffd`)
		default:
			n += utf8.RuneLen(r)
		}
	}
	return n
}
