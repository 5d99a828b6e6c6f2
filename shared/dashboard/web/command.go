package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"windfall/shared/dashboard/ui"
)

// A Command moves money or access, so it takes two steps: what would happen is shown, then confirmed.
//
// Both steps decide as of the moment of the preview, which is Request.Now in all three functions, so that what
// is confirmed is what was shown. If something changed meanwhile, or other fields are sent, nothing is done, and the new
// preview is shown.
type Command struct {
	Path string // "/dashboard/customers/{id}/enable"

	// Show is the form that asks what to do. Without one the preview is the page itself, by GET, and Title
	// its page.
	Show  func(context.Context, *Request) (View, error)
	Title func(context.Context, *Request) (ui.Page, error)

	// Decide says what the command would do, and does nothing. It is called again when it is confirmed.
	Decide func(context.Context, *Request) (Decided, error)

	// Do does it: Request.Caller has the moment and the key of the preview.
	Do func(context.Context, *Request) (Answer, error)

	// Did reports whether this very request was carried out before, for commands that take the key of their
	// caller: App.Did. They are finished by the second click if the first one died. Others are nil: they are
	// done once by the answer that is kept.
	Did func(context.Context, *Request) (bool, error)
}

// A Decided is what a command would do: what is shown, and the decision behind it. Each part that must not change
// until it is confirmed is in the one or the other; Decision is compared as JSON.
type Decided struct {
	ui.Preview
	Decision any
}

// previewed is how long a preview can be confirmed.
const previewed = 10 * time.Minute

const changed = "Something changed since this preview. Nothing was done. Please look again."

var (
	errChanged = Refuse(http.StatusConflict, changed)
	errTooOld  = Refuse(http.StatusConflict, "This preview is more than 10 minutes old. Nothing was done. Please look again.")
)

// Routes are those of the command.
func (c Command) Routes() []Route {
	first := func(ctx context.Context, r *Request) (Answer, error) {
		if c.Show == nil {
			return c.preview(ctx, r, nil)
		}
		v, err := c.Show(ctx, r)
		if err != nil {
			return Answer{}, err
		}
		return Show(v.page(nil)), nil
	}
	return []Route{{Pattern: "GET " + c.Path, Serve: first}, {Pattern: "POST " + c.Path, Serve: c.post, Repeats: true}}
}

func (c Command) post(ctx context.Context, r *Request) (Answer, error) {
	if r.Form.Has("again") && c.Show != nil {
		return again(ctx, r, c.Show, nil, nil)
	}
	if err := tooMuch(r.Form); err != nil && c.Show != nil {
		return again(ctx, r, c.Show, err, nil)
	} else if err != nil {
		return Answer{}, err
	}
	if r.Form.Get("preview") == "" {
		return c.preview(ctx, r, nil)
	}
	if !r.Editor() {
		return Answer{}, errViewer
	}
	return c.confirm(ctx, r)
}

// preview shows what would happen; why tells what became of the one before.
func (c Command) preview(ctx context.Context, r *Request, why error) (Answer, error) {
	d, err := c.Decide(ctx, r)
	if err != nil && c.Show != nil {
		return again(ctx, r, c.Show, err, nil)
	}
	if err != nil {
		return Answer{}, err
	}
	p := d.Preview
	p.Action = r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		p.Action += "?" + r.URL.RawQuery
	}
	p.Sent = append(typed(r.Form), ui.Field{Name: "preview", Value: r.site.sign(r, ticket{At: r.Now, Asked: asked(r), Hash: d.hash(), ID: r.site.app.NewID()})})
	if c.Show != nil {
		return again(ctx, r, c.Show, why, ui.PreviewPart(p))
	}
	page, err := c.Title(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{status: http.StatusOK}
	if why != nil {
		a.status, page.Alert, _ = told(why)
	}
	page.Body = ui.All(ui.PreviewPart(p), page.Body)
	a.page = &page
	return a, nil
}

// confirm does what was previewed, if it is still what would happen.
func (c Command) confirm(ctx context.Context, r *Request) (Answer, error) {
	t, ok := r.site.signed(r, r.Form.Get("preview"))
	if !ok {
		return Answer{}, errForm
	}
	if asked(r) != t.Asked { // also of a preview that was confirmed before: its answer is not that to another question
		return c.again(ctx, r, errChanged)
	}
	now := r.Now
	r.Key, r.Now = "dashboard:"+t.ID, t.At
	if c.Did == nil {
		return r.site.once(ctx, r, now, func() (Answer, error) { return c.checked(ctx, r, t, now) })
	}
	if done, err := c.Did(ctx, r); err != nil {
		return Answer{}, err
	} else if done {
		return c.Do(ctx, r)
	}
	return c.checked(ctx, r, t, now)
}

// checked compares what would happen with what was shown.
func (c Command) checked(ctx context.Context, r *Request, t ticket, now time.Time) (Answer, error) {
	stale := errTooOld
	if age := now.Sub(t.At); age <= previewed && age >= 0 {
		d, err := c.Decide(ctx, r)
		if err == nil && d.hash() == t.Hash {
			return c.Do(ctx, r)
		}
		if status, _, _ := told(err); err != nil && status >= http.StatusInternalServerError {
			return Answer{}, err
		}
		stale = errChanged
	}
	if c.Did != nil { // the first click died on the way, and its operation has ended since
		if done, err := c.Did(ctx, r); err != nil {
			return Answer{}, err
		} else if done {
			return c.Do(ctx, r)
		}
	}
	r.Now, r.Key = now, ""
	return c.again(ctx, r, stale)
}

// again does nothing and shows what would happen now, with the reason.
func (c Command) again(ctx context.Context, r *Request, why error) (Answer, error) {
	r.Form.Del("preview")
	a, err := c.preview(ctx, r, why)
	if err != nil && !errors.Is(err, why) {
		return Answer{}, err
	}
	return a, nil
}
