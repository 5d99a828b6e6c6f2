package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"
	"sync"
)

//go:embed assets/style.css
var style []byte

//go:embed assets/script.js
var script []byte

//go:embed assets/htmx-2.0.11.min.js
var htmx []byte

//go:embed assets/icon.svg
var icon []byte

// htmxConfig lets htmx do nothing that the policy of the page forbids, and keep nothing. Answers
// that refuse a form are shown, too.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[2345]..","swap":true}]}`

// A StoredFile is an asset: its content never changes under its name.
type StoredFile struct {
	Type string
	Body []byte
	Gzip func() []byte
}

var (
	files = map[string]StoredFile{} // by hashed name
	names = map[string]string{}     // hashed names by names
	kinds = map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
)

func init() {
	for name, body := range map[string][]byte{"style.css": style, "script.js": script, "htmx.js": htmx, "icon.svg": icon} {
		sum := sha256.Sum256(body)
		stem, ext, _ := strings.Cut(name, ".")
		hashed := stem + "-" + hex.EncodeToString(sum[:6]) + "." + ext
		names[name] = Root + "/assets/" + hashed
		files[hashed] = StoredFile{Type: kinds[ext], Body: body, Gzip: sync.OnceValue(func() []byte { return Compress(body) })}
	}
}

// Asset is the address of an asset.
func Asset(name string) string { return names[name] }

// AssetFile finds an asset by its hashed name.
func AssetFile(hashed string) (StoredFile, bool) {
	f, found := files[hashed]
	return f, found
}

// Compress returns a text in gzip.
func Compress(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(text) // into memory: neither can fail
	_ = w.Close()
	return out.Bytes()
}
