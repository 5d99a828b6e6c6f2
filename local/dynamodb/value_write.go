package dynamodb

import (
	"encoding/base64"
	"strconv"
)

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

// plain is the text of a scalar as JSON holds it: binary in base64.
func (v value) plain() string {
	if v.kind == kindBinary {
		return base64.StdEncoding.EncodeToString([]byte(v.text))
	}
	return v.text
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
