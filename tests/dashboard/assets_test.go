package dashboard_test

import (
	"net/http"
	"regexp"
	"testing"

	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// What a browser loads at first, compressed, is small; it is kept for good under names that change with it.
func TestDASH13ColdLoad(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	dashboard.Fill(w)
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	gzip := func(r *http.Request) { r.Header.Set("Accept-Encoding", "br, gzip") }
	const most, mostOfScript = 100_000, 4096
	page := b.Raw(http.MethodGet, "/dashboard", nil)
	total := b.Raw(http.MethodGet, "/dashboard", nil, gzip).Body.Len()
	assets := regexp.MustCompile(`/dashboard/assets/([a-z]+)-[0-9a-f]{12}\.(css|js|svg)`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(assets) != 4 {
		t.Fatalf("the page loads %d files", len(assets))
	}
	for _, a := range assets {
		plain, packed := b.Raw(http.MethodGet, a[0], nil), b.Raw(http.MethodGet, a[0], nil, gzip)
		if plain.Code != http.StatusOK || packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %d %v", a[0], plain.Code, packed.Header())
		}
		if a[1] == "script" && plain.Body.Len() > mostOfScript {
			t.Errorf("our script has %d bytes", plain.Body.Len())
		}
		t.Logf("%s: %d bytes, %d compressed", a[0], plain.Body.Len(), packed.Body.Len())
		total += packed.Body.Len()
	}
	t.Logf("in all %d bytes", total)
	if total > most {
		t.Errorf("a cold load is %d bytes, at most %d", total, most)
	}
	if a := b.Raw(http.MethodGet, "/dashboard/assets/style-000000000000.css", nil); a.Code == http.StatusOK {
		t.Error("a file that is not there is answered")
	}
}
