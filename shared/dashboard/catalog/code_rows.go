package catalog

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"

	"windfall/shared/dashboard/ui"
	"windfall/shared/reward"
)

const fCodes = "codes"

// chooseCode is the checkbox of a code, whose name is Select CODE.
func chooseCode(n int, p reward.PromoCode) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		value := p.RewardID + "/" + p.Code + "/" + p.CustomerID // see chosenCodes
		_, err := fmt.Fprintf(w, `<span class="choice"><input type="checkbox" id="code-%[1]d" name="%[2]s" value="%[3]s"><label for="code-%[1]d">Select %[4]s</label></span>`,
			n, fCodes, templ.EscapeString(value), templ.EscapeString(p.Code))
		return err
	})
}

// codeForm is the table of codes in the form that its checkboxes belong to. What it leads to is a preview, which viewers
// have, too.
func codeForm(t ui.Table) templ.Component {
	if len(t.Rows) == 0 {
		return ui.TablePart(t)
	}
	form := ui.FormPart(ui.Form{Action: ui.Path("codes", "deactivate"), Button: "Deactivate selected", Reads: true})
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var drawn, table bytes.Buffer
		if err := form.Render(ctx, &drawn); err != nil {
			return err
		}
		if err := ui.TablePart(t).Render(ctx, &table); err != nil {
			return err
		}
		_, err := w.Write(bytes.Replace(drawn.Bytes(), []byte(`<div class="buttons">`), append(table.Bytes(), `<div class="buttons">`...), 1))
		return err
	})
}
