package dynamodb

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"
)

// Answers are written by appending to one slice of bytes.

// comma separates the element at position i from the one before.
func comma(out []byte, i int) []byte {
	if i > 0 {
		return append(out, ',')
	}
	return out
}

// member begins a member of the object that out ends in.
func member(out []byte, name string) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	out = append(out, '"')
	out = append(out, name...)
	return append(out, '"', ':')
}

func appendItem(out []byte, it item) []byte {
	out = append(out, '{')
	for i := range it {
		out = appendText(comma(out, i), it[i].name)
		out = append(out, ':')
		out = appendValue(out, it[i].value)
	}
	return append(out, '}')
}

func appendValue(out []byte, v value) []byte {
	out = append(out, '{', '"')
	out = append(out, v.kind.String()...)
	out = append(out, '"', ':')
	switch {
	case v.kind == kindBool:
		out = strconv.AppendBool(out, v.truth)
	case v.kind == kindNull:
		out = append(out, "true"...)
	case v.kind == kindMap:
		out = appendItem(out, v.fields)
	case v.kind == kindList || v.kind.isSet():
		out = append(out, '[')
		for i := range v.elements {
			out = comma(out, i)
			if v.kind == kindList {
				out = appendValue(out, v.elements[i])
			} else {
				out = appendScalar(out, v.elements[i])
			}
		}
		out = append(out, ']')
	default:
		out = appendScalar(out, v)
	}
	return append(out, '}')
}

func appendScalar(out []byte, v value) []byte {
	switch v.kind {
	case kindBinary:
		out = append(out, '"')
		out = base64.StdEncoding.AppendEncode(out, []byte(v.text))
		return append(out, '"')
	case kindNumber:
		out = append(out, '"')
		out = append(out, v.text...)
		return append(out, '"')
	default:
		return appendText(out, v.text)
	}
}

const hexDigits = "0123456789abcdef"

// appendText writes a JSON string. All texts are valid UTF-8 when they come in.
func appendText(out []byte, s string) []byte {
	out = append(out, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			continue
		}
		if c >= utf8.RuneSelf {
			continue
		}
		out = append(out, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	out = append(out, s[start:]...)
	return append(out, '"')
}
