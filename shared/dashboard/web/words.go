package web

// Words is an error in the sentence that people see.
func Words(err error) string {
	_, alert, _ := told(err)
	return alert.Text
}
