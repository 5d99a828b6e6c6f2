package dashboard_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/tests/world"
)

// A shop is two pages whose only effect is a count: a form of one step, and a command of two.
type shop struct {
	mu    sync.Mutex
	price int
	done  []string // the texts that were done
	last  app.Caller
}

func (s *shop) did(r *web.Request, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.last = append(s.done, what), r.Caller()
}

func (s *shop) routes() []web.Route {
	form := web.FormPage{
		Path: "/dashboard/test/note",
		Show: func(context.Context, *web.Request) (web.View, error) {
			return web.View{Page: ui.Page{Title: "New note", Nav: "Customers"}, Form: ui.Form{Button: "Save", Fields: []ui.Field{
				{Name: "text", Label: "Text", Hint: "What is to be kept."},
				{Kind: ui.Radios, Name: "when", Label: "When", Value: "now", Options: []ui.Option{{Value: "now", Text: "Now"}, {Value: "later", Text: "Later"}}},
				{Kind: ui.Checkbox, Name: "loud", Label: "Loud", Value: "on"},
			}}}, nil
		},
		Save: func(_ context.Context, r *web.Request) (web.Answer, error) {
			if r.Value("text") == "" {
				return web.Answer{}, web.On("text", web.Invalid("Write something."))
			}
			s.did(r, fmt.Sprint(r.Value("text"), " ", r.Value("when"), " ", r.Checked("loud")))
			return web.Done("/dashboard/test/note", "Saved."), nil
		},
	}
	command := web.Command{
		Path: "/dashboard/test/buy/{what}",
		Show: func(_ context.Context, r *web.Request) (web.View, error) {
			return web.View{Page: ui.Page{Title: "Buy " + r.Param("what")}, Form: ui.Form{Button: "Preview", Reads: true, Fields: []ui.Field{{Name: "count", Label: "Count"}}}}, nil
		},
		Decide: func(_ context.Context, r *web.Request) (web.Decided, error) {
			if r.Value("count") == "0" {
				return web.Decided{}, web.On("count", web.Invalid("At least one."))
			}
			total := fmt.Sprintf("$%d.00", s.price)
			return web.Decided{Preview: ui.Preview{Charges: true, Sentences: []string{"It is " + ui.Minute(r.Now) + "."}, Lines: []ui.Line{{Text: r.Param("what"), How: "once", Amount: total}},
				Total: total, Button: "Buy and charge " + total}, Decision: s.price}, nil
		},
		Do: func(_ context.Context, r *web.Request) (web.Answer, error) {
			s.did(r, r.Param("what")+" "+r.Value("count"))
			return web.Done("/dashboard/test/note", "Bought."), nil
		},
	}
	return append(form.Routes(), command.Routes()...)
}

// A form that is refused stays as it was typed, and says why; sent twice it is done once.
func TestDASH02AForm(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	s := &shop{}
	w.Stack.AddPages(s.routes())
	p := b.Get("/dashboard/test/note")
	f := p.Form("New note").Choose("When", "Later").Uncheck("Loud")
	p = f.Press("Save").Refused(http.StatusUnprocessableEntity, "Text: Write something.")
	f = p.Form("New note")
	if f.Value("When") != "later" || f.Values.Has("loud") {
		t.Errorf("what was typed is gone: %v", f.Values)
	}
	f.Fill("Text", "<b>bold</b>")
	f.Press("Save").Said("Saved.")
	f.Press("Save").Said("Saved.")
	if len(s.done) != 1 || s.done[0] != "<b>bold</b> later false" {
		t.Errorf("done: %q", s.done)
	}
	f.Fill("Text", "another").Press("Save").Said("Saved.") // the same page, corrected, is another
	if len(s.done) != 2 || s.last.Actor != "dashboard:local" || s.last.Env != catalog.Sandbox || s.last.RequestKey == "" {
		t.Errorf("done: %q as %+v", s.done, s.last)
	}
	if again := b.Get("/dashboard/test/note"); strings.Contains(again.Words(), "Saved.") || again.Requests != 0 {
		t.Errorf("a page of the frame alone makes %d requests and says: %s", again.Requests, again.Words())
	}
}

// What is confirmed is what was shown, at its moment; what changed is shown again.
func TestDASH03ACommandInTwoSteps(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	s := &shop{price: 20}
	w.Stack.AddPages(s.routes())
	p := b.Get("/dashboard/test/buy/a%20hat")
	p.Form("Buy a hat").Fill("Count", "0").Press("Preview").Refused(http.StatusUnprocessableEntity, "Count: At least one.")
	p = p.Form("Buy a hat").Fill("Count", "2").Press("Preview")
	shown := p.Region("What will happen")
	if !strings.Contains(shown, "It is 1 April 2027, 00:00 UTC.") || p.Row("Charge today", "Total today")["Amount"] != "$20.00" {
		t.Errorf("the preview: %s", shown)
	}
	w.Advance("9m")
	s.price = 30
	p = p.Press("Buy and charge $20.00").Refused(http.StatusConflict, "Something changed since this preview. Nothing was done. Please look again.")
	if len(s.done) != 0 {
		t.Fatalf("done: %q", s.done)
	}
	old := p
	w.Advance("9m")
	p.Press("Buy and charge $30.00").Said("Bought.")
	if p.Press("Buy and charge $30.00").Said("Bought."); len(s.done) != 1 || s.done[0] != "a hat 2" {
		t.Errorf("done: %q", s.done)
	}
	if want := world.T0.Add(9 * 60e9); !s.last.Now.Equal(want) || s.last.RequestKey == "" {
		t.Errorf("it was done as of %s with key %q, want %s", s.last.Now, s.last.RequestKey, want)
	}
	p = b.Get("/dashboard/test/buy/hat").Form("Buy hat").Fill("Count", "1").Press("Preview")
	w.Advance("11m")
	p.Press("Buy and charge $30.00").Refused(http.StatusConflict, "This preview is more than 10 minutes old.")
	f := old.Form("What will happen")
	f.Values.Set("preview", f.Values.Get("preview")+"x")
	f.Press("Buy and charge $30.00").Refused(http.StatusForbidden, "This form has expired. Nothing was done. Reload the page and try again.")
	if len(s.done) != 1 {
		t.Errorf("done: %q", s.done)
	}
}
