// Package openfiles ends a command that may open too few files to do anything,
// with a line that says so. A command imports it for that alone.
//
// The runtime opens files of its own when a program first waits for a timer, a
// socket or a file, and a program for which it cannot ends with a dump of its
// goroutines. Some packages wait while they are initialized, before main. This one
// comes before them: of the packages whose imports are initialized, Go takes the
// one whose path sorts first, and this one imports nothing that they do not.
package openfiles
