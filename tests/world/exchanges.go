package world

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// exchangesDir names the folder for the calls and answers of every test, one
// file each: two commits with the same behaviour leave the same files. Nothing
// is recorded without it.
var exchangesDir = os.Getenv("WINDFALL_EXCHANGES")

// randomText matches random text: ids, referral codes, secrets of pages.
var randomText = regexp.MustCompile(`01[0-9A-HJKMNP-TV-Z]{24}|_[0-9A-Za-z]{12,}|"code":"[0-9A-Z]{6}"|[0-9a-f]{32,}|"[A-Za-z0-9_-]{40,}"`)

// An exchanges collects the calls of one test. Calls at the same moment end in
// any order, so the comparison sorts them.
type exchanges struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (e *exchanges) add(r *http.Request, body []byte, a Answer) {
	if exchangesDir == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	line := fmt.Sprintf("%s %s %s -> %d %s %s", r.Method, r.URL.RequestURI(), body, a.Status, a.Header.Get("Content-Type"), a.Text)
	line = randomText.ReplaceAllString(strings.ReplaceAll(line, "\n", `\n`), "…")
	e.text.WriteString(line + "\n")
}

// save writes the exchanges of a test. Worlds of one test share its file.
func (e *exchanges) save(w *World) {
	if exchangesDir == "" || e.text.Len() == 0 {
		return
	}
	name := strings.NewReplacer("/", "~", " ", "_").Replace(w.Name())
	file, err := os.OpenFile(filepath.Join(exchangesDir, name[:min(len(name), 200)]), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		w.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(e.text.Bytes()); err != nil {
		w.Error(err)
	}
}
