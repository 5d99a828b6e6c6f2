//go:build unix

package bench

import "syscall"

// cpu is the processor time this process has taken, in ns: unlike the wall
// clock it does not count what others on the machine do.
func cpu() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
