// Package accounts has the commands of the dashboard's users: who may sign in, with which password, as what.
//
//	How is a password kept?                       password.go
//	Who signs in, and how often may one try?      sign_in.go
//	How is a password chosen, also a lost one?    welcome.go
//	Who is added, changed, removed?               users.go
package accounts

import (
	"context"
	"net/http"

	"windfall/shared/api"
	"windfall/shared/app"
)

// Accounts carries the commands out.
type Accounts struct {
	Store  app.Accounts
	Random func() [32]byte // as app.App has it
}

// Of are the accounts in the table of an App.
func Of(a *app.App) Accounts {
	store, _ := a.Store.(app.Accounts)
	return Accounts{store, a.Random}
}

func refuse(status int, message string) error {
	return &api.Refusal{Status: status, Code: "dashboard", Message: message}
}

func invalid(message string) error { return refuse(http.StatusUnprocessableEntity, message) }

// Users lists all users.
func (a Accounts) Users(ctx context.Context) ([]app.User, error) { return a.Store.Users(ctx) }
