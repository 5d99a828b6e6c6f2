package dynamodb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Every update starts from this item and is told by its new attributes, without
// the key, or by its error.
const startingItem = `"PK":{"S":"a"},"SK":{"S":"1"},"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]},"m":{"M":{"x":{"N":"1"}}},"n":{"N":"5"},"ss":{"SS":["a","b"]}`

func TestUpdates(t *testing.T) {
	t.Parallel()
	const (
		l  = `"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]}`
		m  = `"m":{"M":{"x":{"N":"1"}}}`
		n  = `"n":{"N":"5"}`
		ss = `"ss":{"SS":["a","b"]}`
	)
	for expression, want := range map[string]string{
		"SET n = if_not_exists(n, :one)":            join(l, m, n, ss),
		"SET q = if_not_exists(nope, n)":            join(l, m, n, `"q":{"N":"5"}`, ss),
		"SET n = :one - n":                          join(l, m, `"n":{"N":"-4"}`, ss),
		"SET n = if_not_exists(n, :one) + :one":     join(l, m, `"n":{"N":"6"}`, ss),
		"SET l[0] = l[2], l[2] = l[0]":              join(`"l":{"L":[{"S":"2"},{"S":"1"},{"S":"0"}]}`, m, n, ss),
		"SET l[9] = :one, l[7] = n":                 join(`"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"},{"N":"5"},{"N":"1"}]}`, m, n, ss),
		"REMOVE l[1], l[0]":                         join(`"l":{"L":[{"S":"2"}]}`, m, n, ss),
		"REMOVE l[0], l[1], l[2], l[9]":             join(`"l":{"L":[]}`, m, n, ss),
		"SET l[1] = :one REMOVE l[0]":               join(`"l":{"L":[{"N":"1"},{"S":"2"}]}`, m, n, ss),
		"SET m.y = m.x, m.x = n":                    join(l, `"m":{"M":{"x":{"N":"5"},"y":{"N":"1"}}}`, n, ss),
		"REMOVE m.x, m.nope":                        join(l, `"m":{"M":{}}`, n, ss),
		"ADD n :one, m.x :one, ss :set, fresh :set": join(`"fresh":{"SS":["b","c"]}`, l, `"m":{"M":{"x":{"N":"2"}}}`, `"n":{"N":"6"}`, `"ss":{"SS":["a","b","c"]}`),
		"DELETE ss :set, nope :set":                 join(l, m, n, `"ss":{"SS":["a"]}`),
		"DELETE m.nope :set":                        join(l, m, n, ss),
		"SET #odd.#dot = :one":                      "ValidationException",
		"SET #odd = m":                              join(l, m, n, ss, `"we.ird":{"M":{"x":{"N":"1"}}}`),
		"SET m.x.y = :one":                          "ValidationException",
		"SET l.x = :one":                            "ValidationException",
		"SET m[0] = :one":                           "ValidationException",
		"SET l[9].x = :one":                         "ValidationException",
		"REMOVE nope.x":                             "ValidationException",
		"REMOVE l.x":                                "ValidationException",
		"DELETE nope.x :set":                        "ValidationException",
		"DELETE n :set":                             "ValidationException",
		"ADD n :set":                                "ValidationException",
		"ADD l :one":                                "ValidationException",
		"SET n = n + ss":                            "ValidationException",
		"SET l = list_append(l, n)":                 "ValidationException",
		"SET PK = :one":                             "ValidationException",
		"REMOVE SK":                                 "ValidationException",
		"ADD SK :one":                               "ValidationException",
		"SET n = :one, q = nope":                    "ValidationException",
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			db, _ := fresh(t)
			send(t, db, "PutItem", `{"TableName":"windfall","Item":{`+startingItem+`}}`)
			before := db.Dump()
			status, answer := send(t, db, "UpdateItem", updateBody(expression))
			if !strings.HasPrefix(want, `"`) {
				if status != 400 || !strings.Contains(answer, want) || db.Dump() != before {
					t.Errorf("%d %s, left\n%s", status, answer, db.Dump())
				}
				return
			}
			if all := `{"Attributes":{"PK":{"S":"a"},"SK":{"S":"1"},` + want + `}}`; answer != all {
				t.Errorf("got  %s\nwant %s", answer, all)
			}
		})
	}
}

