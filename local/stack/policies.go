package stack

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"windfall/local/dynamodb"
	"windfall/local/template"
)

// functionIdentity begins the access key of a function's process.
const functionIdentity = "function."

// policies are the rights of each function to the table, from template.yaml.
// The database refuses everything else, so a call that AWS would refuse fails
// in every test that makes it. Requests without a function (the AWS command
// line on a laptop, the stack itself) may do everything.
type policies map[string]dynamodb.Permit

// A grant is one statement: actions on the table or an index, for partitions
// with certain prefixes.
type grant struct {
	actions, resources []string
	partitions         []string // prefixes; none means all
}

const databaseAction = "dynamodb:"

func tablePolicies(t *template.Template) (policies, error) {
	all := policies{}
	for _, f := range t.Functions {
		var grants []grant
		for _, s := range f.Policies {
			if !slices.ContainsFunc(s.Actions, func(a string) bool { return strings.HasPrefix(a, databaseAction) }) {
				continue
			}
			partitions, err := leadingKeys(s)
			if err != nil {
				return nil, fmt.Errorf("template.yaml: policy of %s: %w", f.LogicalID, err)
			}
			grants = append(grants, grant{s.Actions, s.Resources, partitions})
		}
		all[f.Folder] = func(a dynamodb.Access) bool {
			return slices.ContainsFunc(grants, func(g grant) bool { return g.allows(a) })
		}
	}
	return all, nil
}

// noFullScan is a condition that the database here always meets: the only statement that it
// knows names partitions.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
var noFullScan = map[string]any{"BoolIfExists": map[string]any{"dynamodb:FullTableScan": "false"}}

// leadingKeys reads the only other condition supported here. Any other is an error:
// ignoring it would prove nothing.
func leadingKeys(s template.Statement) ([]string, error) {
	if s.Effect != "Allow" {
		return nil, fmt.Errorf("the effect %q is not supported here", s.Effect)
	}
	if len(s.Condition) == 0 || reflect.DeepEqual(s.Condition, noFullScan) {
		return nil, nil
	}
	like, _ := s.Condition["ForAllValues:StringLike"].(map[string]any)
	patterns, _ := like["dynamodb:LeadingKeys"].([]any)
	if len(s.Condition) != 1 || len(like) != 1 || len(patterns) == 0 {
		return nil, fmt.Errorf("the condition %v is not supported here", s.Condition)
	}
	var prefixes []string
	for _, p := range patterns {
		prefix, ok := strings.CutSuffix(fmt.Sprint(p), "*")
		if !ok || strings.ContainsAny(prefix, "*?$") {
			return nil, fmt.Errorf("the pattern %v is not supported here: only text with * at its end", p)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes, nil
}

func (g grant) allows(a dynamodb.Access) bool {
	resource := "Table.Arn"
	if a.Index != "" {
		resource = "${Table.Arn}/index/" + a.Index
	}
	return slices.Contains(g.resources, resource) &&
		slices.ContainsFunc(g.actions, func(action string) bool { return strings.TrimPrefix(action, databaseAction) == a.Action }) &&
		(len(g.partitions) == 0 || slices.ContainsFunc(g.partitions, func(p string) bool { return strings.HasPrefix(a.Partition, p) }))
}

// of returns the permit of the function that sends a request: in this process
// by its invocation, and for a process of its own by its access key.
func (p policies) of(r *http.Request) dynamodb.Permit {
	if invocation, ok := lambdacontext.FromContext(r.Context()); ok {
		arn := invocation.InvokedFunctionArn
		return p.named(arn[strings.LastIndexByte(arn, ':')+1:])
	}
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	identity, _, _ := strings.Cut(credential, "/")
	if function, ok := strings.CutPrefix(identity, functionIdentity); ok {
		return p.named(function)
	}
	return nil
}

// named is the permit of a function; an unknown one may do nothing.
func (p policies) named(function string) dynamodb.Permit {
	if permit := p[function]; permit != nil {
		return permit
	}
	return func(dynamodb.Access) bool { return false }
}
