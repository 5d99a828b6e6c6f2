package v1

import (
	"fmt"
	"maps"

	"windfall/shared/refusal"
)

// A wording is the code of a reason and its sentence, which takes the arguments
// of the error in their order.
type wording struct{ code, sentence string }

// wordings has the wording of every reason of the rules, of commands and of the
// store.
var wordings = func() map[refusal.Reason]wording {
	all := map[refusal.Reason]wording{}
	for _, some := range []map[refusal.Reason]wording{refusalsOfApp, refusalsOfBilling, refusalsOfCatalog, refusalsOfRewards} {
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
}

// words is the api.Words of this dialect.
func words(e *refusal.Error) (code, message string) {
	w := wordings[e.Reason]
	message = say(w.sentence, e.Args)
	if e.Item > 0 {
		message = fmt.Sprintf("items[%d]: %s", e.Item-1, message)
	}
	return w.code, message
}

func say(sentence string, args []any) string {
	spelled := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case refusal.Field:
			spelled[i] = fields[arg]
		case *refusal.Phrase:
			spelled[i] = ""
			if arg != nil {
				spelled[i] = say(wordings[arg.Reason].sentence, arg.Args)
			}
		default:
			spelled[i] = arg
		}
	}
	if len(spelled) == 0 {
		return sentence
	}
	return fmt.Sprintf(sentence, spelled...)
}
