// Package pages renders the hosted pages: checkout, portal and invoice. Pages
// carry their own style and load nothing from elsewhere.
package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"time"
)

//go:embed style.css
var style string

//go:embed *.html
var sources embed.FS

var all = template.Must(template.New("").Funcs(Funcs).ParseFS(sources, "*.html"))

// Funcs let a template of another package use the style, and write moments alike.
var Funcs = template.FuncMap{"style": func() template.CSS { return template.CSS(style) }, "minute": Minute}

// Style is the one style of all pages, for policies that allow it.
func Style() string { return style }

// Policy is the content security policy of a page: the style inside it, and
// nothing from elsewhere. It leaves form-action out because browsers hold the
// redirect after a payment, which leads to the shop, against it.
var Policy = "default-src 'none'; style-src '" + Hash(style) + "'; base-uri 'none'; frame-ancestors 'none'"

// Hash is how a policy names a text inside the page.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Frame is what all pages have.
type Frame struct {
	Title string
	Shop  string // the seller's name
	Home  string // the start page of the local stack, "" without one
}

// Day is a date as every page writes it.
func Day(at time.Time) string { return at.UTC().Format("2 January 2006") }

// Minute is a moment as every page writes it.
func Minute(at time.Time) string { return at.UTC().Format("2 January 2006, 15:04") }

// Missing is the page for an address that stands for nothing.
type Missing struct{ Frame }

// Render writes a page of this package.
func Render(page any) []byte {
	var out bytes.Buffer
	if err := all.ExecuteTemplate(&out, templateOf(page), page); err != nil {
		return []byte("page error: " + template.HTMLEscapeString(err.Error()))
	}
	return out.Bytes()
}

func templateOf(page any) string {
	switch page.(type) {
	case Checkout:
		return "checkout.html"
	case Done:
		return "done.html"
	case Challenge:
		return "challenge.html"
	case Portal:
		return "portal.html"
	case Invoice:
		return "invoice.html"
	}
	return "missing.html"
}
