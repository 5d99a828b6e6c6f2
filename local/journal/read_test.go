package journal_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"windfall/local/journal"
)

// written is a file of a header and three lines, and its rows.
func written(t *testing.T) (data []byte, rows string) {
	t.Helper()
	d := newDisk()
	j := mustOpen(t, d, path)
	for i := range 3 {
		if err := j.set(fmt.Sprint(i), "value"); err != nil {
			t.Fatal(err)
		}
	}
	return d.names[path].data, j.String()
}

// reopen opens a file with this content, and returns its content afterwards.
func reopen(data []byte) (*table, []byte, error) {
	d := newDisk()
	d.names[path] = &inode{data: data}
	j, err := open(d, path)
	return j, d.names[path].data, err
}

// A file cut at any byte opens with its complete lines, and continues from
// there.
func TestAFileThatEndsAnywhere(t *testing.T) {
	t.Parallel()
	data, _ := written(t)
	for length := range len(data) {
		j, left, err := reopen(data[:length:length])
		if err != nil {
			t.Fatalf("cut at %d: %v", length, err)
		}
		whole := max(bytes.Count(data[:length], []byte("\n"))-1, 0) // without the header
		if len(j.rows) != whole || !bytes.HasPrefix(data, left) && whole > 0 || !bytes.HasSuffix(left, []byte("\n")) {
			t.Fatalf("cut at %d: %s, %q is left", length, j, left)
		}
	}
}

// A changed, missing or extra byte is found anywhere: the file is refused with
// its path, the line and a remedy, and stays as it is.
func TestDamageIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	data, rows := written(t)
	last := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	for at := range len(data) {
		for what, damaged := range map[string][]byte{
			"another": append(append(bytes.Clone(data[:at]), data[at]^1), data[at+1:]...),
			"missing": append(bytes.Clone(data[:at]), data[at+1:]...),
			"more":    append(append(bytes.Clone(data[:at]), 'x'), data[at:]...),
			"zero":    append(append(bytes.Clone(data[:at]), 0), data[at+1:]...),
		} {
			j, left, err := reopen(bytes.Clone(damaged))
			if err == nil {
				if at < last { // a later line may have lost its end: it was never acknowledged
					t.Fatalf("byte %d %s: opened with %s, want to be refused; %s was written", at, what, j, rows)
				}
				if !bytes.HasPrefix(data, left) && what != "more" {
					t.Fatalf("byte %d %s: %q is left", at, what, left)
				}
				continue
			}
			if !bytes.Equal(left, damaged) {
				t.Fatalf("byte %d %s: refused and changed: %v", at, what, err)
			}
			if line := fmt.Sprintf("%s, line %d", path, bytes.Count(damaged[:at], []byte("\n"))+1); !strings.Contains(err.Error(), path) ||
				!strings.Contains(err.Error(), "-data") && !strings.Contains(err.Error(), "head -n") ||
				what == "another" && data[at] != '\n' && at > 40 && !strings.Contains(err.Error(), line) {
				t.Fatalf("byte %d %s: %v", at, what, err)
			}
		}
	}
}

// The command in the message restores the lines before the damage.
func TestTheRemedyWorks(t *testing.T) {
	t.Parallel()
	data, _ := written(t)
	file := filepath.Join(t.TempDir(), "it's j")
	if err := os.WriteFile(file, bytes.Replace(data, []byte(`"1"`), []byte(`"7"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := open(nil, file)
	if err == nil {
		t.Fatal("opened a damaged file")
	}
	_, rest, _ := strings.Cut(err.Error(), "with ")
	command, _, _ := strings.Cut(rest, "; or move")
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v %s", command, err, out)
	}
	j := mustOpen(t, nil, file)
	if j.String() != `{"0":"value"}` {
		t.Errorf("the remedy left %s", j)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// A file that is not a journal of this kind is refused and stays as it is.
func TestAWrongFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, message string }{
		"another kind":        {`{"journal":"stripe","version":2}` + "\n", `holds the data of "stripe", not of "table"`},
		"a newer version":     {`{"journal":"table","version":3}` + "\n", "version 3"},
		"a text":              {"Dear diary,\n", `does not hold the data of "table"`},
		"a text without end":  {"Dear diary", `does not hold the data of "table"`},
		"other JSON":          {`{"name":"autumn"}` + "\n", `does not hold the data of "table"`},
		"JSON without an end": {`{"name":"autumn"}`, `does not hold the data of "table"`},
		"zeros":               {strings.Repeat("\x00", 100), `does not hold the data of "table"`},
		"an empty line":       {"\n", `does not hold the data of "table"`},
		"no header":           {`{"crc":"00000000","Key":"a"}` + "\n", `does not hold the data of "table"`},
	} {
		_, left, err := reopen([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "-data") {
			t.Errorf("%s: %v", name, err)
		}
		if string(left) != c.text {
			t.Errorf("%s: %q is left of it", name, left)
		}
	}
}

// A file from before the header and the checksums is read, continues, and has
// both after its compaction.
func TestAFileOfTheFirstVersion(t *testing.T) {
	t.Parallel()
	d := newDisk()
	d.names[path] = &inode{data: []byte(`{"Key":"a","Value":"1"}` + "\n" + `{"Key":"b","Value":"2"}` + "\n" + `{"Key":"c`)}
	j := mustOpen(t, d, path)
	if err := j.set("b", "3"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if j = mustOpen(t, d, path); j.String() != `{"a":"1","b":"3"}` {
			t.Errorf("read %s", j)
		}
		j.Compact(j.state())
		j.Wait()
	}
	if text := string(d.names[path].data); !strings.HasPrefix(text, `{"journal":"table","version":2}`) || strings.Count(text, `{"crc":`) != 2 {
		t.Errorf("compacted to %s", text)
	}
}

// If no data can be kept, the message names the place and the way out.
func TestAFolderThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for kind, err := range map[string]error{"folder": syscall.ENOTDIR, "open": syscall.EROFS, "write": errFull} {
		d := newDisk()
		d.fault = once(kind, 1, fmt.Errorf("%s %s: %w", kind, path, err))
		if _, err := open(d, path); err == nil || !strings.Contains(err.Error(), "/data") || !strings.Contains(err.Error(), "-data") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(nil, filepath.Join(plain, "j")); err == nil || !strings.Contains(err.Error(), plain) || !strings.Contains(err.Error(), "-data") {
		t.Errorf("a file in place of the folder: %v", err)
	}
	if err := os.Mkdir(plain+"2", 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := open(nil, plain+"2"); err == nil || !strings.Contains(err.Error(), plain) || !strings.Contains(err.Error(), "-data") {
		t.Errorf("a folder in place of the file: %v", err)
	}
}

// The second process changes nothing, and its error names the first.
func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "j")
	first := mustOpen(t, nil, file)
	if err := first.set("a", "1"); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = open(nil, file)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) || !strings.Contains(err.Error(), "-data") {
		t.Errorf("opened twice: %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the second one left %q, %v", after, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := mustOpen(t, nil, file).Close(); err != nil {
		t.Error(err)
	}
}

var _ journal.Files = journal.System{}
