package operate

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// usersPart lists who may sign in.
func (p pages) usersPart(ctx context.Context, r *web.Request) (templ.Component, error) {
	users, err := p.accounts.Users(ctx)
	if err != nil {
		return nil, err
	}
	t := ui.Table{Caption: "Users", Columns: ui.Columns("E-mail", "Role", "Since", "Password", "Actions"), Empty: "Nobody can sign in yet but by the operator's link."}
	for _, u := range users {
		password := "Chosen"
		if u.Password == "" {
			password = "Not chosen yet"
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(u.Email), ui.T(roleName(u.Role)), ui.DayOf(u.CreatedAt), ui.T(password), ui.Row(
			ui.PostButton("New link for "+u.Email, ui.Path("settings", "users", "link"), ui.Field{Name: "email", Value: u.Email}),
			ui.PostButton("Make "+roleName(other(u.Role))+" of "+u.Email, ui.Path("settings", "users", "role"), ui.Field{Name: "email", Value: u.Email}, ui.Field{Name: "role", Value: string(other(u.Role))}),
			ui.Editors(getButton("Remove "+u.Email, ui.Path("settings", "users", u.Email, "remove"))))})
	}
	var add []ui.Link
	if r.Editor() {
		add = []ui.Link{{Text: "+ User", Href: ui.Path("settings", "users", "new")}}
	}
	return ui.Section("Users", add, ui.TablePart(t)), nil
}

func roleName(r app.Role) string {
	if r == app.Editor {
		return "Editor"
	}
	return "Viewer"
}

func other(r app.Role) app.Role {
	if r == app.Editor {
		return app.Viewer
	}
	return app.Editor
}

var backToSettings = ui.Link{Text: "Back to settings", Href: ui.Path("settings")}

// newUser makes a user, and shows the link by which they choose a password.
func (p pages) newUser() web.FormPage {
	page := ui.Page{Title: "New user", Nav: "Settings", Narrow: true, Back: backToSettings}
	return web.FormPage{
		Path: "/dashboard/settings/users/new",
		Show: func(context.Context, *web.Request) (web.View, error) {
			return web.View{Page: page, Form: ui.Form{Button: "Create", Fields: []ui.Field{
				{Kind: ui.Email, Name: "email", Label: "E-mail", Autocomplete: "off"},
				{Kind: ui.Select, Name: "role", Label: "Role", Value: string(app.Viewer), Options: []ui.Option{{Value: string(app.Viewer), Text: "Viewer"}, {Value: string(app.Editor), Text: "Editor"}},
					Hint: "A viewer sees and previews everything. An editor acts."},
			}}}, nil
		},
		Save: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			token, err := p.accounts.Create(ctx, r.Caller().Actor, r.Value("email"), app.Role(r.Value("role")), r.Now)
			if err != nil {
				return web.Answer{}, web.On("email", err)
			}
			if err := p.noteUser(ctx, r, "create_user", accounts.Address(r.Value("email"))+" may sign in as "+r.Value("role")+"."); err != nil {
				return web.Answer{}, err
			}
			return showLink(r, page, token, "User created."), nil
		},
	}
}

// showLink shows a link to choose a password, this once.
func showLink(r *web.Request, page ui.Page, token, said string) web.Answer {
	page.Title = "Sign-in link"
	page.Body = ui.FieldPart(ui.Field{Kind: ui.Textbox, Name: "link", Label: "Sign-in link", Value: r.Base() + ui.With(ui.Path("welcome"), "token", token),
		Hint: "Send it to them: it is good once, for 30 minutes, and can't be shown again."})
	return web.ShowDone(page, said)
}

func (p pages) newLink(ctx context.Context, r *web.Request) (web.Answer, error) {
	token, err := p.accounts.Link(ctx, r.Value("email"), r.Now)
	if err != nil {
		return web.Answer{}, web.WithLink(err, backToSettings)
	}
	if err := p.noteUser(ctx, r, "make_sign_in_link", "Whoever has the link can choose the password of "+accounts.Address(r.Value("email"))+"."); err != nil {
		return web.Answer{}, err
	}
	return showLink(r, ui.Page{Nav: "Settings", Narrow: true, Back: backToSettings}, token, "Link made."), nil
}

func (p pages) changeRole(ctx context.Context, r *web.Request) (web.Answer, error) {
	if err := p.accounts.ChangeRole(ctx, r.Value("email"), app.Role(r.Value("role")), r.Now); err != nil {
		return web.Answer{}, web.WithLink(err, backToSettings)
	}
	return web.Done(ui.Path("settings"), "Role changed."), p.noteUser(ctx, r, "change_role", accounts.Address(r.Value("email"))+" is "+r.Value("role")+" now.")
}

// removeUser takes a user away.
func (p pages) removeUser() web.Command {
	return web.Command{
		Path: "/dashboard/settings/users/{email}/remove",
		Title: func(context.Context, *web.Request) (ui.Page, error) {
			return ui.Page{Title: "Remove user", Nav: "Settings", Narrow: true, Back: backToSettings}, nil
		},
		Decide: func(ctx context.Context, r *web.Request) (web.Decided, error) {
			var out web.Decided
			users, err := p.accounts.Users(ctx)
			if err != nil {
				return out, err
			}
			for _, u := range users {
				if u.Email == r.Param("email") {
					out.Button, out.Danger, out.Decision = "Confirm remove", true, u.Role
					out.Sentences = []string{u.Email + " can't sign in any more, and is signed out within 10 seconds."}
					return out, nil
				}
			}
			return out, web.NotFound(backToSettings, "There is no user %s.", r.Param("email"))
		},
		Do: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			if err := p.accounts.Remove(ctx, r.Param("email"), r.Now); err != nil {
				return web.Answer{}, web.WithLink(err, backToSettings)
			}
			return web.Done(ui.Path("settings"), "User removed."), p.noteUser(ctx, r, "remove_user", r.Param("email")+" can't sign in any more.")
		},
	}
}

// noteUser keeps who did what to a user, among what was done in the dashboard.
func (p pages) noteUser(ctx context.Context, r *web.Request, action, why string) error {
	return p.attention.NoteUser(ctx, r.Caller(), action, why)
}

// endSession ends another session of who asks.
func (p pages) endSession(ctx context.Context, r *web.Request) (web.Answer, error) {
	mine, err := p.accounts.Sessions(ctx, r.Session.User)
	if err != nil {
		return web.Answer{}, err
	}
	for _, s := range mine {
		if sessionName(s) == r.Value("session") {
			return web.Done(ui.Path("settings"), "Session ended."), p.site.End(ctx, s.Hash)
		}
	}
	return web.Answer{}, web.WithLink(web.Refuse(http.StatusNotFound, "This session has ended."), backToSettings)
}

// sessionName tells sessions of one user apart without what they are stored by.
func sessionName(s app.UserSession) string {
	return strconv.FormatInt(s.Since.UnixMilli(), 36) + "-" + s.Hash[:min(8, len(s.Hash))]
}

func byLatest(a, b app.UserSession) int { return b.SeenAt.Compare(a.SeenAt) }
