package api

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"windfall/shared/billing"
)

// badJSON says in our own words which field is wrong, and how.
func badJSON(err error) error {
	var known *billing.Error
	var wrong *json.SemanticError
	var broken *jsontext.SyntacticError
	switch {
	case errors.As(err, &wrong) && errors.As(wrong.Err, &known):
		return &billing.Error{Kind: known.Kind, Code: known.Code, Message: field(wrong.JSONPointer) + ": " + known.Message}
	case errors.As(err, &broken):
		return billing.InvalidInputs("%s", syntaxProblem(broken))
	case errors.As(err, &wrong) && errors.Is(wrong.Err, json.ErrUnknownName):
		return billing.InvalidInputs("%s: there is no such field here. Correct its name or leave it out.", field(wrong.JSONPointer))
	case errors.As(err, &wrong):
		return billing.InvalidInputs("%s: expected %s, got %s.", field(wrong.JSONPointer), wanted(wrong.GoType), given(wrong))
	}
	return billing.InvalidInputs("The body can't be read as JSON.")
}

func syntaxProblem(err *jsontext.SyntacticError) string {
	at := field(err.JSONPointer)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return at + ": given twice. Send each field once."
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "The body is not valid JSON: it ends too early."
	case err.JSONPointer == "" && strings.Contains(err.Error(), "after top-level value"):
		return "The body holds more than one JSON value."
	case strings.Contains(err.Error(), "UTF-8"), strings.Contains(err.Error(), "surrogate"), strings.Contains(err.Error(), `\u`):
		return at + ": the text is not valid Unicode. Send UTF-8, and surrogates in pairs only."
	case strings.Contains(err.Error(), "depth"):
		return "The body is nested too deeply."
	}
	return fmt.Sprintf("The body is not valid JSON: see byte %d, at %s.", err.ByteOffset, at)
}

// field is a place of the body as callers write it: items[0].price.
func field(at jsontext.Pointer) string {
	var path strings.Builder
	for token := range at.Tokens() {
		switch {
		case token != "" && strings.Trim(token, "0123456789") == "" && path.Len() > 0:
			path.WriteString("[" + token + "]")
		case path.Len() > 0:
			path.WriteString("." + token)
		default:
			path.WriteString(token)
		}
	}
	if path.Len() == 0 {
		return "the body"
	}
	return fmt.Sprintf("%.200s", path.String())
}

// wanted names a type as JSON does.
func wanted(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "another value"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Slice:
		return "array"
	case reflect.Map, reflect.Struct:
		return "object"
	case reflect.Int, reflect.Int64:
		return "whole number"
	}
	return t.Kind().String()
}

func given(err *json.SemanticError) string {
	switch err.JSONKind {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "boolean"
	case jsontext.KindString:
		return "string"
	case jsontext.KindNumber:
		if len(err.JSONValue) == 0 {
			return "number"
		}
		return fmt.Sprintf("number %.40s", err.JSONValue)
	case jsontext.KindBeginObject:
		return "object"
	case jsontext.KindBeginArray:
		return "array"
	}
	return "something else"
}
