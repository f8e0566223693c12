"""Small grammars for what we asked for: they are surer than any statistics."""
