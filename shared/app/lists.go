package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// Under which ids the history of an environment keeps what is no customer's; those of
// customers begin with "cus_".
const (
	CatalogLog  = "CATALOG" // of features, products, rewards, codes and referral programs
	SettingsLog = "SETTINGS"
	KeysLog     = "KEYS"     // of API keys
	ActivityLog = "ACTIVITY" // of webhooks that were processed again
)

// ListStore is the part of the table with lists for people. They are a moment behind what
// they list. cursor is "" for the first page, and next is "" after the last; any other text
// that no page of the same list gave is invalid_cursor.
type ListStore interface {
	// Actions lists the entries of the audit whose actor is a person in the dashboard,
	// newest first. Two requests.
	Actions(ctx context.Context, env catalog.Env, cursor string, limit int) (page []Action, next string, err error)

	// ListedCodes lists promotion codes and referral codes, newest first. Two requests.
	ListedCodes(ctx context.Context, env catalog.Env, cursor string, limit int) (page []ListedCode, next string, err error)
}

// An Action is what a person did in the dashboard.
type Action struct {
	Of string // internal id of the customer, or CatalogLog, SettingsLog, KeysLog, ActivityLog
	billing.Audit
}

// A ListedCode is a promotion code, or a customer's code in a referral program.
type ListedCode struct {
	Promotion *reward.PromoCode
	Used      int // of the promotion code's reward, by all its codes and purchases
	Referral  *catalog.ReferralCode
}

// MostListed is how many entries a page of ListedCodes has at most.
const MostListed = 50
