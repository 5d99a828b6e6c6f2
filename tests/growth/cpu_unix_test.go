//go:build unix

package growth

import "syscall"

// cpu is the processor time of this process, in ns: unlike the wall clock it
// excludes other processes of the machine.
func cpu() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
