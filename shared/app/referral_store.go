package app

import (
	"context"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// ReferralStore is the part of the table that holds referral codes and redemptions.
type ReferralStore interface {
	// ReferralCode reads a code by its text; found is false for an unknown one.
	ReferralCode(ctx context.Context, env catalog.Env, code string) (c catalog.ReferralCode, found bool, err error)

	// ReferralCodeOf reads a customer's code in a program.
	ReferralCodeOf(ctx context.Context, env catalog.Env, key, programID string) (c catalog.ReferralCode, found bool, err error)

	// Redeemed reports whether a customer has redeemed in a program.
	Redeemed(ctx context.Context, env catalog.Env, programID, internalID string) (bool, error)

	// Redemption reads a redemption by its id.
	Redemption(ctx context.Context, env catalog.Env, id string) (r referral.Redemption, found bool, err error)

	// Redemptions lists redemptions, newest first. cursor is "" for the first page, and
	// next is "" after the last; any other text that no page of the same list gave is
	// invalid_cursor. Two requests: which there are, and how each of them stands. A
	// redemption that moves in between may be missing from a list by status, or come
	// although it has another one by now.
	Redemptions(ctx context.Context, env catalog.Env, of RedemptionsOf, cursor string, limit int) (page []referral.Redemption, next string, err error)

	// Brought lists the referral codes that a customer, by the internal id, redeemed: one
	// per program. The history keeps it, also of a customer who is gone.
	Brought(ctx context.Context, env catalog.Env, internalID string) ([]Brought, error)

	// Closing reads what is to be closed of a deleted program or customer.
	Closing(ctx context.Context, env catalog.Env, of string) (c CloseProgram, found bool, err error)

	// ProgramStats adds up what the redemptions of a program have come to.
	ProgramStats(ctx context.Context, env catalog.Env, programID string) (referral.Stats, error)
}

// RedemptionsOf says which redemptions are listed: those of one customer, as the
// referrer or the redeemer, else those of one program, else those in one status, else
// all.
type RedemptionsOf struct {
	CustomerID string // internal id
	ProgramID  string // internal id
	Status     referral.Status
}

// Brought is one redemption of a customer as the redeemer.
type Brought struct{ ProgramID, RedemptionID, ReferrerInternalID string }

// Writes of referral programs, codes and redemptions.
type (
	// SaveProgram puts a referral program, if it is at the version that it was read
	// at; 0 must not exist.
	SaveProgram struct{ Program catalog.ReferralProgram }

	// DeleteProgram removes a referral program.
	DeleteProgram struct{ ID string }

	// NewReferralCode files a code under its text and under its owner and
	// program; neither may be taken.
	NewReferralCode struct{ Code catalog.ReferralCode }

	// MoveReferralCode files a code under its owner's new key.
	MoveReferralCode struct{ Code catalog.ReferralCode }

	// SetReferralCode deactivates a code or activates it again. The code is as it is filed
	// under its owner.
	SetReferralCode struct{ Code catalog.ReferralCode }

	// CountRedemption takes places of a code's limit, below Max (0 is no limit), or
	// gives some back. With Recent it also keeps when the code was redeemed, if that
	// is still as it was read.
	CountRedemption struct {
		Code           string
		Places, Max    int
		Recent, Before []time.Time
	}

	// CountProgram adds to what a program has come to. Of names the part of the count
	// that takes it.
	CountProgram struct {
		ProgramID, Of string
		Stats         referral.Stats
	}

	// NewRedemption files the redemption of a referral code; the redeemer must not have
	// redeemed in the program before.
	NewRedemption struct{ Redemption referral.Redemption }

	// NewCodeRedemption files the redemption of a promotion code.
	NewCodeRedemption struct{ Redemption referral.Redemption }

	// SaveRedemption puts a redemption that must be at the version that it was read at.
	SaveRedemption struct{ Redemption referral.Redemption }

	// OpenRedemption files a redemption with the redeemer, whose purchase it
	// waits for, or with Again one that waits there already. Due is when the sweep
	// looks at it; zero is never.
	OpenRedemption struct {
		Key        string // of the customer
		Redemption referral.Redemption
		Again      bool
		Due        time.Time
	}

	// CloseRedemption removes that row, which must still be there.
	CloseRedemption struct{ Key, ID string }

	// CloseProgram has the sweep close the redemptions that wait in a program which
	// is deleted, or those of a customer who is: Of is the internal id. Cursor is how far
	// it came; "" begins. Left says that some before could not be closed, so that it
	// begins again after the last.
	CloseProgram struct {
		Of       string
		Customer bool
		Cursor   string
		Left     bool
		Due      time.Time
	}

	// ProgramClosed ends that.
	ProgramClosed struct{ Of string }
)

// ReferralTable is the part of Tables with referral programs.
type ReferralTable interface {
	SaveProgram(SaveProgram)
	DeleteProgram(DeleteProgram)
	NewReferralCode(NewReferralCode)
	MoveReferralCode(MoveReferralCode)
	SetReferralCode(SetReferralCode)
	CountRedemption(CountRedemption)
	CountProgram(CountProgram)
	NewRedemption(NewRedemption)
	NewCodeRedemption(NewCodeRedemption)
	SaveRedemption(SaveRedemption)
	OpenRedemption(OpenRedemption)
	CloseRedemption(CloseRedemption)
	CloseProgram(CloseProgram)
	ProgramClosed(ProgramClosed)
}

func (w SaveProgram) To(t Table)   { t.(interface{ SaveProgram(SaveProgram) }).SaveProgram(w) }
func (w DeleteProgram) To(t Table) { t.(interface{ DeleteProgram(DeleteProgram) }).DeleteProgram(w) }
func (w NewReferralCode) To(t Table) {
	t.(interface{ NewReferralCode(NewReferralCode) }).NewReferralCode(w)
}
func (w MoveReferralCode) To(t Table) {
	t.(interface{ MoveReferralCode(MoveReferralCode) }).MoveReferralCode(w)
}
func (w SetReferralCode) To(t Table) {
	t.(interface{ SetReferralCode(SetReferralCode) }).SetReferralCode(w)
}
func (w CountRedemption) To(t Table) {
	t.(interface{ CountRedemption(CountRedemption) }).CountRedemption(w)
}
func (w CountProgram) To(t Table)  { t.(interface{ CountProgram(CountProgram) }).CountProgram(w) }
func (w NewRedemption) To(t Table) { t.(interface{ NewRedemption(NewRedemption) }).NewRedemption(w) }
func (w NewCodeRedemption) To(t Table) {
	t.(interface{ NewCodeRedemption(NewCodeRedemption) }).NewCodeRedemption(w)
}
func (w SaveRedemption) To(t Table) {
	t.(interface{ SaveRedemption(SaveRedemption) }).SaveRedemption(w)
}
func (w OpenRedemption) To(t Table) {
	t.(interface{ OpenRedemption(OpenRedemption) }).OpenRedemption(w)
}
func (w CloseRedemption) To(t Table) {
	t.(interface{ CloseRedemption(CloseRedemption) }).CloseRedemption(w)
}
func (w CloseProgram) To(t Table)  { t.(interface{ CloseProgram(CloseProgram) }).CloseProgram(w) }
func (w ProgramClosed) To(t Table) { t.(interface{ ProgramClosed(ProgramClosed) }).ProgramClosed(w) }
