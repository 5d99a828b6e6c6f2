package wiring

import (
	"slices"
	"testing"

	"windfall/shared/api/endpoints"
	"windfall/shared/app"
	"windfall/shared/dashboard"
)

// endpoints.Functions lists the functions of a laptop, and the dashboard is beside them; they must be every
// function with its deployed routes.
func TestTheLaptopRunsWhatIsDeployed(t *testing.T) {
	p := load(t)
	served := endpoints.Routes()
	served["dashboard"] = dashboard.Dashboard(&app.App{}).Routes()
	for _, f := range p.dev.Functions {
		routes, listed := served[f.Folder]
		if !listed && len(f.Routes) > 0 {
			t.Errorf("a laptop does not run %s: add it to Functions in shared/api/endpoints/functions.go", f.Folder)
			continue
		}
		var deployed []string
		for _, r := range f.Routes {
			deployed = append(deployed, r.String())
		}
		slices.Sort(deployed)
		slices.Sort(routes)
		if !slices.Equal(deployed, routes) {
			t.Errorf("%s serves %q on a laptop and %q in AWS: shared/api and template.yaml differ", f.Folder, routes, deployed)
		}
	}
	for folder := range served {
		if !slices.Contains(p.folders, folder) {
			t.Errorf("shared/api/endpoints/functions.go lists %s, which is no folder of functions/", folder)
		}
	}
}
