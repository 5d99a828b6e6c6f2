package main

import (
	"bytes"
	"os"
	"path/filepath"
)

// dataFolder is the default folder of the data: .local of the project for a
// developer of it, else a folder of the user's. Without either it is "", and
// everything stays in memory.
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
