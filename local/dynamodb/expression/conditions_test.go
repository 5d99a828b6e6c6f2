package expression

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"windfall/local/dynamodb/attribute"
)

// drawn is a random condition together with what it must evaluate to.
type drawn struct {
	text  string
	truth bool
}

// anyCondition draws conditions over an item whose attribute yes is 1 and whose
// attribute no does not exist, and computes their truth alongside.
func anyCondition(depth int) *rapid.Generator[drawn] {
	return rapid.Custom(func(t *rapid.T) drawn {
		if depth == 0 || rapid.Bool().Draw(t, "leaf") {
			return rapid.SampledFrom([]drawn{
				{"attribute_exists(yes)", true}, {"attribute_not_exists(yes)", false},
				{"attribute_exists(nope)", false}, {"yes = :one", true}, {"yes <> :one", false},
				{"nope <> :one", true}, {"nope = :one", false}, {"yes BETWEEN :one AND :two", true},
				{"yes < :one", false}, {"yes IN (:two, :one)", true}, {"size(many) = :two", true},
			}).Draw(t, "leaf")
		}
		left, right := anyCondition(depth-1).Draw(t, "left"), anyCondition(depth-1).Draw(t, "right")
		switch rapid.IntRange(0, 2).Draw(t, "operator") {
		case 0:
			return drawn{"(" + left.text + ") AND NOT (" + right.text + ")", left.truth && !right.truth}
		case 1:
			return drawn{"(" + left.text + ") or (" + right.text + ")", left.truth || right.truth}
		default:
			return drawn{"NOT (" + left.text + ")", !left.truth}
		}
	})
}

func given123() *Placeholders {
	return &Placeholders{values: []valuePlaceholder{
		{key: ":one", value: attribute.Value{Kind: attribute.Number, Text: "1"}},
		{key: ":two", value: attribute.Value{Kind: attribute.Number, Text: "2"}},
	}}
}

func TestConditionsAreEvaluatedByTheirLogic(t *testing.T) {
	t.Parallel()
	one := attribute.Value{Kind: attribute.Number, Text: "1"}
	it := attribute.Item{{Name: "many", Value: attribute.Value{Kind: attribute.List, Elements: []attribute.Value{one, one}}}, {Name: "yes", Value: one}}
	rapid.Check(t, func(t *rapid.T) {
		want := anyCondition(4).Draw(t, "condition")
		c, _, err := ParseCondition("ConditionExpression", want.text, given123())
		if err != nil {
			if len(want.text) > maxExpressionBytes {
				return
			}
			t.Fatal(err)
		}
		if got := c.Holds(it); got != want.truth {
			t.Fatalf("%s = %v", want.text, got)
		}
	})
}

