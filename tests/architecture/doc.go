// Package architecture holds the dependency rules of the module, as tests.
package architecture
