package web

import (
	"net/http"
	"strings"

	"windfall/shared/dashboard/ui"
)

// asset serves a file whose content never changes.
func (s *Site) asset(w http.ResponseWriter, r *http.Request) bool {
	name, is := strings.CutPrefix(r.URL.Path, ui.Root+"/assets/")
	if !is || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	f, found := ui.AssetFile(name)
	if !found {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := f.Body
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.Gzip()
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
	return true
}

// smallest is the size in bytes from which a page is compressed.
const smallest = 1400

func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if len(body) >= smallest && takesGzip(r) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		body = ui.Compress(body)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a buffer of the adapter: it can't fail
	}
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		if name, _, _ := strings.Cut(part, ";"); strings.TrimSpace(name) == "gzip" {
			return true
		}
	}
	return false
}
