package api

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// blank skips white space.
func (s *scanner) blank() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\n' || s.text[s.at] == '\t' || s.text[s.at] == '\r') {
		s.at++
	}
}

// broken is the error of a text that is not JSON.
func (s *scanner) broken() error {
	if s.at == len(s.text) {
		return InvalidInputs("The body is not valid JSON: it ends before its last value is complete.")
	}
	return InvalidInputs("The body is not valid JSON, from byte %d on.", s.at+1)
}

func (s *scanner) literal(words ...string) error {
	for _, word := range words {
		if end := s.at + len(word); end <= len(s.text) && string(s.text[s.at:end]) == word {
			s.at = end
			return nil
		}
	}
	return s.broken()
}

// number reads a JSON number: -1.5e3. Python clients write every number with a fraction;
// one of zeros becomes blank, so that whole numbers are read as such.
func (s *scanner) number() error {
	if s.peek() == '-' {
		s.at++
	}
	whole := s.digits()
	if whole == 0 || whole > 1 && s.text[s.at-whole] == '0' {
		return s.broken()
	}
	if s.peek() == '.' {
		dot := s.at
		s.at++
		n := s.digits()
		if n == 0 {
			return s.broken()
		}
		if fraction := s.text[dot+1 : s.at]; s.peek()|' ' != 'e' && len(bytes.Trim(fraction, "0")) == 0 {
			s.erase(dot)
		}
	}
	if s.peek() == 'e' || s.peek() == 'E' {
		if s.at++; s.peek() == '+' || s.peek() == '-' {
			s.at++
		}
		if s.digits() == 0 {
			return s.broken()
		}
	}
	return nil
}

// erase makes the text from a place up to here blank. The body is also read for its
// idempotency key, and stays as it is.
func (s *scanner) erase(from int) {
	s.own()
	for i := from; i < s.at; i++ {
		s.text[i] = ' '
	}
}

// digits skips decimal digits and counts them.
func (s *scanner) digits() (n int) {
	for ; s.peek() >= '0' && s.peek() <= '9'; n++ {
		s.at++
	}
	return n
}

// peek is the next byte; at the end 0, which JSON never holds.
func (s *scanner) peek() byte {
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// string reads a text. It must be Unicode: encoding/json would replace anything
// else by U+FFFD, and so make two different ids one.
func (s *scanner) string() error {
	for s.at++; s.at < len(s.text); {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return nil
		case c < ' ':
			return s.broken()
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, size := utf8.DecodeRune(s.text[s.at:])
			if r == utf8.RuneError && size == 1 {
				return s.refuse("the text is not valid Unicode. Send UTF-8.")
			}
			s.at += size
		}
	}
	return s.broken()
}

// escape reads an escape after its backslash. Both halves of a surrogate pair
// must be there.
func (s *scanner) escape() error {
	if s.at++; s.at == len(s.text) {
		return s.broken()
	}
	switch s.text[s.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return nil
	}
	r, ok := s.unit()
	if !ok {
		return s.broken()
	}
	if !utf16.IsSurrogate(r) {
		return nil
	}
	if s.peek() == '\\' {
		s.at++
		if low, ok := s.unit(); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return nil
		}
	}
	return s.refuse("the text is not valid Unicode: a surrogate stands without its other half.")
}

// unit reads the u of an escape and its four hexadecimal digits.
func (s *scanner) unit() (r rune, ok bool) {
	if s.at+5 > len(s.text) || s.text[s.at] != 'u' {
		return 0, false
	}
	for _, c := range s.text[s.at+1 : s.at+5] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	s.at += 5
	return r, true
}
