package dynamo

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/money"
)

// A row is one item of the table. Empty texts, zeros of time and false are
// left out: an absent attribute reads as the zero value.
type row map[string]types.AttributeValue

// newRow begins a row of a declared kind.
func newRow(k key) row {
	kind := kindOf(k)
	if kind == nil {
		panic(fmt.Sprintf("dynamo: no kind of row is declared for %s %s", k.PK, k.SK))
	}
	return row{"PK": text(k.PK), "SK": text(k.SK), formVersion: integer(kind.version)}
}

func (k key) attributes() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": text(k.PK), "SK": text(k.SK)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func integer(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func exact(d money.Decimal) types.AttributeValue {
	var digits [money.MaxDigits + 1]byte // of most
	return &types.AttributeValueMemberN{Value: string(money.AppendJSON(digits[:0], d))}
}

func millis(t time.Time) types.AttributeValue { return integer(t.UnixMilli()) }

func flag(b bool) types.AttributeValue { return &types.AttributeValueMemberBOOL{Value: b} }

func (r row) setText(name, s string) {
	if s != "" {
		r[name] = text(s)
	}
}

func (r row) setInt(name string, n int64) {
	if n != 0 {
		r[name] = integer(n)
	}
}

func (r row) setExact(name string, d money.Decimal) {
	if !d.IsZero() {
		r[name] = exact(d)
	}
}

func (r row) setTime(name string, t time.Time) {
	if !t.IsZero() {
		r[name] = millis(t)
	}
}

func (r row) setFlag(name string, b bool) {
	if b {
		r[name] = flag(b)
	}
}

// setJSON keeps a cold part of a row as text: it is read whole or not at all.
// Its types name each field by a tag, so that the names in Go are free to
// change. A zero is left out: omitzero, and omitempty for a pointer, as a
// pointer to a zero number has a meaning.
func (r row) setJSON(name string, v any) {
	r[name] = text(encode(name, v))
}

// encode writes JSON without the escapes that pages need: "<" is one byte, as
// limits count it.
func encode(name string, v any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("encode %s: %v", name, err)) // our own types always encode
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func (r row) text(name string) string {
	if v, ok := r[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func (r row) int(name string) int64 {
	if v, ok := r[name].(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64)
		return n
	}
	return 0
}

func (r row) exact(name string) (money.Decimal, error) {
	v, ok := r[name].(*types.AttributeValueMemberN)
	if !ok {
		return money.Zero, nil
	}
	return money.StoredDecimal(v.Value)
}

func (r row) time(name string) time.Time {
	if _, ok := r[name]; !ok {
		return time.Time{}
	}
	return time.UnixMilli(r.int(name)).UTC()
}

func (r row) flag(name string) bool {
	v, ok := r[name].(*types.AttributeValueMemberBOOL)
	return ok && v.Value
}

func (r row) json(name string, into any) error {
	s := r.text(name)
	if s == "" {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber() // metadata keeps its numbers to the last digit
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("row %s %s: read %s: %w", r.text("PK"), r.text("SK"), name, err)
	}
	return nil
}
