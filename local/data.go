package main

import (
	"bytes"
	"os"
	"path/filepath"
)

// dataFolder is where the data is kept when nobody says otherwise: .local of the
// project for those who work in it, else a folder of the user's own. Without
// either it is "", and everything stays in memory.
func dataFolder() string {
	for dir, err := os.Getwd(); err == nil; dir = filepath.Dir(dir) {
		module, _ := os.ReadFile(filepath.Join(dir, "go.mod")) // most folders have none
		if bytes.HasPrefix(module, []byte("module windfall\n")) {
			return filepath.Join(dir, ".local")
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	own, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(own, "windfall")
}
