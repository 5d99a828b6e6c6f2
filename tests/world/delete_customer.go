package world

// DeleteCustomer deletes a customer; flags are the query.
func (w *World) DeleteCustomer(customer, flags string) Answer {
	w.Helper()
	a := w.Do(w.Stack.Key, "DELETE", "/v1/customers/"+customer+flags, nil)
	w.WaitIdle()
	return a
}

// RequireDeleted deletes a customer, and checks that it is unknown then.
func (w *World) RequireDeleted(customer, flags string) {
	w.Helper()
	if a := w.DeleteCustomer(customer, flags); a.Status != 200 || a.Body["success"] != true {
		w.Fatalf("delete: %d %s", a.Status, a.Text)
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/"+customer, nil); a.Status != 404 {
		w.Errorf("the customer is there: %d %s", a.Status, a.Text)
	}
}
