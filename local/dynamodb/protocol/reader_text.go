package protocol

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// common are the texts that almost every request holds as keys; reading one of
// them allocates nothing.
var common = func() map[string]string {
	texts := map[string]string{}
	for _, t := range []string{
		"S", "N", "B", "M", "L", "BOOL", "NULL", "SS", "NS", "PK", "SK",
		"TableName", "IndexName", "Key", "Item", "ConsistentRead", "ReturnValues", "TransactItems",
		"Put", "Update", "Delete", "ConditionCheck", "Get", "ClientRequestToken", "ReturnConsumedCapacity",
		"ConditionExpression", "UpdateExpression", "KeyConditionExpression", "FilterExpression", "ProjectionExpression",
		"ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValuesOnConditionCheckFailure",
		"Limit", "ScanIndexForward", "ExclusiveStartKey", "Select",
	} {
		texts[t] = t
	}
	return texts
}()

// key reads the key of an object's member.
func (r *Reader) key() string {
	if r.next() == '"' {
		start := r.at + 1
		if end := bytes.IndexByte(r.data[start:], '"'); end >= 0 {
			if known, found := common[string(r.data[start:start+end])]; found {
				r.at = start + end + 1
				return known
			}
		}
	}
	return r.Text()
}

// Text reads a string.
func (r *Reader) Text() string {
	if !r.expect('"') {
		return ""
	}
	start := r.at
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			s := r.data[start:r.at]
			r.at++
			if !utf8.Valid(s) {
				r.Unexpected()
			}
			return string(s)
		case c == '\\':
			return r.escapedText(start)
		case c < ' ':
			r.Unexpected()
			return ""
		}
		r.at++
	}
	r.Unexpected()
	return ""
}

// escapedText reads on from the first backslash of a string.
func (r *Reader) escapedText(start int) string {
	out := append([]byte(nil), r.data[start:r.at]...)
	for r.at < len(r.data) && r.err == nil {
		c := r.data[r.at]
		r.at++
		switch {
		case c == '"':
			if !utf8.Valid(out) {
				r.Unexpected()
			}
			return string(out)
		case c == '\\':
			out = r.escape(out)
		case c < ' ':
			r.Unexpected()
		default:
			out = append(out, c)
		}
	}
	r.Unexpected()
	return ""
}

func (r *Reader) escape(out []byte) []byte {
	if r.at >= len(r.data) {
		return out
	}
	c := r.data[r.at]
	r.at++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		return r.unicodeEscape(out)
	}
	r.Unexpected()
	return out
}

func (r *Reader) unicodeEscape(out []byte) []byte {
	first := r.hex4()
	if utf16.IsSurrogate(first) {
		if r.at+1 >= len(r.data) || r.data[r.at] != '\\' || r.data[r.at+1] != 'u' {
			r.Unexpected()
			return out
		}
		r.at += 2
		first = utf16.DecodeRune(first, r.hex4())
		if first == utf8.RuneError {
			r.Unexpected()
		}
	}
	return utf8.AppendRune(out, first)
}

func (r *Reader) hex4() rune {
	if len(r.data)-r.at < 4 {
		r.Unexpected()
		return 0
	}
	n, err := strconv.ParseUint(string(r.data[r.at:r.at+4]), 16, 32)
	if err != nil {
		r.Unexpected()
	}
	r.at += 4
	return rune(n)
}
