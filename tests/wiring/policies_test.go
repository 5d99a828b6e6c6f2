package wiring

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"windfall/local/template"
)

// tableActions are the rights for one method of the database client. A
// transaction needs those of its parts; see transactActions.
var tableActions = map[string]string{
	"GetItem": "dynamodb:GetItem", "BatchGetItem": "dynamodb:BatchGetItem", "TransactGetItems": "dynamodb:GetItem",
	"Query": "dynamodb:Query", "PutItem": "dynamodb:PutItem", "UpdateItem": "dynamodb:UpdateItem",
	"DeleteItem": "dynamodb:DeleteItem", "BatchWriteItem": "dynamodb:BatchWriteItem",
	"ExecuteStatement": "dynamodb:PartiQLSelect",
}

var writeActions = []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}

// transactActions are the rights for one part of a transaction.
var transactActions = map[string]string{
	"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem",
	"Delete": "dynamodb:DeleteItem", "ConditionCheck": "dynamodb:ConditionCheckItem",
}

// A function has the rights that its own code may need, and no others. They are
// computed from the code that its main may reach.
func TestRightsToTheTableAreWhatTheCodeDoes(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		granted, needed := grants(f, "Table.Arn"), actionsOf(reach(t, f.Folder))
		for _, action := range needed {
			if !slices.Contains(granted, action) {
				t.Errorf("%s may not do %s, which its code does: add it to its policy in template.yaml", f.LogicalID, action)
			}
		}
		for _, action := range granted {
			if !slices.Contains(needed, action) {
				t.Errorf("%s may do %s, which its code never does: remove it from its policy in template.yaml", f.LogicalID, action)
			}
		}
	}
}

// Functions that only read must not be able to write, however wrong their code
// is.
func TestWhatOnlyReadsHasNoRightToWrite(t *testing.T) {
	p := load(t)
	reads := []string{"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
	for folder, want := range map[string][]string{"events": reads, "unknown_route": nil} {
		f, _ := p.dev.Function(folder)
		if got := grants(f, "Table.Arn"); !slices.Equal(got, want) {
			t.Errorf("%s may do %q, want %q", f.LogicalID, got, want)
		}
	}
}

// A right to write a key's row opens an environment. Only the operator has it, and the dashboard, whose users make keys.
// A function without keys has no right even to read one, and none but the dashboard meets its users.
func TestNoFunctionWritesAKey(t *testing.T) {
	p := load(t)
	leading := func(patterns ...any) map[string]any {
		return map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": patterns}}
	}
	for _, f := range p.dev.Functions {
		environments := leading("sandbox#*", "live#*")
		if f.Folder == "dashboard" {
			environments = leading("sandbox#*", "live#*", "DASHBOARD#*", "KEY#*")
		}
		asksForKeys := slices.ContainsFunc(names(reach(t, f.Folder)), func(name string) bool { return name == "authenticate" }) || f.Folder == "dashboard"
		for _, s := range f.Policies {
			if !slices.Contains(s.Resources, "Table.Arn") {
				continue
			}
			writes := slices.ContainsFunc(s.Actions, func(action string) bool { return slices.Contains(writeActions, action) })
			if (writes || !asksForKeys) && !reflect.DeepEqual(s.Condition, environments) {
				t.Errorf("%s may do %q to rows of keys: give the statement the condition %v", f.LogicalID, s.Actions, environments)
			}
		}
	}
}

// A restored table has the same rights, and no others.
func TestRightsToAnExistingTableAreTheSame(t *testing.T) {
	p := load(t)
	existing, err := template.Load(p.path("template.yaml"), "ExistingTableName=Restored", "ExistingTableStreamArn=Stream")
	if err != nil {
		t.Fatal(err)
	}
	arn := "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${ExistingTableName}"
	for i, f := range p.dev.Functions {
		g := existing.Functions[i]
		for own, other := range map[string]string{"Table.Arn": arn, "${Table.Arn}/index/due": arn + "/index/due", "${Table.Arn}/index/list": arn + "/index/list"} {
			if !slices.Equal(grants(f, own), grants(g, other)) || len(grants(g, own)) > 0 {
				t.Errorf("%s may do %q on %s, and %q on %s", f.LogicalID, grants(f, own), own, grants(g, other), other)
			}
		}
		if f.Stream != "" && g.Stream != "Stream" {
			t.Errorf("%s reads the stream %q of another table than the one in use", g.LogicalID, g.Stream)
		}
	}
	for id, r := range existing.Resources {
		if text := fmt.Sprint(r.Properties); id != "Table" && (strings.Contains(text, "Ref:Table]") || strings.Contains(text, "Table.")) {
			t.Errorf("%s still means the stack's own table: %s", id, text)
		}
	}
	if existing.Resources["Table"].Attributes["Condition"] != "OwnTable" {
		t.Error("template.yaml: Table needs Condition: OwnTable")
	}
}

func TestRightsNameWhatTheyAreFor(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		for _, s := range f.Policies {
			if s.Effect != "Allow" {
				t.Errorf("%s: a statement has the effect %q", f.LogicalID, s.Effect)
			}
			for _, action := range s.Actions {
				if strings.ContainsAny(action, "*{ ") || !strings.Contains(action, ":") {
					t.Errorf("%s: list actions one by one, not %q (SAM's own policies include Scan)", f.LogicalID, action)
				}
				if strings.HasSuffix(action, ":Scan") {
					t.Errorf("%s may scan the table; no request needs more than a Query", f.LogicalID)
				}
				if noScan, _ := s.Condition["BoolIfExists"].(map[string]any); action == "dynamodb:PartiQLSelect" && noScan["dynamodb:FullTableScan"] != "false" {
					t.Errorf("%s may scan the table by a statement: add the condition dynamodb:FullTableScan", f.LogicalID)
				}
			}
			for _, r := range s.Resources {
				if r == "" || strings.Contains(r, "*") {
					t.Errorf("%s: name the one resource, not %q", f.LogicalID, r)
				}
			}
		}
	}
}

