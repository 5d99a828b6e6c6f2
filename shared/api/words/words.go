// Package words has the code and the sentence of every refusal of the rules, of
// commands and of the store, for all dialects.
package words

import (
	"fmt"
	"maps"
	"strings"

	"windfall/shared/refusal"
)

// A wording is the code of a reason and its sentence, which takes the arguments
// of the error in their order.
type wording struct{ code, sentence string }

// wordings has the wording of every reason of the rules, of commands and of the
// store.
var wordings = func() map[refusal.Reason]wording {
	all := map[refusal.Reason]wording{}
	for _, some := range []map[refusal.Reason]wording{refusalsOfApp, refusalsOfBilling, refusalsOfCatalog, refusalsOfRewards, refusalsOfDashboard} {
		maps.Copy(all, some)
	}
	return all
}()

// fields names the fields of a request.
var fields = map[refusal.Field]string{
	refusal.FieldName:           "name",
	refusal.FieldGroup:          "group",
	refusal.FieldEmail:          "email",
	refusal.FieldFingerprint:    "fingerprint",
	refusal.FieldCheckoutParams: "checkout_session_params",
	refusal.FieldPrice:          "price",
	refusal.FieldTierAmount:     "a tier's amount",
	refusal.FieldPrices:         "one of prices",
	refusal.FieldEventNames:     "event_names",
	refusal.FieldSingular:       "display.singular",
	refusal.FieldPlural:         "display.plural",
	refusal.FieldDescription:    "description",
}

// Of is the api.Words of the first dialect.
func Of(e *refusal.Error) (code, message string) { return In(e, nil) }

// In returns the code and the sentence of an error, whose fields are named as a
// dialect calls them: rename is applied to sentences before they quote what a
// caller sent. Without it the names are those of the first dialect.
func In(e *refusal.Error, rename func(string) string) (code, message string) {
	w := wordings[e.Reason]
	message = say(w.sentence, e.Args, rename)
	if e.Item > 0 {
		message = fmt.Sprintf("items[%d]: %s", e.Item-1, message)
	}
	if e.At != "" {
		message = e.At + ": " + message
	}
	if e.Of != "" {
		message = fmt.Sprintf("%.80s: %s", e.Of, message)
	}
	return w.code, message
}

// Phrase is the sentence of a reason alone, in the first dialect.
func Phrase(why refusal.Reason, args ...any) string { return say(wordings[why].sentence, args, nil) }

func say(sentence string, args []any, rename func(string) string) string {
	if rename != nil {
		sentence = rename(sentence)
	}
	spelled := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case refusal.Field:
			spelled[i] = fields[arg]
		case *refusal.Phrase:
			spelled[i] = ""
			if arg != nil {
				spelled[i] = say(wordings[arg.Reason].sentence, arg.Args, rename)
			}
		default:
			spelled[i] = arg
		}
	}
	if len(spelled) == 0 {
		return sentence
	}
	return strings.TrimSuffix(fmt.Sprintf(sentence, spelled...), " ") // of a part that there is not
}
