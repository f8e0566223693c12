"""Who calls: customers compared with what was heard."""
