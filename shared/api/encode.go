package api

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// EncodeJSON encodes without HTML escapes: "<" stays one byte, as it is counted
// and stored. The answer is application/json, so no browser reads it as HTML.
func EncodeJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// maxAnswer is the most that a Lambda can answer, less some room for the
// envelope and the headers.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxAnswer = 6<<20 - 16<<10

var errAnswerTooLarge = &Refusal{Status: http.StatusBadRequest, Code: "answer_too_large",
	Message: "The answer has more than 6 MB, which is more than can be sent. Ask for less: a smaller limit, less in expand, or one thing by its id."}

// encodeAnswer encodes the answer of a call if it can be sent. The body is sent
// as a string within JSON, where each quote takes two bytes.
func encodeAnswer(v any) ([]byte, error) {
	body, err := EncodeJSON(v)
	if err != nil || len(body) < maxAnswer/6 {
		return body, err
	}
	sent, err := EncodeJSON(string(body))
	if err == nil && len(sent) > maxAnswer {
		err = errAnswerTooLarge
	}
	return body, err
}

// cut shortens a sentence that quotes the caller's input.
func cut(sentence string) string {
	if len(sentence) <= maxSentence {
		return sentence
	}
	runes := []rune(sentence[:maxSentence])
	return string(runes[:len(runes)-1]) + " …"
}

// maxSentence is the longest message of an error, in bytes.
const maxSentence = 600

// Texts converts metadata to Stripe's form: text values. null is the empty text, which there is
// no key, and deletes the one before.
func Texts(m map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if s, ok := v.(string); ok || v == nil {
			out[k] = s
		} else if b, err := EncodeJSON(v); err == nil {
			out[k] = string(b)
		}
	}
	return out
}
