package accounts

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of a password: 19 MiB and two passes, which a function of 256 MB can afford and a thief of the table
// pays for each guess.
//
// Source: OWASP's Password Storage Cheat Sheet, argon2id.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

const (
	shortest = 12   // characters of a password
	longest  = 1000 // so that nobody makes a function hash a book
)

// hashPassword returns what is stored of a password, in the usual form ($argon2id$…), with a salt of its own.
func hashPassword(password string, random [32]byte) string {
	salt := random[:saltBytes]
	sum := argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, cost(),
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

func cost() string { return fmt.Sprintf("m=%d,t=%d,p=%d", memoryKiB, passes, lanes) }

// nobody is the hash of no password: a sign-in of an unknown user costs as much as one of a known.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// fits reports whether a password is the one that was stored.
func fits(password, stored string) bool {
	if stored == "" {
		stored = nobody
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if parts[3] != cost() { // of another release: it would be read here, with its own cost
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(sum) != hashBytes {
		return false
	}
	return subtle.ConstantTimeCompare(sum, argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, hashBytes)) == 1
}

// checkPassword refuses what is no password.
func checkPassword(password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < shortest:
		return invalid(fmt.Sprintf("A password has at least %d characters; this one has %d.", shortest, n))
	case n > longest:
		return invalid(fmt.Sprintf("A password has at most %d characters.", longest))
	}
	return nil
}
