//go:build !linux

package gateway

import "syscall"

// diesWithParent is a service of Linux alone; elsewhere Close ends children.
func diesWithParent() *syscall.SysProcAttr { return nil }
