//go:build !unix

package growth

// cpu is not measured on this system.
func cpu() int64 { return 0 }
