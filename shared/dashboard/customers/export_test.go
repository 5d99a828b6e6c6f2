package customers

import "testing"

// A cell that a spreadsheet would compute gets a mark, which an import takes off again; any other stays as it is.
func TestCellsThatASpreadsheetComputes(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"} {
		if got := harmless(cell); got != "'"+cell || asTyped(got) != cell {
			t.Errorf("%q: %q, and back %q", cell, got, asTyped(got))
		}
	}
	for _, cell := range []string{"", "a=1", " =1", "'", "'quoted'", "1-1", "é", "\xff"} {
		if got := harmless(cell); got != cell || asTyped(got) != cell {
			t.Errorf("%q: %q, and back %q", cell, got, asTyped(got))
		}
	}
}
