package squeeze

// Texts of their own are mostly ids: of these letters, six bits hold one.
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"

// numberOf has the number of a letter, and for all other bytes noLetter.
var numberOf = func() (of [256]byte) {
	for i := range of {
		of[i] = noLetter
	}
	for i := range len(letters) {
		of[letters[i]] = byte(i)
	}
	return of
}()

const noLetter = 0xff

// spelled tells whether a text is of letters, and shorter when it is written so.
func spelled(text []byte) bool {
	for _, c := range text {
		if numberOf[c] == noLetter {
			return false
		}
	}
	return len(text) > 3
}

// spell appends letters in six bits each.
func spell(out, text []byte) []byte {
	bits, n := 0, 0
	for _, c := range text {
		bits, n = bits<<6&0xfff|int(numberOf[c]), n+6
		if n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
		}
	}
	if n > 0 {
		out = append(out, byte(bits<<(8-n)))
	}
	return out
}

// read appends n letters that spell wrote at the start of packed.
func read(out []byte, packed string, n int) (text []byte, rest string) {
	bits, have := 0, 0
	for range n {
		if have < 6 {
			bits, have, packed = bits<<8&0xffff|int(packed[0]), have+8, packed[1:]
		}
		have -= 6
		out = append(out, letters[bits>>have&63])
	}
	return out, packed
}
