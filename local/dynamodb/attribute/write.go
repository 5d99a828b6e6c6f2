package attribute

import (
	"encoding/base64"
	"strconv"

	"windfall/local/dynamodb/protocol"
)

// AppendItem writes an item as a JSON object.
func AppendItem(out []byte, it Item) []byte {
	out = append(out, '{')
	for i := range it {
		out = protocol.AppendText(protocol.Comma(out, i), it[i].Name)
		out = append(out, ':')
		out = AppendValue(out, it[i].Value)
	}
	return append(out, '}')
}

// AppendValue writes a value as DynamoDB JSON: {"S":"text"}.
func AppendValue(out []byte, v Value) []byte {
	out = append(out, '{', '"')
	out = append(out, v.Kind.String()...)
	out = append(out, '"', ':')
	switch {
	case v.Kind == Bool:
		out = strconv.AppendBool(out, v.Truth)
	case v.Kind == Null:
		out = append(out, "true"...)
	case v.Kind == Map:
		out = AppendItem(out, v.Fields)
	case v.Kind == List || v.Kind.IsSet():
		out = append(out, '[')
		for i := range v.Elements {
			out = protocol.Comma(out, i)
			if v.Kind == List {
				out = AppendValue(out, v.Elements[i])
			} else {
				out = appendScalar(out, v.Elements[i])
			}
		}
		out = append(out, ']')
	default:
		out = appendScalar(out, v)
	}
	return append(out, '}')
}

// Plain is the text of a string, number or binary as JSON holds it: binary in
// base64.
func (v Value) Plain() string {
	if v.Kind == Binary {
		return base64.StdEncoding.EncodeToString([]byte(v.Text))
	}
	return v.Text
}

func appendScalar(out []byte, v Value) []byte {
	switch v.Kind {
	case Binary:
		out = append(out, '"')
		out = base64.StdEncoding.AppendEncode(out, []byte(v.Text))
		return append(out, '"')
	case Number:
		out = append(out, '"')
		out = append(out, v.Text...)
		return append(out, '"')
	default:
		return protocol.AppendText(out, v.Text)
	}
}
