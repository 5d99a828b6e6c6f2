package app

import (
	"time"

	"windfall/shared/catalog"
)

// A Key is an API key as the table knows it: by its hash alone.
type Key struct {
	Hash        string // SHA-256 of the key, hex
	Prefix      string // its first characters, for people and the audit
	Name        string // given by the operator; may be empty
	Env         catalog.Env
	Publishable bool
	CreatedAt   time.Time
	CreatedBy   string    // the AWS identity of the operator
	RevokedAt   time.Time // zero while it is good
	RevokedBy   string
}
