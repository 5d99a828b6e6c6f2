//go:build !unix

package journal

import "os"

// lock does nothing where there is no flock.
func lock(*os.File) error { return nil }

// SyncFolder implements Files: elsewhere a folder cannot be synced.
func (System) SyncFolder(string) error { return nil }
