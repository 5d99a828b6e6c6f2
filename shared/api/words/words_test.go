package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"windfall/shared/refusal"
)

// Every declared reason has its wording, whose sentence has as many verbs as
// the reason's callers pass arguments.
func TestEveryReasonHasItsWords(t *testing.T) {
	t.Parallel()
	known := reasons(t)
	if len(known) < 200 {
		t.Fatalf("%d reasons: this test reads the code wrongly", len(known))
	}
	for why, name := range known {
		w, worded := wordings[refusal.Reason(why)]
		if !worded || w.sentence == "" || w.sentence != "%s" && !strings.ContainsAny(w.sentence[len(w.sentence)-1:], ".%s") {
			t.Errorf("%s (%s) has the words %q", name, why, w.sentence)
		}
	}
	if len(known) != len(wordings) {
		t.Errorf("%d reasons and %d wordings: two reasons share a name, or a wording has no reason", len(known), len(wordings))
	}
}

// reasons reads the constants of type refusal.Reason, by value.
func reasons(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, dir := range []string{"refusal", "money", "pageparams", "catalog", "reward", "entitlement", "billing", "app"} {
		paths, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok || len(spec.Names) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Reason") || len(spec.Values) != 1 {
					return true
				}
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if other, twice := found[value]; err != nil || twice {
					t.Errorf("%s and %s are called %q", spec.Names[0].Name, other, value)
				}
				found[value] = spec.Names[0].Name
				return true
			})
		}
	}
	return found
}

func TestSentencesNameTheirArguments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err           *refusal.Error
		code, message string
	}{
		{refusal.ErrCustomerNotFound("ada"), "customer_not_found", `Customer "ada" was not found.`},
		{refusal.ErrAlreadyAttached("pro"), "product_already_attached", `Product "pro" is already attached to this customer.`},
		{refusal.ErrStale, "changed_meanwhile", "The customer was changed by another request at the same time. Try again."},
		{&refusal.Error{Reason: "feature_text", Args: []any{&refusal.Phrase{Reason: "text_too_long", Args: []any{refusal.FieldSingular, 200}}}},
			"invalid_feature", "`display.singular` has at most 200 characters."},
		{&refusal.Error{Reason: "amount_too_large", Args: []any{refusal.FieldTierAmount, "5"}, Item: 3},
			"invalid_product_item", "items[2]: a tier's amount can't be above 5."},
		{&refusal.Error{Reason: "reward_name", Args: []any{(*refusal.Phrase)(nil)}}, "invalid_reward", "A reward needs a name."},
	} {
		if code, message := Of(tt.err); code != tt.code || message != tt.message {
			t.Errorf("got %s %q, want %s %q", code, message, tt.code, tt.message)
		}
	}
}

func TestEveryFieldIsSpelled(t *testing.T) {
	t.Parallel()
	for _, f := range []refusal.Field{refusal.FieldName, refusal.FieldGroup, refusal.FieldEmail, refusal.FieldFingerprint, refusal.FieldCheckoutParams,
		refusal.FieldPrice, refusal.FieldTierAmount, refusal.FieldEventNames, refusal.FieldSingular, refusal.FieldPlural} {
		if fields[f] == "" {
			t.Errorf("%s has no name", f)
		}
	}
}
