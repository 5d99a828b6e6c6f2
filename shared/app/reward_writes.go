package app

import (
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Writes of rewards, referral programs, codes and redemptions.
type (
	// SaveReward puts a reward, if it is at the version that it was read at; 0 must
	// not exist.
	SaveReward struct{ Reward catalog.Reward }

	// DeleteReward removes a reward. Its codes are dead with it.
	DeleteReward struct{ Reward catalog.Reward }

	// SaveProgram puts a referral program, likewise.
	SaveProgram struct{ Program catalog.ReferralProgram }

	// DeleteProgram removes a referral program.
	DeleteProgram struct{ ID string }

	// NewReferralCode files a code under its text and under its owner and
	// program; neither may be taken.
	NewReferralCode struct{ Code catalog.ReferralCode }

	// MoveReferralCode files a code under its owner's new key.
	MoveReferralCode struct{ Code catalog.ReferralCode }

	// CountRedemption adds one to a code's triggered redemptions, below Max; 0
	// is no limit.
	CountRedemption struct {
		Code string
		Max  int
	}

	// NewRedemption files a redemption; the redeemer must not have redeemed in
	// the program before.
	NewRedemption struct{ Redemption catalog.Redemption }

	// NewCodeRedemption files the redemption of a promotion code.
	NewCodeRedemption struct{ Redemption catalog.Redemption }

	// OpenRedemption files a redemption with the redeemer, whose purchase it
	// waits for.
	OpenRedemption struct {
		Key        string // of the customer
		Redemption catalog.Redemption
	}

	// CloseRedemption removes that row, which must still be there.
	CloseRedemption struct{ Key, ID string }

	// TriggerRedemption notes that the reward of a redemption was set off, and
	// who has it; it must be the first time.
	TriggerRedemption struct {
		Redemption catalog.Redemption
		Now        time.Time
	}

	// QueueReward puts a discount that waits for its turn, new or again.
	QueueReward struct {
		Key    string // of the customer
		Queued billing.QueuedReward
	}

	// UnqueueReward removes a discount that must still be waiting.
	UnqueueReward struct {
		Key    string
		Queued billing.QueuedReward
	}

	// ApplyRedemption notes that one side of a redemption has its reward.
	ApplyRedemption struct {
		ID   string
		Side billing.Branch
		Now  time.Time
	}
)

func (SaveReward) write()        {}
func (DeleteReward) write()      {}
func (SaveProgram) write()       {}
func (DeleteProgram) write()     {}
func (NewReferralCode) write()   {}
func (MoveReferralCode) write()  {}
func (CountRedemption) write()   {}
func (NewRedemption) write()     {}
func (NewCodeRedemption) write() {}
func (OpenRedemption) write()    {}
func (CloseRedemption) write()   {}
func (TriggerRedemption) write() {}
func (QueueReward) write()       {}
func (UnqueueReward) write()     {}
func (ApplyRedemption) write()   {}
