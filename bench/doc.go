// Package bench measures servers of the clock: it runs each in a fresh process
// of its own, loads it with a fleet in another, and measures it from outside.
//
// [Compare] does what a [record.Plan] says and appends to its file. Each run
// is one cell of the plan, measured like this:
//
//   - Server and fleet are started afresh, each pinned to processors of its
//     own where there are two or more, together in a network namespace of their
//     own where the process may make one (Linux, as root). Any server that
//     speaks the protocol can be measured, for it is seen only through /proc.
//   - The server is ready when it listens. Nothing connects to find that out:
//     the clients that are counted are all that it ever has.
//   - The clients connect evenly over one interval and warm up. The window
//     that is counted opens half an interval after a tick, and the server's
//     processor time is read when it opens and when it closes.
//   - Memory is read before the clients connect and near the end of the window.
//   - When the window has closed, all clients leave, and come back at once
//     three intervals later.
//
// A run that is not conclusive, because the fleet could not keep up or other
// processes took their processors, is measured again; if that does not help it is
// marked, and nothing is judged by it.
//
// The cells of a round are measured in random order, but those with the same
// load one after the other; the floor is one of them.
//
// The benchmarks of this package (go test -bench . ./bench) measure in the
// same way, once.
//
// [Soak] keeps one server under load for long, in the same places. Two fleets
// share it: one of clients that behave, whose figures are judged, and one of
// clients that do not, which comes and goes as a storm again and again. The
// server is sampled throughout, and each [Drift] tells whether a figure grows.
//
// All of them start this process's own executable again for a server or a fleet,
// so each program that uses this package must call [Role] first.
package bench
