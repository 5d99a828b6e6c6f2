//go:build unix

package dynamodb

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

var errInUse = errors.New("another process has the database open")

// lockFolder keeps a second process from opening the same journal. The lock ends
// with the process, however that ends.
func lockFolder(dir string) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errInUse, err, file.Close())
	}
	return func() { _ = file.Close() }, nil // closing gives the lock up
}
