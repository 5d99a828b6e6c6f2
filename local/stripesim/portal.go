package stripesim

import "net/http"

var portalRoutes = []endpoint{}

func (s *Sim) portalPages(r *http.Request) answer  { return errorAnswer(unknownURL(r)) }
func (s *Sim) invoicePages(r *http.Request) answer { return errorAnswer(unknownURL(r)) }
