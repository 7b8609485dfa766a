package main

import "clock/bench/record"

// warnings says what lessens the worth of all that is measured in an
// environment: better told before than found in the report.
func warnings(env record.Environment) []string {
	var list []string
	if why := env.Untraceable(); why != "" {
		list = append(list, "warning: "+why+", so nobody can tell what these figures are of; measure with what go build -buildvcs=true makes of a clean clone (go run and go test record no commit)")
	}
	if env.OthersUnknown {
		list = append(list, "warning: /proc/stat does not show all the processors that may be used, so what other processes take is not known, and no run is repeated for it")
	}
	return list
}

// warn writes the warnings.
func (p *progress) warn(env record.Environment) {
	for _, w := range warnings(env) {
		p.note("%s", w)
	}
}
