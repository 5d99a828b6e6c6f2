package journal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"hash/crc32"
)

// blank is the start of a line: a checksum as its first member. seal replaces
// the opening brace of the object that follows by a comma.
const blank = `{"crc":"00000000"`

// seal fills in the checksum of the rest of the line, and ends the line.
func seal(line []byte) []byte {
	line[len(blank)] = ','
	copy(line, opening(line[len(blank)+1:]))
	return append(line, '\n')
}

// opening is blank with the checksum of what follows the comma.
func opening(rest []byte) []byte {
	out := []byte(blank)
	sum := crc32.ChecksumIEEE(rest)
	hex.Encode(out[len(out)-9:], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return out
}

var (
	errNoSum = errors.New("it has no checksum")
	errSum   = errors.New("its checksum is another: it is not what was written")
)

// open removes the checksum of a line. Files from before the checksums have
// lines without one.
func open(line []byte, old bool) ([]byte, error) {
	at := len(blank)
	if len(line) < at+2 || line[at] != ',' || !bytes.HasPrefix(line, []byte(blank[:8])) {
		if old {
			return line, nil
		}
		return nil, errNoSum
	}
	if !bytes.Equal(line[:at], opening(line[at+1:])) {
		return nil, errSum
	}
	line[at] = '{'
	return line[at:], nil
}
