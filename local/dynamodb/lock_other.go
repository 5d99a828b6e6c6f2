//go:build !unix

package dynamodb

// lockFolder does nothing where there is no flock.
func lockFolder(string) (unlock func(), err error) { return func() {}, nil }
