package gateway

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// An environment is one process of a function with the Runtime API that it
// talks to. It runs one event at a time.
type environment struct {
	function string // folder
	cmd      *exec.Cmd
	api      *http.Server
	next     chan *invocation // taken by the process when it asks for an event
	ready    chan struct{}    // closed at the process's first request for an event
	ended    chan struct{}    // closed when the process is gone
	onInit   func(time.Duration)

	mu       sync.Mutex
	current  *invocation // the event that the process runs
	initFail *FunctionError
}

// An invocation is one event on its way through an environment.
type invocation struct {
	id      string
	payload []byte
	timeout time.Duration
	replied chan reply // holds one
}

type reply struct {
	answer []byte
	err    error
}

// errEnded means that a process ended before it took the event.
var errEnded = errors.New("the process has ended")

func newInvocation(timeout time.Duration, payload []byte) *invocation {
	return &invocation{id: newInvocationID(), payload: payload, timeout: timeout, replied: make(chan reply, 1)}
}

// startEnvironment starts a process and its Runtime API on a loopback port.
func startEnvironment(b *binary, log io.Writer) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	started := time.Now()
	e := &environment{
		function: b.function.Folder, next: make(chan *invocation), ready: make(chan struct{}), ended: make(chan struct{}),
		onInit: func(end time.Duration) { b.count(func(s *Stats) { s.Inits = append(s.Inits, end) }) },
	}
	e.api = &http.Server{Handler: e.runtimeAPI(started), ReadHeaderTimeout: time.Minute}
	e.cmd = exec.Command(b.path)
	e.cmd.Dir = filepath.Dir(b.path)
	e.cmd.Env = append(lambdaVariables(b, listener.Addr().String()), b.env...)
	e.cmd.Stdout, e.cmd.Stderr = log, log
	e.cmd.WaitDelay = time.Second
	e.cmd.SysProcAttr = diesWithParent()
	if err := e.cmd.Start(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go func() { _ = e.api.Serve(listener) }() // ends with api.Close
	go func() {
		_ = e.cmd.Wait() // a waiting caller learns how it ended
		_ = e.api.Close()
		close(e.ended)
	}()
	return e, nil
}

// lambdaVariables are those that Lambda sets itself; the caller's come after
// them and take precedence.
func lambdaVariables(b *binary, api string) []string {
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + api,
		"AWS_LAMBDA_FUNCTION_NAME=" + b.function.Folder,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(b.function.Memory),
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_REGION=" + localRegion,
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_SESSION_TOKEN=local", // good for nothing in AWS
		"LAMBDA_TASK_ROOT=" + filepath.Dir(b.path),
		"_HANDLER=bootstrap",
		"TZ=:UTC",
		"PATH=/usr/local/bin:/usr/bin:/bin",
	}
}

// deliver waits until the process takes the event. It returns errEnded when
// the process was gone before, a *FunctionError when it ended while starting,
// and ErrTimeout when it did not start in time; the event was not run then.
func (e *environment) deliver(v *invocation, allowance time.Duration) error {
	late := time.NewTimer(allowance)
	defer late.Stop()
	select {
	case e.next <- v:
		return nil
	case <-e.ended:
	case <-late.C:
		return fmt.Errorf("%w: it did not start within %s", ErrTimeout, allowance)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.initFail != nil {
		return e.initFail
	}
	select {
	case <-e.ready:
		return errEnded
	default:
		return &FunctionError{Type: "Runtime.ExitError", Message: "the process ended while starting: " + e.cmd.ProcessState.String()}
	}
}

// await returns the answer to a delivered event.
func (e *environment) await(v *invocation) ([]byte, error) {
	late := time.NewTimer(v.timeout)
	defer late.Stop()
	select {
	case r := <-v.replied:
		return r.answer, r.err
	case <-late.C:
		return nil, fmt.Errorf("%w after %s", ErrTimeout, v.timeout)
	case <-e.ended:
	}
	select {
	case r := <-v.replied: // answered, then ended: a panic does that
		return r.answer, r.err
	default:
		return nil, &FunctionError{Type: "Runtime.ExitError", Message: "the process ended: " + e.cmd.ProcessState.String()}
	}
}

// kill ends the process; it is safe to call at any time.
func (e *environment) kill() { _ = e.cmd.Process.Kill() } // an error says that it is gone already
