package wiring

import (
	"slices"
	"testing"

	"windfall/local/template"
)

// maxRoutes is API Gateway's limit for one HTTP API.
const maxRoutes = 300

func TestEveryRouteHasOneFunction(t *testing.T) {
	p := load(t)
	owner := map[template.Route]string{}
	for _, f := range p.dev.Functions {
		for _, r := range f.Routes {
			if other, taken := owner[r]; taken {
				t.Errorf("template.yaml: route %q belongs to %s and %s; deploying would fail", r, other, f.LogicalID)
			}
			owner[r] = f.LogicalID
		}
	}
	if owner[template.DefaultRoute] == "" {
		t.Error("template.yaml: no function takes $default; unknown routes would get AWS's own 404")
	}
	if len(owner) > maxRoutes {
		t.Errorf("%d routes; API Gateway allows %d", len(owner), maxRoutes)
	}
}

// The template and the code must have the same list of routes.
func TestTheCodeServesTheRoutesOfTheTemplate(t *testing.T) {
	p := load(t)
	for _, folder := range p.folders {
		f, ok := p.dev.Function(folder)
		if !ok {
			continue // reported by TestEveryFolderHasOneResource
		}
		constructor, served := codeRoutes(t, p, folder)
		var deployed []string
		for _, r := range f.Routes {
			deployed = append(deployed, r.String())
		}
		for _, r := range deployed {
			if !slices.Contains(served, r) {
				t.Errorf("template.yaml sends %q to %s, but api.%s does not serve it: add the route there, or remove the event", r, f.LogicalID, constructor)
			}
		}
		for _, r := range served {
			if !slices.Contains(deployed, r) {
				t.Errorf("api.%s serves %q, but no request reaches it: add an HttpApi event to %s in template.yaml", constructor, r, f.LogicalID)
			}
		}
	}
}
