package template

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A Function is one Lambda: one folder in functions/.
type Function struct {
	LogicalID   string // RedeemReferralFunction
	Folder      string // redeem_referral
	Timeout     time.Duration
	Memory      int      // MB
	Env         []string // names of its variables, sorted
	Routes      []Route  // sorted; empty for a function without HTTP
	Schedule    string   // like "rate(5 minutes)"; empty for HTTP functions
	Stream      string   // its table, as "Table.StreamArn"; empty for others
	Policies    []Statement
	LogGroup    string // logical id of its own log group; empty when it has none
	BuildMethod string // "makefile"
}

// A Route is a route of the HTTP API to a function. The $default route has no
// method and the path "$default".
type Route struct{ Method, Path string }

// DefaultRoute is the route of every request that no other route takes.
var DefaultRoute = Route{Path: "$default"}

// String returns the route key as AWS writes it: "POST /v1/attach".
func (r Route) String() string { return strings.TrimSpace(r.Method + " " + r.Path) }

// A Statement is one part of a function's policy.
type Statement struct {
	Effect    string   // Allow
	Actions   []string // like dynamodb:GetItem
	Resources []string // "Table.Arn", "${Table.Arn}/index/due", "StripeSecret"
	Condition map[string]any
}

const functionType = "AWS::Serverless::Function"

func functions(globals map[string]any, all map[string]Resource) ([]Function, error) {
	var list []Function
	for id, r := range all {
		if r.Type != functionType {
			continue
		}
		f, err := function(id, r, globals)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Function) int { return cmp.Compare(a.Folder, b.Folder) })
	return list, nil
}

func function(id string, r Resource, globals map[string]any) (Function, error) {
	f := Function{
		LogicalID:   id,
		Folder:      folder(id),
		Timeout:     asSeconds(cmp.Or(r.Properties["Timeout"], globals["Timeout"])),
		Memory:      asInt(cmp.Or(r.Properties["MemorySize"], globals["MemorySize"])),
		LogGroup:    reference(asMap(r.Properties["LoggingConfig"])["LogGroup"]),
		BuildMethod: asString(asMap(r.Attributes["Metadata"])["BuildMethod"]),
		Env:         slices.Sorted(maps.Keys(variables(globals, r.Properties))),
		Policies:    statements(r.Properties["Policies"]),
	}
	for name, raw := range asMap(r.Properties["Events"]) {
		event := asMap(raw)
		properties := asMap(event["Properties"])
		switch kind := asString(event["Type"]); kind {
		case "HttpApi":
			f.Routes = append(f.Routes, route(properties))
		case "ScheduleV2":
			f.Schedule = asString(properties["ScheduleExpression"])
		case "DynamoDB":
			f.Stream = reference(properties["Stream"])
		default:
			return Function{}, fmt.Errorf("event %s: no support for type %q", name, kind)
		}
	}
	slices.SortFunc(f.Routes, func(a, b Route) int { return cmp.Compare(a.String(), b.String()) })
	return f, nil
}

func route(properties map[string]any) Route {
	path := asString(properties["Path"])
	if path == "" || path == DefaultRoute.Path {
		return DefaultRoute // as SAM does for an event without path and method
	}
	return Route{Method: strings.ToUpper(asString(properties["Method"])), Path: path}
}

func variables(scopes ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, s := range scopes {
		maps.Copy(all, asMap(asMap(s["Environment"])["Variables"]))
	}
	return all
}

func statements(policies any) []Statement {
	list, _ := policies.([]any)
	var out []Statement
	for _, policy := range list {
		parts, ok := asMap(policy)["Statement"].([]any)
		if !ok { // a SAM policy template or a managed policy: kept, so that tests see it
			out = append(out, Statement{Effect: "Allow", Actions: []string{fmt.Sprint(policy)}})
		}
		for _, part := range parts {
			s := asMap(part)
			out = append(out, Statement{
				Effect:    asString(s["Effect"]),
				Actions:   asStrings(s["Action"]),
				Resources: references(s["Resource"]),
				Condition: asMap(s["Condition"]),
			})
		}
	}
	return out
}

func references(v any) []string {
	list, ok := v.([]any)
	if !ok {
		return []string{reference(v)}
	}
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = reference(item)
	}
	return out
}

// folder turns RedeemReferralFunction into redeem_referral.
func folder(logicalID string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(logicalID, "Function") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
