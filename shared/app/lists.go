package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/reward"
)

// Under which ids the history of an environment keeps what is no customer's; those of
// customers begin with "cus_".
const (
	CatalogLog  = "CATALOG" // of features, products, rewards, codes and referral programs
	SettingsLog = "SETTINGS"
	KeysLog     = "KEYS"     // of API keys
	ActivityLog = "ACTIVITY" // of webhooks that were processed again
	UsersLog    = "USERS"    // of who may sign in to the dashboard
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

	// ListedCodesOf lists the promotion codes of a reward by its internal id, in the order
	// of RewardStore.CodesOf. Two requests.
	ListedCodesOf(ctx context.Context, env catalog.Env, rewardID, cursor string, limit int) (page []ListedCode, next string, err error)

	// CodesNamed reads promotion codes by their rewards, texts and customers, and referral codes
	// by their texts, at most MostListed. Those that are not there, or have lost their text, are
	// missing from the result. One request.
	CodesNamed(ctx context.Context, env catalog.Env, referrals []string, codes ...reward.PromoCode) ([]ListedCode, error)

	// ProgramsStats is ProgramStats of several programs: one request for each six.
	ProgramsStats(ctx context.Context, env catalog.Env, programIDs ...string) (map[string]referral.Stats, error)
}

// A RewardCount is how often a reward was used, and how many codes it was given.
type RewardCount struct {
	Used    int
	Counted bool     // else the reward is of before codes were counted
	Codes   int      // ever made
	First   []string // texts of the first ones, at most MostNamed
}

// MostNamed is how many codes are named where a reward is one of a list.
const MostNamed = 3

// CodesMade are new codes of a reward, and what was counted before them.
type CodesMade struct {
	Texts  []string
	Before RewardCount
}

// First is what the first codes are with them.
func (m CodesMade) First() []string {
	all := slices.Concat(m.Before.First, m.Texts)
	return all[:min(len(all), MostNamed)]
}

// An Action is what a person did in the dashboard.
type Action struct {
	Of         string // internal id of the customer, or CatalogLog, SettingsLog, KeysLog, ActivityLog, UsersLog
	Name, Path string // of the customer at that time, and where their page is for ever; "" of entries from before they were kept
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
