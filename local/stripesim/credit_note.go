package stripesim

var creditNoteRoutes = []endpoint{}