func join(members ...string) string { return strings.Join(members, ",") }

// updateBody sends the placeholders that the expression names.
func updateBody(expression string) string {
	pick := func(all map[string]string) string {
		var used []string
		for name, v := range all {
			if strings.Contains(expression, name) {
				used = append(used, fmt.Sprintf("%q:%s", name, v))
			}
		}
		return strings.Join(used, ",")
	}
	body := `{"TableName":"windfall","Key":{"PK":{"S":"a"},"SK":{"S":"1"}},"ReturnValues":"ALL_NEW","UpdateExpression":"` + expression + `"`
	if names := pick(map[string]string{"#odd": `"we.ird"`, "#dot": `"."`}); names != "" {
		body += `,"ExpressionAttributeNames":{` + names + `}`
	}
	if values := pick(map[string]string{":one": `{"N":"1.0"}`, ":set": `{"SS":["c","b"]}`}); values != "" {
		body += `,"ExpressionAttributeValues":{` + values + `}`
	}
	return body + "}"
}

func TestReturnValuesOfUpdates(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"NONE":        `{}`,
		"ALL_OLD":     `{"Attributes":{"PK":{"S":"a"},"SK":{"S":"1"},"m":{"N":"1"},"n":{"N":"5"}}}`,
		"ALL_NEW":     `{"Attributes":{"PK":{"S":"a"},"SK":{"S":"1"},"n":{"N":"6"},"q":{"N":"1"}}}`,
		"UPDATED_OLD": `{"Attributes":{"m":{"N":"1"},"n":{"N":"5"}}}`,
		"UPDATED_NEW": `{"Attributes":{"n":{"N":"6"},"q":{"N":"1"}}}`,
	} {
		db, _ := fresh(t)
		send(t, db, "PutItem", `{"TableName":"windfall","Item":{"PK":{"S":"a"},"SK":{"S":"1"},"m":{"N":"1"},"n":{"N":"5"}}}`)
		_, answer := send(t, db, "UpdateItem", `{"TableName":"windfall","Key":{"PK":{"S":"a"},"SK":{"S":"1"}},"ReturnValues":"`+mode+
			`","UpdateExpression":"SET q = :o REMOVE m ADD n :o","ExpressionAttributeValues":{":o":{"N":"1"}}}`)
		if answer != want {
			t.Errorf("%s: got %s, want %s", mode, answer, want)
		}
	}
}

// 32 levels are allowed, whether they come at once or grow by updates.
func TestNestingIsLimited(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	nested := func(levels int) types.AttributeValue {
		v := text("x")
		for range levels {
			v = &types.AttributeValueMemberM{Value: attributes{"d": v}}
		}
		return v
	}
	write := func(levels int) string {
		_, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: with(key("a", "1"), attributes{"v": nested(levels)})})
		return code(err)
	}
	grow := func(levels int) string {
		_, err := client.UpdateItem(t.Context(), &awsdynamodb.UpdateItemInput{TableName: aws.String(tableName), Key: key("a", "1"),
			UpdateExpression: aws.String("SET v.d.d = :v"), ExpressionAttributeValues: attributes{":v": nested(levels)}})
		return code(err)
	}
	if got := write(33); got != "ValidationException" {
		t.Errorf("33 levels: %q", got)
	}
	if got := write(32); got != "" {
		t.Errorf("32 levels: %q", got)
	}
	if got := grow(31); got != "ValidationException" {
		t.Errorf("grown to 33 levels: %q", got)
	}
	if got := grow(30); got != "" {
		t.Errorf("grown to 32 levels: %q", got)
	}
}