// An index is readable by the functions whose code reads it, and read-only.
func TestRightsToIndexes(t *testing.T) {
	p := load(t)
	for _, index := range p.dev.Table.Indexes {
		readers := 0
		for _, f := range p.dev.Functions {
			granted, reads := grants(f, "${Table.Arn}/index/"+index.Name), readsIndex(reach(t, f.Folder), index.Name)
			switch {
			case reads && !slices.Equal(granted, []string{"dynamodb:Query"}):
				t.Errorf("%s reads index %s: let it do dynamodb:Query there, not %q", f.LogicalID, index.Name, granted)
			case !reads && len(granted) > 0:
				t.Errorf("%s may read index %s, which its code does not", f.LogicalID, index.Name)
			case reads:
				readers++
			}
		}
		if readers == 0 {
			t.Errorf("no function reads index %s", index.Name)
		}
	}
}

// grants returns the rights of a function to one resource, sorted.
func grants(f template.Function, resource string) (actions []string) {
	for _, s := range f.Policies {
		if slices.Contains(s.Resources, resource) {
			actions = append(actions, s.Actions...)
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// actionsOf returns the rights that reached code of package dynamo needs.
func actionsOf(reached map[types.Object]ast.Node) (actions []string) {
	for o, body := range reached {
		if o.Pkg().Path() != module+"shared/dynamo" {
			continue
		}
		for name := range selectors(body, "dynamodb") {
			if action, ok := tableActions[strings.TrimSuffix(name, "Input")]; ok {
				actions = append(actions, action)
			}
		}
		for name := range selectors(body, "types") {
			if action, ok := transactActions[name]; ok {
				actions = append(actions, action)
			}
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// readsIndex reports whether reached code of package dynamo queries an index:
// by its name, or by a variable that lists it.
func readsIndex(reached map[types.Object]ast.Node, index string) bool {
	exactly := regexp.MustCompile("^" + index + "$")
	lists := map[string]bool{}
	for o, body := range reached {
		if _, is := o.(*types.Var); is && len(texts(body, exactly)) > 0 {
			lists[o.Name()] = true
		}
	}
	for o, body := range reached {
		if o.Pkg().Path() != module+"shared/dynamo" {
			continue
		}
		if _, is := o.(*types.Func); is && (selectors(body, "dynamodb")["QueryInput"] && len(texts(body, exactly)) > 0 || queries(body, lists)) {
			return true
		}
	}
	return false
}

// queries reports whether code calls Query and uses one of the variables.
func queries(body ast.Node, variables map[string]bool) bool {
	called, used := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			called = called || n.Sel.Name == "Query"
		case *ast.Ident:
			used = used || variables[n.Name]
		}
		return true
	})
	return called && used
}

func names(reached map[types.Object]ast.Node) (all []string) {
	for o := range reached {
		all = append(all, o.Name())
	}
	return all
}
