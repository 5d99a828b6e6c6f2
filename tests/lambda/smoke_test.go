// Package lambda runs a story through the functions as deployed: each a
// bootstrap binary of its own, with a Lambda Runtime API.
package lambda

import (
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/local/template"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// maxBinary is the size limit of check and track: they are called on every
// request of an application, also after a cold start.
const maxBinary = 9_000_000

// maxDashboard is the size limit of the dashboard, which links every command: 13 MB as it is deployed, for arm64. Code for
// amd64 is a tenth larger.
var maxDashboard = map[string]int64{"arm64": 13_000_000, "amd64": 14_600_000}[runtime.GOARCH]

func TestTheStoryThroughBuiltBinaries(t *testing.T) {
	t.Parallel()
	w := onBinaries(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "booster", "promo_codes": []any{}})
	w.Post("/v1/reward_programs", JSON{"id": "invite", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"})

	w.HasBalance("ada", "messages", true, 100)
	page := w.Attach("ada", "pro")["checkout_url"].(string)
	w.HasProducts("ada", "free active")
	w.Pay(page)
	w.HasProducts("ada", "pro active")
	w.Billed("ada", 2000)
	for range 3 {
		w.Track("ada", "messages", 1)
	}
	w.HasBalance("ada", "messages", true, 497)
	w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "ada", "product_id": "pro"})

	code := w.Post("/v1/referrals/code", JSON{"customer_id": "ada", "program_id": "invite"})["code"]
	w.Post("/v1/customers", JSON{"id": "bob"})
	w.Want("redemption applied", w.Post("/v1/referrals/redeem", JSON{"customer_id": "bob", "code": code})["applied"], true)
	w.HasBalance("bob", "messages", true, 200)
	w.HasBalance("ada", "messages", true, 597)

	w.Advance("1 month") // the schedule runs, too
	w.HasBalance("ada", "messages", true, 600)
	if a := w.Do(w.Stack.Key, "GET", "/v1/nothing", nil); a.Status != 404 || a.Body["code"] != "route_not_found" {
		t.Errorf("an unknown route: %d %s", a.Status, a.Text)
	}
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	b.Get("/dashboard").Titled("Overview")
	b.Get("/dashboard/customers").Says("ada", "bob")
	preview := b.Get("/dashboard/customers/bob/enable").Form("Enable product").Choose("Product", "pro").Choose("Payment", "Send an invoice").Press("Preview")
	preview.Press("Enable pro and send an invoice of $20.00").Said("pro enabled.")
	w.WaitIdle()
	w.HasProducts("bob", "booster active", "pro active")
	for name, s := range w.Stack.Processes.Stats() {
		if len(s.Inits) == 0 {
			continue
		}
		slices.Sort(s.Inits)
		t.Logf("%-18s %5.2f MB  init %5.1f ms (median of %d)", name, float64(s.BinaryBytes)/(1<<20),
			float64(s.Inits[len(s.Inits)/2])/float64(time.Millisecond), len(s.Inits))
		if (name == "check" || name == "track") && s.BinaryBytes > maxBinary {
			t.Errorf("%s has %d bytes, the most is %d", name, s.BinaryBytes, maxBinary)
		}
		if name == "dashboard" && maxDashboard > 0 && s.BinaryBytes > maxDashboard {
			t.Errorf("%s has %d bytes, the most is %d", name, s.BinaryBytes, maxDashboard)
		}
	}
}

// onBinaries builds every function and returns a world that runs them. They
// reach the database and Stripe over loopback, so the stack listens.
func onBinaries(t *testing.T) *World {
	t.Helper()
	root, err := template.Find()
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "make", "-s", "binaries")
	build.Dir = filepath.Dir(root)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make binaries: %v\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := With(t, stack.Options{BaseURL: "http://" + listener.Addr().String(), Binaries: filepath.Join(build.Dir, ".local", "build")})
	server := &http.Server{Handler: w.Stack, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return w
}
