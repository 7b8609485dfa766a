package eventloop

import (
	"fmt"
	"log/slog"
)

// A logger passes gnet's warnings and errors on. What it says besides, it says
// to developers of gnet, on standard output unless told otherwise.
type logger struct{ *slog.Logger }

func (logger) Debugf(string, ...any) {}
func (logger) Infof(string, ...any)  {}

func (l logger) Warnf(format string, args ...any)  { l.Warn(fmt.Sprintf("gnet: "+format, args...)) }
func (l logger) Errorf(format string, args ...any) { l.Error(fmt.Sprintf("gnet: "+format, args...)) }
func (l logger) Fatalf(format string, args ...any) { l.Error(fmt.Sprintf("gnet: "+format, args...)) }
