package ui

import "github.com/a-h/templ"

// A Page is what one path shows, in the frame that all pages have.
type Page struct {
	Title   string          // the h1, and the beginning of the title
	Nav     string          // which link of the navigation is current: "Customers"
	Tabs    []Link          // navigation Sections; the current one has Current
	Actions []Link          // beside the h1: what leads to forms
	Back    Link            // above the h1; zero is none
	Body    templ.Component // below
	Paging  Paging          // below that
	Alert   Alert           // above all: why the request was refused
	Narrow  bool            // a form alone: its lines are short
}

// A Link leads to an address.
type Link struct {
	Text    string
	Href    string
	Current bool
	Primary bool // the most likely thing to do here
	Dialog  bool // opens in a dialog where JavaScript runs: a page with one form
}

// An Alert says why nothing was done. Field is the label of the field that it is about, and ID
// where it is; both may be "".
type Alert struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	Text      string
	Field, ID string
	Link      Link // a way out; zero is none
}

// Paging leads to the pages before and after; "" is none.
type Paging struct{ Previous, Next string }

// A Frame is what a page is put into.
type Frame struct {
	Page
	Env       string // Sandbox or Live
	Envs      []EnvChoice
	User      string // who is signed in; "" shows neither banner nor navigation
	Viewer    bool
	Here      string // the address of this page, to come back to
	Status    string // what was done: role status
	Nav       []Link
	RequestID string
}

// An EnvChoice is a button of the banner.
type EnvChoice struct {
	Name, Value string
	Current     bool
	Why         string // why it cannot be chosen; "" if it can
}
