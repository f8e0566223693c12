"""How good calls were: forms, what rules answer on every call, what people answer, and how far they agree."""
