"""What a caller hears while a human is rung for them."""
