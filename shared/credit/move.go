package credit

import "windfall/shared/money"

// A Move is what became of some of a grant.
type Move struct {
	Grant   Grant
	Kind    MoveKind
	Invoice string // "" of an expiry, and of a grant
	Amount  money.Amount
}

// A MoveKind names a move in the history.
type MoveKind string

const (
	Given    MoveKind = "credits_granted"
	Used     MoveKind = "credits_applied"
	Returned MoveKind = "credits_returned"
	Lapsed   MoveKind = "credits_expired"
)

// Moves lists what happened between two states of an account.
func Moves(before, after Account) (moves []Move) {
	add := func(g Grant, kind MoveKind, invoice string, amount money.Amount) {
		if amount != 0 {
			moves = append(moves, Move{g, kind, invoice, amount})
		}
	}
	for _, g := range after.Grants {
		was := before.Grant(g.ID)
		if was == nil {
			was = &Grant{}
			add(g, Given, "", g.Granted)
		}
		for _, e := range g.Entries {
			old := was.entry(e.Invoice)
			if old == nil || old.Reserved {
				old = &Entry{}
			}
			if e.Reserved {
				continue
			}
			add(g, Used, e.Invoice, e.Amount-old.Amount)
			add(g, Returned, e.Invoice, e.Returned-old.Returned)
		}
		add(g, Lapsed, "", g.Expired-was.Expired)
	}
	return moves
}
