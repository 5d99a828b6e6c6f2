package dynamo

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

func TestAReadOnlyContextWritesNothing(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	before := db.Dump()
	ctx := app.ReadOnly(t.Context())
	use := app.DebitBatch{Debits: []app.Debit{{FeatureID: "messages", Amount: money.One}}, Now: april}
	for name, write := range map[string]func() error{
		"Commit":       func() error { return s.Commit(ctx, env, app.SaveSettings{}) },
		"BeginRequest": func() error { _, err := s.BeginRequest(ctx, env, "k", "h", april); return err },
		"EndRequest":   func() error { return s.EndRequest(ctx, env, "k", nil, april) },
		"CountWithin": func() error {
			_, err := s.CountWithin(ctx, env, app.Limit{Name: "l", Most: 1, Window: time.Minute}, april)
			return err
		},
		"CountGuess": func() error {
			_, err := s.CountGuess(ctx, env, "c", billing.Guesses{}, april)
			return err
		},
		"Use":    func() error { _, _, err := s.Debit(ctx, env, "c", use); return err },
		"UseAll": func() error { _, _, err := s.UseAll(ctx, env, "c", keyed(use, "k")); return err },
		"SaveUsed": func() error {
			_, _, err := s.SaveUsed(ctx, env, "c", []entitlement.Balance{{FeatureID: "messages"}}, use)
			return err
		},
		"SaveUsageEvents": func() error {
			return s.SaveUsageEvents(ctx, env, app.UsageRecord{ID: "e", CustomerID: "c", Features: []string{"messages"}, At: april})
		},
	} {
		if err := write(); !errors.Is(err, app.ErrReadOnly) {
			t.Errorf("%s: got %v, want %v", name, err, app.ErrReadOnly)
		}
	}
	if db.Dump() != before {
		t.Error("the table was written to")
	}
}

// Every write passes one of two places, which look at the context.
func TestEveryWritePassesTheGuard(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	writes := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		guarded := map[ast.Node]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				guarded[n.Body] = n.Name.Name == "transact"
			case *ast.CallExpr:
				fun, _ := n.Fun.(*ast.SelectorExpr)
				if fun == nil {
					return true
				}
				if fun.Sel.Name == "surely" {
					guarded[n.Args[1]] = true
				}
				on, _ := fun.X.(*ast.SelectorExpr)
				if on == nil || on.Sel.Name != "client" || harmless[fun.Sel.Name] {
					return true
				}
				writes++
				if !within(file, n, guarded) {
					t.Errorf("%s: %s is called outside of surely and transact", name, fun.Sel.Name)
				}
			}
			return true
		})
	}
	if writes < 8 {
		t.Errorf("found %d writes; is the client called by another name?", writes)
	}
}

// harmless are the calls that leave the table as it is. No function has the right to more statements
// than those that select, see template.yaml.
var harmless = map[string]bool{"GetItem": true, "BatchGetItem": true, "Query": true, "ExecuteStatement": true, "Options": true}

// within reports whether a node lies inside one that is guarded.
func within(file *ast.File, node ast.Node, guarded map[ast.Node]bool) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil && guarded[n] && n.Pos() <= node.Pos() && node.End() <= n.End() {
			found = true
		}
		return true
	})
	return found
}
