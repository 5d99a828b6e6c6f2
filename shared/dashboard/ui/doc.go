// Package ui draws the dashboard: the frame around every page, and the parts that pages are made of.
//
// A part is a templ.Component. It takes typed values and escapes each text for its place, so no
// text of a caller becomes markup. Package web decides what is shown; nothing here reads a request.
//
//	The frame of a page                     frame.templ
//	Sections, lists of details, notes       parts.templ
//	Tables and their cells                  table.templ, cell.go
//	Forms and their fields                  form.templ, field.go
//	What will happen                        preview.templ
//	Addresses, dates and amounts            text.go
//	Stylesheet, scripts                     assets.go
package ui