func TestPrecedenceWithoutParentheses(t *testing.T) {
	t.Parallel()
	yes, no := "attribute_exists(yes)", "attribute_exists(nope)"
	it := attribute.Item{{Name: "yes", Value: attribute.Value{Kind: attribute.Null}}}
	for text, want := range map[string]bool{
		yes + " OR " + yes + " AND " + no:            true,
		no + " AND " + no + " OR " + yes:             true,
		"NOT " + no + " AND " + no:                   false,
		"NOT " + yes + " OR " + yes:                  true,
		"NOT NOT " + yes:                             true,
		"(" + yes + " OR " + yes + ") AND " + no:     false,
		"(" + yes + ") AND (" + yes + ")":            true,
		"((" + no + ") OR (" + yes + ")) AND " + yes: true,
	} {
		c, _, err := ParseCondition("ConditionExpression", text, &Placeholders{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := c.Holds(it); got != want {
			t.Errorf("%s = %v", text, got)
		}
	}
}

// Values of different kinds are never equal, never in order, and never contain
// or begin with each other.
func TestKindsDoNotMix(t *testing.T) {
	t.Parallel()
	it := attribute.Item{
		{Name: "b", Value: attribute.Value{Kind: attribute.Binary, Text: "12"}}, {Name: "n", Value: attribute.Value{Kind: attribute.Number, Text: "12"}}, {Name: "s", Value: attribute.Value{Kind: attribute.String, Text: "12"}},
		{Name: "ss", Value: attribute.Value{Kind: attribute.StringSet, Elements: []attribute.Value{{Kind: attribute.String, Text: "12"}}}},
	}
	for text, want := range map[string]bool{
		"s = n": false, "s = b": false, "s <> n": true, "s < n": false, "s >= b": false, "n BETWEEN s AND b": false, "s IN (n, b)": false,
		"begins_with(s, b)": false, "begins_with(b, s)": false, "begins_with(n, s)": false, "begins_with(s, s)": true,
		"contains(s, b)": false, "contains(s, n)": false, "contains(ss, s)": true, "contains(ss, n)": false, "contains(n, s)": false,
		"size(s) = size(b)": true, "size(n) = size(s)": false,
	} {
		c, _, err := ParseCondition("ConditionExpression", strings.Replace(text, "begins_with(s, s)", "begins_with(s, :s)", 1),
			&Placeholders{values: []valuePlaceholder{{key: ":s", value: attribute.Value{Kind: attribute.String, Text: "1"}}}})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := c.Holds(it); got != want {
			t.Errorf("%s = %v", text, got)
		}
	}
}

func TestConditionsThatAWSRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "   ", "yes", "yes =", "= :one", "yes = :one AND", "yes = :one OR OR yes = :two", "(yes = :one", "yes = :one)",
		"((yes = :one))", "(((yes = :one)))", "yes = 1", "yes = 'x'", "yes == :one", "yes != :one", "yes => :one",
		"yes = :missing", "#missing = :one", "yes BETWEEN :two AND :one", "yes BETWEEN :one", "yes IN ()", "yes IN :one",
		"yes IN (:one,)", "begins_with(yes, :one)", "begins_with(yes)", "contains(yes)", "attribute_exists(:one)",
		"attribute_exists(yes, many)", "attribute_type(yes, :one)", "unknown(yes)", "ATTRIBUTE_EXISTS(yes)", "size(yes)",
		"size(size(yes)) = :one", "yes = yes", "size(yes) = size(yes)", "contains(many, many)", "status = :one", "a.status = :one",
		"_a = :one", "yes. = :one", "yes[ = :one", "yes[a] = :one", "yes[-1] = :one", "yes..a = :one", "# = :one", ": = yes",
		"yes = :one; yes = :one", "NOT", "yes AND :one", "many < size(yes) < :one", strings.Repeat("x", 5000) + " = :one",
		"yes = :one" + strings.Repeat(" OR yes = :one", 301),
		strings.Repeat("NOT ", 400) + "yes = :one", strings.Repeat("a.", 40) + "a = :one",
	} {
		if _, _, err := ParseCondition("ConditionExpression", text, given123()); err == nil {
			t.Errorf("%.80s was accepted", text)
		}
	}
}

func TestUpdatesThatAWSRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "SET", "SET a", "SET a =", "SET a = 1", "SET a = :one,", "SET a = :one b = :two", "a = :one", "PUT a = :one",
		"SET a = :one SET b = :one", "SET a = :one REMOVE b REMOVE c", "SET a = :one, a = :two", "SET a = :one, a.b = :two",
		"SET a.b = :one, a[0] = :two", "SET a = :one REMOVE a", "SET a = b + c + d", "SET a = (b)", "SET a = if_not_exists(b)",
		"SET a = if_not_exists(:one, b)", "SET a = list_append(:one, b)", "SET a = list_append(b)", "SET a = unknown(b, c)",
		"SET a = size(b)", "SET a = list_append(b, c) + :one", "REMOVE :one", "REMOVE", "ADD a b", "ADD a", "ADD a :list", "DELETE a :one",
		"DELETE a b", "SET :one = a", "SET name = :one", "SET a = name", "SET a = :missing",
	} {
		given := given123()
		given.values = append(given.values, valuePlaceholder{key: ":list", value: attribute.Value{Kind: attribute.List}})
		if _, err := ParseUpdate(text, given); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
}
