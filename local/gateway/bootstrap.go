package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"windfall/local/template"
)

// BootstrapOptions of [Bootstrap]; the zero value is ready to use.
type BootstrapOptions struct {
	// MaxConcurrency is how many requests of one function run at once, each
	// in its own process; above it is ErrThrottled. Zero means 10.
	MaxConcurrency int
	// Log gets what the processes print. Nil is standard error.
	Log io.Writer
	// InitAllowance is how long a process may take to ask for its first
	// event. Zero means Lambda's 10 seconds.
	InitAllowance time.Duration
}

// Processes is a backend that runs built binaries, each as Lambda would: as a
// process that fetches events from a Runtime API. Close ends them all.
type Processes struct {
	options   BootstrapOptions
	functions map[string]*binary
	starts    chan func()

	mu     sync.Mutex
	closed bool
	alive  map[*environment]struct{}
}

// Bootstrap returns a backend over the binaries in dir, at
// <folder>/bootstrap (`make binaries`) or <LogicalID>/bootstrap (`sam build`).
// env gives the variables of a function, as NAME=value, beyond those that
// Lambda itself sets. It fails when a binary is missing.
func Bootstrap(dir string, t *template.Template, env func(function string) []string, o BootstrapOptions) (*Processes, error) {
	if o.MaxConcurrency == 0 {
		o.MaxConcurrency = 10
	}
	if o.InitAllowance == 0 {
		o.InitAllowance = 10 * time.Second
	}
	if o.Log == nil {
		o.Log = os.Stderr
	}
	o.Log = &lockedWriter{w: o.Log}
	p := &Processes{
		options: o, functions: map[string]*binary{}, starts: make(chan func()), alive: map[*environment]struct{}{},
	}
	for _, f := range t.Functions {
		path, size, err := findBinary(dir, f)
		if err != nil {
			return nil, err
		}
		p.functions[f.Folder] = &binary{
			function: f, path: path, env: env(f.Folder),
			slots: make(chan struct{}, o.MaxConcurrency), stats: Stats{BinaryBytes: size},
		}
	}
	go p.startLoop()
	return p, nil
}

// startLoop starts all processes from one thread: Linux ends a child with a
// parent-death signal when the thread that started it ends, and Go ends
// threads as it likes.
func (p *Processes) startLoop() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for start := range p.starts {
		start()
	}
}

func findBinary(dir string, f template.Function) (path string, bytes int64, err error) {
	for _, name := range []string{f.Folder, f.LogicalID} {
		path, err := filepath.Abs(filepath.Join(dir, name, "bootstrap"))
		if err != nil {
			return "", 0, err
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, info.Size(), nil
		}
	}
	return "", 0, fmt.Errorf("no binary for function %q in %s: run `make binaries` first", f.Folder, dir)
}

// Invoke implements [Backend]. Cancelling ctx does not stop a function, and
// its time-out starts when it has its event: starting up does not count.
func (p *Processes) Invoke(_ context.Context, function string, payload []byte) ([]byte, error) {
	f, ok := p.functions[function]
	if !ok {
		return nil, &FunctionError{Type: "Runtime.Unknown", Message: "no binary for function " + function}
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		f.count(func(s *Stats) { s.Throttles++ })
		return nil, ErrThrottled
	}
	answer, err := p.run(f, payload)
	f.count(func(s *Stats) {
		s.Invocations++
		if err != nil {
			s.Errors++
		}
	})
	return answer, err
}

// run hands the event to an idle environment, or to a new one. An idle one may
// have ended meanwhile; it never saw this event, so the next is tried.
func (p *Processes) run(f *binary, payload []byte) ([]byte, error) {
	for {
		e, reused := f.takeIdle()
		if !reused {
			var err error
			if e, err = p.start(f); err != nil {
				return nil, err
			}
		}
		v := newInvocation(f.function.Timeout, payload)
		switch err := e.deliver(v, p.options.InitAllowance); {
		case errors.Is(err, errEnded) && reused:
			continue
		case err != nil:
			e.kill()
			return nil, err
		}
		answer, err := e.await(v)
		if errors.Is(err, ErrTimeout) {
			e.kill() // as Lambda resets an environment after a time-out
			return nil, err
		}
		f.putIdle(e)
		return answer, err
	}
}

func (p *Processes) start(f *binary) (*environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, &FunctionError{Type: "Runtime.Closed", Message: "the local stack is shutting down"}
	}
	type result struct {
		e   *environment
		err error
	}
	done := make(chan result)
	p.starts <- func() {
		e, err := startEnvironment(f, p.options.Log)
		done <- result{e, err}
	}
	r := <-done
	if r.err != nil {
		return nil, &FunctionError{Type: "Runtime.StartFailed", Message: r.err.Error()}
	}
	p.alive[r.e] = struct{}{}
	go func() {
		<-r.e.ended
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.alive, r.e)
	}()
	return r.e, nil
}

// Stats returns the counts so far, by function.
func (p *Processes) Stats() map[string]Stats {
	all := make(map[string]Stats, len(p.functions))
	for folder, f := range p.functions {
		all[folder] = f.snapshot()
	}
	return all
}

// Close ends every process and waits until they are gone. Later calls of
// Invoke fail.
func (p *Processes) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	var running []*environment
	for e := range p.alive {
		running = append(running, e)
	}
	close(p.starts)
	p.mu.Unlock()

	for _, e := range running {
		e.kill()
	}
	for _, e := range running {
		<-e.ended
	}
	return nil
}
