"""The demo shop: a small online shop's own system, with customers, orders and call-backs."""

from actions.shop.actions import register
from actions.shop.shop import Order, Shop, open_shop

__all__ = ["Order", "Shop", "open_shop", "register"]
