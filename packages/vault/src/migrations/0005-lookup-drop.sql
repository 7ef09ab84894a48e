-- Of a patient who is erased nothing is to be found by name any more.
grant delete on lookup_cells to sinetti_app;
