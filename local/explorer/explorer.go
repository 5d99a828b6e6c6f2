// Package explorer serves openapi.yaml, and a page at /docs that shows it and
// tries its calls. It is not deployed. The page is Swagger UI, which is embedded:
// no request leaves the machine.
package explorer

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"windfall"
	"windfall/local/stripesim/pages"
)

//go:embed swagger-ui/swagger-ui-bundle.js swagger-ui/swagger-ui.css swagger-ui/LICENSE swagger-ui/NOTICE swagger-ui/swagger-ui-bundle.js.LICENSE.txt
var files embed.FS

// Serves reports whether a path is of this package.
func Serves(path string) bool {
	return path == "/openapi.yaml" || path == "/docs" || strings.HasPrefix(path, "/docs/")
}

// New returns the page for the API at an address, with a key to try calls with.
func New(base, key string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		send(w, "application/yaml; charset=utf-8", bytes.Replace(windfall.OpenAPI, []byte(documented), []byte(base), 1))
	})
	script := fmt.Sprintf(start, quoted(key))
	page := []byte(fmt.Sprintf(source, script))
	policy := "default-src 'none'; script-src 'self' '" + pages.Hash(script) + "'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		send(w, "text/html; charset=utf-8", page)
	})
	for name, kind := range map[string]string{"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "LICENSE": "text/plain", "NOTICE": "text/plain", "swagger-ui-bundle.js.LICENSE.txt": "text/plain"} {
		mux.HandleFunc("GET /docs/"+name, func(w http.ResponseWriter, _ *http.Request) {
			text, _ := files.ReadFile("swagger-ui/" + name) // it is embedded
			send(w, kind+"; charset=utf-8", text)
		})
	}
	return mux
}

// documented is the address of the local stack in openapi.yaml.
const documented = "http://127.0.0.1:8787"

func send(w http.ResponseWriter, kind string, body []byte) {
	for name, value := range map[string]string{"Content-Type": kind, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		w.Header().Set(name, value)
	}
	_, _ = w.Write(body) // an error means that the caller is gone
}

// quoted is a text as a script has it. JSON escapes what would end the script.
func quoted(text string) string {
	out, _ := json.Marshal(text) // a text: it can't fail
	return string(out)
}

const source = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Windfall: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>%s</script>
</body>
</html>
`

const start = `
const ui = SwaggerUIBundle({
  url: '/openapi.yaml', dom_id: '#api', validatorUrl: null, deepLinking: true, tryItOutEnabled: true, defaultModelsExpandDepth: 0, docExpansion: 'none', filter: true,
  onComplete: () => ui.preauthorizeApiKey('secretKey', %s),
})
`
