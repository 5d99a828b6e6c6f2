// Package object holds the shapes of Stripe's API at version 2023-10-16: one
// struct per object, with every field its schema requires, null where there is
// nothing to say. What the simulator must remember but Stripe never shows sits
// in the State of an object, which is not part of its JSON.
//
// Shapes: https://docs.stripe.com/api (version 2023-10-16)
package object
