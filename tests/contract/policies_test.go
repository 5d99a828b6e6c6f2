package contract

import (
	"slices"
	"strings"
	"testing"

	"windfall/local/template"
)

// tableActions are the rights that one method of the database client needs.
// A transaction needs those of what is in it; see transactActions.
var tableActions = map[string]string{
	"GetItem": "dynamodb:GetItem", "BatchGetItem": "dynamodb:BatchGetItem", "TransactGetItems": "dynamodb:GetItem",
	"Query": "dynamodb:Query", "PutItem": "dynamodb:PutItem", "UpdateItem": "dynamodb:UpdateItem",
	"DeleteItem": "dynamodb:DeleteItem", "BatchWriteItem": "dynamodb:BatchWriteItem",
}

// transactActions are the rights that one part of a transaction needs.
var transactActions = map[string]string{
	"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem",
	"Delete": "dynamodb:DeleteItem", "ConditionCheck": "dynamodb:ConditionCheckItem",
}

// Nothing on a laptop checks rights, so a missing one would show in AWS alone.
// Any function that meets a customer may create or claim one, and so needs
// all that package dynamo does to the table, and nothing else.
func TestRightsToTheTableAreWhatTheCodeDoes(t *testing.T) {
	p := load(t)
	needed := actionsOf(t, p)
	for _, f := range p.dev.Functions {
		granted := grants(f, "Table.Arn")
		if f.Folder == "unknown_route" {
			if len(granted) > 0 {
				t.Errorf("%s answers without reading anything: remove %q from its policy", f.LogicalID, granted)
			}
			continue
		}
		for _, action := range needed {
			if !slices.Contains(granted, action) {
				t.Errorf("%s may not do %s, which shared/dynamo does: add it to its policy in template.yaml", f.LogicalID, action)
			}
		}
		for _, action := range granted {
			if !slices.Contains(needed, action) {
				t.Errorf("%s may do %s, which shared/dynamo never does: remove it from its policy in template.yaml", f.LogicalID, action)
			}
		}
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
			}
			for _, r := range s.Resources {
				if r == "" || strings.Contains(r, "*") {
					t.Errorf("%s: name the one resource, not %q", f.LogicalID, r)
				}
			}
		}
	}
}

// An index is read by one function, and only read.
func TestRightsToIndexes(t *testing.T) {
	p := load(t)
	readers := map[string]string{"due": "close_periods", "list": "customers",
		"customer_ids": "customers", "customer_emails": "customers", "customer_names": "customers"}
	for _, index := range p.dev.Table.Indexes {
		reader, known := readers[index.Name]
		if !known {
			t.Errorf("index %s has no reader: name its function in TestRightsToIndexes, and let it query the index", index.Name)
		}
		for _, f := range p.dev.Functions {
			granted := grants(f, "${Table.Arn}/index/"+index.Name)
			if f.Folder == reader && !slices.Equal(granted, []string{"dynamodb:Query"}) {
				t.Errorf("%s reads index %s: let it do dynamodb:Query there, not %q", f.LogicalID, index.Name, granted)
			}
			if f.Folder != reader && len(granted) > 0 {
				t.Errorf("%s may read index %s, which is for %s", f.LogicalID, index.Name, reader)
			}
		}
	}
}

// grants returns what a function may do to one resource, sorted.
func grants(f template.Function, resource string) (actions []string) {
	for _, s := range f.Policies {
		if slices.Contains(s.Resources, resource) {
			actions = append(actions, s.Actions...)
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// actionsOf returns the rights that package dynamo needs, read from its code.
func actionsOf(t *testing.T, p *project) (actions []string) {
	t.Helper()
	for _, file := range parse(t, p.path("shared", "dynamo")) {
		for name := range selectors(file, "dynamodb") {
			if action, ok := tableActions[strings.TrimSuffix(name, "Input")]; ok {
				actions = append(actions, action)
			}
		}
		for name := range selectors(file, "types") {
			if action, ok := transactActions[name]; ok {
				actions = append(actions, action)
			}
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}
