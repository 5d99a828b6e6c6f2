package gateway

import "syscall"

// diesWithParent makes a child end when this process does, however it ends.
func diesWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
