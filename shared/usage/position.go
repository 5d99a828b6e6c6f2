package usage

import (
	"fmt"
	"strings"
)

// A Position is the place of a change among those of its source. Positions compare as
// texts do. "" is no position.
type Position string

// PositionOf turns the sequence number of a change, digits of any length, into a
// position: without zeros in front, behind the number of its digits.
func PositionOf(sequence string) Position {
	digits := strings.TrimLeft(sequence, "0")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 99 {
		return ""
	}
	return Position(fmt.Sprintf("%02d%s", len(digits), digits))
}

// Part is the position of the nth of several events, from 0, that one change brought: they
// come in this order, behind a change of the position itself and before the next one.
func (p Position) Part(n int) Position {
	if p == "" {
		return ""
	}
	return p + Position(fmt.Sprintf(".%04d", n))
}
