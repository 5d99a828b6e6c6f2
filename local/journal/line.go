package journal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"hash/crc32"
)

// blank is where a line begins: a checksum as its first member. The object that
// follows lends its opening brace: seal makes a comma of it.
const blank = `{"crc":"00000000"`

// seal fills in the checksum of what stands behind blank, and ends the line.
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

// open takes the checksum off a line. A file of before the checksums has lines
// without one.
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
