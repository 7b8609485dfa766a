package eventloop

// SendPortably makes s send as it does where there is no send of our own.
func (s *Server) SendPortably() { s.send = sendPortably }
