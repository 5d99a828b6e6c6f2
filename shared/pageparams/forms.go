package pageparams

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"windfall/shared/refusal"
)

// What is refused here.
const (
	ReasonParameter     refusal.Reason = "page_parameter"
	ReasonLabel         refusal.Reason = "purchase_label"
	ReasonLabelsTooMany refusal.Reason = "page_labels_too_many"
)

// A paramForm is the type of a parameter's value. read adds the value to out, in
// the encoding of Stripe's forms.
type paramForm interface {
	read(name string, v any, out map[string]string) error
}

type (
	object map[string]paramForm
	words  []string
	text   int // the most characters
	plain  string
	list   struct {
		most int
		of   paramForm
	}
)

// A numeral is a number of free JSON, kept as it was written.
type numeral interface {
	Int64() (int64, error)
	String() string
}

const (
	flag    plain = "true or false"
	numeric plain = "a whole number"
	link    plain = "an address that begins with http:// or https://"
	labels  plain = "an object of texts"
)

// Refused refuses a parameter by its name.
func Refused(name, format string, args ...any) error {
	return refusal.Invalid(ReasonParameter, name, fmt.Sprintf(format, args...))
}

func (o object) read(name string, v any, out map[string]string) error {
	fields, ok := v.(map[string]any)
	if !ok {
		return Refused(name, "must be an object")
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		inner := name + "[" + key + "]"
		form, known := o[key]
		switch {
		case !known:
			return Refused(inner, "can't be set. It follows from the product and the customer, or Windfall does not know it")
		case fields[key] == nil:
			continue
		}
		if err := form.read(inner, fields[key], out); err != nil {
			return err
		}
	}
	return nil
}

func (l list) read(name string, v any, out map[string]string) error {
	values, ok := v.([]any)
	if !ok || len(values) == 0 || len(values) > l.most {
		return Refused(name, "must be a list of 1 to %d", l.most)
	}
	for i, value := range values {
		if err := l.of.read(fmt.Sprintf("%s[%d]", name, i), value, out); err != nil {
			return err
		}
	}
	return nil
}

func (w words) read(name string, v any, out map[string]string) error {
	s, ok := v.(string)
	if !ok || !slices.Contains(w, s) {
		return Refused(name, "must be one of %s", strings.Join(w, ", "))
	}
	out[name] = s
	return nil
}

func (most text) read(name string, v any, out map[string]string) error {
	s, ok := v.(string)
	if !ok || s == "" || utf8.RuneCountInString(s) > int(most) {
		return Refused(name, "must be a text of 1 to %d characters", int(most))
	}
	out[name] = s
	return nil
}

func (p plain) read(name string, v any, out map[string]string) error {
	s, isText := v.(string)
	on, isFlag := v.(bool)
	n, isNumber := v.(numeral)
	switch {
	case p == labels:
		return readLabels(name, v, out)
	case p == link && isText && s != "" && IsWebAddress(s):
		out[name] = s
	case p == flag && isFlag:
		out[name] = fmt.Sprint(on)
	case p == numeric && isNumber && len(n.String()) <= 9 && strings.Trim(n.String(), "0123456789") == "":
		out[name] = n.String()
	default:
		return Refused(name, "must be %s", string(p))
	}
	return nil
}

// IsWebAddress reports whether a customer may be sent to this address.
func IsWebAddress(s string) bool {
	return len(s) < 2048 && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"))
}

// OwnMetadata names what Windfall notes on a page and reads again when the page
// is done: callers' metadata can't hold it. OwnNotes are those that it reads again of
// subscriptions and invoices, where the metadata of a purchase goes, too.
var (
	OwnMetadata = []string{"operation_id", "customer_id", "internal_id", "product_ids", "env", "removable_items"}
	OwnNotes    = []string{"step", "command", "change_id", "change_step", "collection_after", "end_withdrawn_by", "moved_from", "use", "item_id", "credit_grant", "reward_operation", "reward_put_back", "reward_taken_off"}
)

// Limits of metadata at Stripe; OwnMetadata needs its places.
const (
	MaxLabels     = 44
	maxLabel      = 40
	maxLabelValue = 500
)

func readLabels(name string, v any, out map[string]string) error {
	given, ok := v.(map[string]any)
	if !ok {
		return Refused(name, "must be an object of texts")
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		inner := name + "[" + key + "]"
		switch value := given[key].(type) {
		case nil:
			continue
		case string, bool, numeral:
			out[inner] = fmt.Sprint(value)
		default:
			return Refused(inner, "must be a text, a number or a boolean")
		}
		if problem := labelProblem(key, out[inner]); problem != "" {
			return Refused(inner, "%s", problem)
		}
	}
	if len(given) > MaxLabels {
		return Refused(name, "has more than %d keys", MaxLabels)
	}
	return nil
}

// CheckMetadata refuses metadata of a purchase that would be taken for
// what Windfall notes itself. CheckLimits has their sizes.
func CheckMetadata(given map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if slices.Contains(OwnMetadata, key) || slices.Contains(OwnNotes, key) {
			return refusal.Invalid(ReasonLabel, key, ownLabel)
		}
	}
	return nil
}

const ownLabel = "can't be set: Windfall notes it itself. Choose another name"

func labelProblem(key, value string) string {
	switch {
	case slices.Contains(OwnMetadata, key):
		return ownLabel
	case key == "" || utf8.RuneCountInString(key) > maxLabel || strings.ContainsAny(key, "[]"):
		return fmt.Sprintf("has no name that Stripe takes: 1 to %d characters, without brackets", maxLabel)
	case utf8.RuneCountInString(value) > maxLabelValue:
		return fmt.Sprintf("has more than %d characters", maxLabelValue)
	}
	return ""
}
