package stripesim

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
)

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// word is a word of n letters that depends only on the seed, the label and the
// number, so that two runs of a test see the same ids.
func word(seed int64, label string, number int64, n int) string {
	h := sha256.New()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(seed))
	binary.BigEndian.PutUint64(b[8:], uint64(number))
	h.Write(b[:])
	h.Write([]byte(label))
	v := new(big.Int).SetBytes(h.Sum(nil))
	base, digit := big.NewInt(int64(len(letters))), new(big.Int)
	out := make([]byte, n)
	for i := range out {
		v.DivMod(v, base, digit)
		out[i] = letters[digit.Int64()]
	}
	return string(out)
}

// newID is an id in the style of the prefix: customers and products have 14
// letters, objects of the payments family 24 and a leading digit.
func (t *tx) newID(prefix string) string {
	t.Seq++
	switch prefix {
	case "cus_", "prod_":
		return prefix + word(t.s.seed, prefix, t.Seq, 14)
	case "cs_test_a1", "whsec_":
		return prefix + word(t.s.seed, prefix, t.Seq, 32)
	}
	return prefix + "1" + word(t.s.seed, prefix, t.Seq, 23)
}
