package credit

import "windfall/shared/money"

// A Move is what became of some of a grant, or of several at once.
type Move struct {
	RewardID string // "" of several rewards
	Currency money.Currency
	Kind     MoveKind
	Invoice  string // "" of an expiry, of a grant, and of several invoices
	Amount   money.Amount
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
			moves = append(moves, Move{g.RewardID, g.Currency, kind, invoice, amount})
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

// Told lists moves as a history takes them: those of one reward and invoice as one. Of
// more than most those of several rewards are one, and then those of several invoices,
// because they are saved in one transaction.
func Told(moves []Move, most int) []Move {
	moves = together(moves, func(m Move) Move { return m })
	if len(moves) > most {
		moves = together(moves, func(m Move) Move { m.RewardID = ""; return m })
	}
	if len(moves) > most {
		moves = together(moves, func(m Move) Move { m.Invoice = ""; return m })
	}
	return moves
}

// together adds up moves that are of the same, where of says of what one is.
func together(moves []Move, of func(Move) Move) (out []Move) {
	at := map[Move]int{}
	for _, m := range moves {
		m = of(m)
		key := m
		key.Amount = 0
		i, found := at[key]
		if !found {
			i, out = len(out), append(out, key)
			at[key] = i
		}
		out[i].Amount += m.Amount
	}
	return out
}
