//go:build linux

package growth

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A process is a built function behind a script, which notes its number, keeps what the
// collector tells, and puts it under a limit of memory where this machine lets us.
type process struct {
	dir    string
	memory int    // MB
	gogc   string // "" is what the function chooses
}

// wrap returns a folder that has the scripts in place of the binaries of a build.
func (p *process) wrap(b *testing.B, build, function string) string {
	b.Helper()
	all, err := filepath.Glob(filepath.Join(build, "*", "bootstrap"))
	must(b, err)
	for _, binary := range all {
		name := filepath.Base(filepath.Dir(binary))
		must(b, os.MkdirAll(filepath.Join(p.dir, name), 0o755))
		text := "#!/bin/sh\nexec " + binary + "\n"
		if name == function {
			text = p.script(b, binary)
		}
		must(b, os.WriteFile(filepath.Join(p.dir, name, "bootstrap"), []byte(text), 0o755))
	}
	return p.dir
}

func (p *process) script(b *testing.B, binary string) string {
	lines := []string{"#!/bin/sh", "echo $$ > " + p.file("pid"), "export GODEBUG=gctrace=1"}
	if p.gogc != "" {
		lines = append(lines, "export GOGC="+p.gogc, "export GOMEMLIMIT=off")
	}
	if parent := groups(); parent != "" {
		at := filepath.Join(parent, fmt.Sprintf("windfall-%d-%s", os.Getpid(), filepath.Base(p.dir)))
		must(b, os.Mkdir(at, 0o755))
		b.Cleanup(func() { must(b, os.Remove(at)) })
		must(b, os.WriteFile(filepath.Join(at, "memory.limit_in_bytes"), []byte(strconv.Itoa(p.memory)+"M"), 0o644))
		lines = append(lines, "echo $$ > "+filepath.Join(at, "cgroup.procs"))
	}
	return strings.Join(append(lines, "exec "+binary+" 2>> "+p.file("trace")), "\n") + "\n"
}

func (p *process) file(name string) string { return filepath.Join(p.dir, name) }

// groups is the folder in which this process may make groups with a limit of memory, if any.
func groups() string {
	const at = "/sys/fs/cgroup/memory"
	try := filepath.Join(at, fmt.Sprintf("windfall-try-%d", os.Getpid()))
	if os.Mkdir(try, 0o755) != nil {
		return ""
	}
	if os.Remove(try) != nil {
		return ""
	}
	return at
}

// of reads a file about the process from the kernel.
func (p *process) of(b *testing.B, name string) string {
	b.Helper()
	pid, err := os.ReadFile(p.file("pid"))
	must(b, err)
	text, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(pid)), name))
	must(b, err)
	return string(text)
}

// cpu is the processor time of the process, in all of its threads.
func (p *process) cpu(b *testing.B) time.Duration {
	b.Helper()
	const tick = 10 * time.Millisecond
	text := p.of(b, "stat")
	fields := strings.Fields(text[strings.LastIndex(text, ")"):])
	user, err := strconv.Atoi(fields[12])
	must(b, err)
	system, err := strconv.Atoi(fields[13])
	must(b, err)
	return time.Duration(user+system) * tick
}

// peak is the most memory that the process had, in bytes.
func (p *process) peak(b *testing.B) int64 {
	b.Helper()
	for line := range strings.Lines(p.of(b, "status")) {
		if of, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(of)[0], 10, 64)
			must(b, err)
			return kb << 10
		}
	}
	b.Fatal("the kernel does not tell the peak")
	return 0
}

// collector adds up what Go's collector tells: how often it ran, and its processor time.
// A line is "gc 7 @1.2s 3%: … ms clock, 0.01+0.1/0.2/0.3+0.02 ms cpu, …".
func (p *process) collector(b *testing.B) (times int, took time.Duration) {
	b.Helper()
	text, err := os.ReadFile(p.file("trace"))
	must(b, err)
	for line := range strings.Lines(string(text)) {
		_, rest, found := strings.Cut(line, " ms clock, ")
		if !strings.HasPrefix(line, "gc ") || !found {
			continue
		}
		parts, _, _ := strings.Cut(rest, " ms cpu")
		times++
		for _, part := range strings.FieldsFunc(parts, func(r rune) bool { return r == '+' || r == '/' }) {
			ms, err := strconv.ParseFloat(part, 64)
			must(b, err)
			took += time.Duration(ms * float64(time.Millisecond))
		}
	}
	return times, took
}
